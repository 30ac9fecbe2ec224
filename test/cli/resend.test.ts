import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, listening, send, url } from '../vendor.testing.js';
import { bin, keyServer } from './process.testing.js';

const pseudoTerminal = spawnSync('script', ['--version']).status === 0 && process.platform === 'linux';

describe.skipIf(!pseudoTerminal)('listen on a terminal (needs script of util-linux)', () => {
  it('r sends the selected call again, up and down select, q ends', async () => {
    const dns = await keyServer();
    const bodies: string[] = [];
    const target = await listening(
      createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => {
          bodies.push(body);
          response.end();
        });
      }),
    );
    const words = [process.execPath, bin, 'listen', '--id', id, '--url', url, '--port', '0', '--dns', dns.server];
    const line = [...words, '--trust-proxy', 'loopback', '--forward-to', target].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qfec', line, '/dev/null'], { env: { ...process.env, TERM: 'xterm', CI: '' } });
    atEnd(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const says = (what: RegExp) => expect.poll(() => output, { timeout: 20_000 }).toMatch(what);
    await says(/keys: r sends/);
    const to = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
    const [first, second] = [call(), call({ kind: 'click' })];
    expect((await send(to, first)).status).toBe(200);
    expect((await send(to, second)).status).toBe(200);
    child.stdin.write('r');
    await says(/again: click .* -> 200/);
    child.stdin.write('\u001b[A');
    await says(/selected: open /);
    child.stdin.write('r');
    await says(/again: open .* -> 200/);
    const sent = [first, second, second, first].map((one) => Buffer.from(one.body).toString());
    expect(bodies).toEqual(sent);
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stdin.write('q');
    await expect(ended).resolves.toBe(0);
  });
});
