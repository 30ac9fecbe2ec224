import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { dirname, join } from 'node:path';
import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { id, keys, listening } from '../vendor.testing.js';
import { emptyFolder, keyServer, type RunOptions, run } from './process.testing.js';

interface Finding {
  id: string;
  result: string;
  detail: string;
  fix: string | null;
}

/** Runs `doctor` against a real DNS server and a clock that is right, and gives the results by name. */
async function examine(args: readonly string[], options: RunOptions = {}) {
  const dns = await keyServer();
  const clock = await listening(createServer((_, response) => response.end()));
  const result = await run(['doctor', '--dns', dns.server, '--clock', clock, ...args, '--json'], options);
  const { findings = [], ...rest } = JSON.parse(result.stdout) as { ok: boolean; code?: string; findings?: Finding[] };
  return {
    ...rest,
    exitCode: result.code,
    results: Object.fromEntries(findings.map((one) => [one.id, one.result])),
    of: (name: string) => findings.find((one) => one.id === name),
  };
}

/** Our middleware behind whatever is mounted before it. */
function ours(url: string, ...before: express.RequestHandler[]): express.Express {
  const app = express();
  for (const one of before) app.use(one);
  app.use(webhooks({ id, url, keys: keys(), log: false }));
  return app;
}

const machine = { node: 'pass', clock: 'pass', 'dns-udp': 'pass', 'dns-tcp': 'pass' };

async function plainEndpoint(make: (url: string) => RequestListener): Promise<string> {
  let handler: RequestListener = () => {};
  const url = `${await listening(createServer((request, response) => handler(request, response)))}/hooks`;
  handler = make(url);
  return url;
}

describe('the endpoint', () => {
  it('ours in Express: all is well', async () => {
    const told = await examine([await plainEndpoint((url) => ours(url))]);
    expect(told).toMatchObject({ ok: true, exitCode: 0 });
    expect(told.results).toEqual({
      ...machine,
      versions: 'skip',
      address: 'warn',
      tls: 'warn',
      unsigned: 'pass',
      'body-parser': 'pass',
      get: 'pass',
      'large-body': 'pass',
      'keep-alive': 'pass',
    });
  });

  it('a body parser mounted first is recognised', async () => {
    const told = await examine([await plainEndpoint((url) => ours(url, express.json()))]);
    expect(told).toMatchObject({ ok: false, code: 'ERR_UNHEALTHY', exitCode: 1 });
    expect(told.of('body-parser')).toMatchObject({ result: 'fail' });
    expect(told.of('body-parser')?.fix).toContain('express.json()');
  });

  it("what is wrong with someone else's", async () => {
    const careless = await examine([
      await plainEndpoint(() => (request, response) => {
        const large = Number(request.headers['content-length']) > 1024 * 1024;
        response.writeHead(large ? 413 : 200, { Connection: 'close' });
        response.end();
      }),
    ]);
    expect(careless.results).toMatchObject({
      unsigned: 'fail',
      get: 'fail',
      'large-body': 'fail',
      'keep-alive': 'warn',
    });
    const moved = await examine([
      await plainEndpoint(() => (_, response) => response.writeHead(301, { Location: '/hooks/' }).end()),
    ]);
    expect(moved.of('unsigned')).toMatchObject({ result: 'fail', detail: '301, a redirect to /hooks/' });
  });

  it('that does not answer is exit 3', async () => {
    const gone = createServer();
    const to = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await examine([to])).toMatchObject({ ok: false, code: 'ERR_UNREACHABLE', exitCode: 3 });
  });
});

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('the endpoint over HTTPS (needs openssl)', () => {
  function certificate(days: number): { key: string; cert: string; file: string } {
    const folder = emptyFolder();
    const [keyPath, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=example.com', '-addext', 'subjectAltName=DNS:example.com'];
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      keyPath,
      '-out',
      file,
      '-days',
      String(days),
    ];
    expect(spawnSync('openssl', [...args, ...subject]).status).toBe(0);
    return { key: readFileSync(keyPath, 'utf8'), cert: readFileSync(file, 'utf8'), file };
  }

  it('its certificate, its chain, and plain HTTP beside it', async () => {
    const { key, cert, file } = certificate(365);
    let handler: RequestListener = () => {};
    const address = await listening(
      createHttpsServer({ key, cert }, (request, response) => handler(request, response)) as never,
    );
    const { port } = new URL(address);
    const url = `https://example.com:${port}/hooks`;
    handler = ours(url);
    const careless = new URL(await listening(createServer((_, response) => response.end())));
    const resolve = ['--resolve', `example.com:${port}:127.0.0.1`];
    const good = await examine([url, ...resolve, '--ca', file, '--http-port', '9']);
    expect(good).toMatchObject({ ok: true, exitCode: 0 });
    expect(good.results).toMatchObject({ tls: 'pass', unsigned: 'pass', 'plain-http': 'pass', 'large-body': 'pass' });
    const bad = await examine([url, ...resolve, '--http-port', careless.port]);
    expect(bad.exitCode).toBe(1);
    expect(bad.results).toMatchObject({ tls: 'fail', unsigned: 'pass', 'plain-http': 'fail' });
    const short = certificate(3);
    const soon = await listening(
      createHttpsServer({ key: short.key, cert: short.cert }, (_, response) => response.writeHead(401).end()) as never,
    );
    const soonPort = new URL(soon).port;
    const ending = await examine([
      `https://example.com:${soonPort}/`,
      '--resolve',
      `example.com:${soonPort}:127.0.0.1`,
      '--ca',
      short.file,
      '--http-port',
      '9',
    ]);
    expect(ending.results).toMatchObject({ tls: 'warn' });
  });
});

describe('this machine', () => {
  it('a clock that is wrong, and DNS that does not answer', async () => {
    const wrong = await listening(
      createServer((_, response) => {
        response.sendDate = false;
        response.setHeader('Date', new Date(Date.now() - 3_600_000).toUTCString());
        response.end();
      }),
    );
    const silent = await keyServer();
    silent.setDefault({ behaviour: 'SERVFAIL' });
    const told = await examine(['--clock', wrong, '--dns', silent.server]);
    expect(told.exitCode).toBe(1);
    expect(told.of('clock')).toMatchObject({ result: 'fail' });
    expect(told.of('clock')?.detail).toMatch(/^3(599|600|601) s ahead of/);
    // One of the two servers answers.
    expect(told.results).toMatchObject({ 'dns-udp': 'warn', 'dns-tcp': 'warn' });
  });

  it('versions that do not fit together', async () => {
    const project = emptyFolder();
    const install = (name: string, version: string) => {
      const file = join(project, 'node_modules', name, 'package.json');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ name, version }));
    };
    install('@smtpeter-webhooks/express', '0.1.0');
    install('@smtpeter-webhooks/verify', '0.1.0');
    install('express', '5.1.0');
    expect((await examine([], { cwd: project })).results['versions']).toBe('pass');
    install('@smtpeter-webhooks/verify', '0.2.0');
    expect((await examine([], { cwd: project })).results['versions']).toBe('fail');
  });

  it('misuse is exit 2', async () => {
    for (const args of [['example.com'], ['--resolve', 'example.com:443'], ['--clock', 'now']]) {
      expect(await run(['doctor', ...args, '--json'])).toMatchObject({ code: 2 });
    }
  });
});
