import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { bin, emptyFolder } from '../cli/process.testing.js';
import { freePort } from '../free-port.testing.js';
import { atEnd } from '../vendor.testing.js';

const text = readFileSync(new URL('../../docs/first-five-minutes.md', import.meta.url), 'utf8');

/** The commands of the page, each with what the text before it says that it prints. */
const commands = [...text.matchAll(/([^\n]*(?:\n[^\n]+)*)\n\n```sh\n([\s\S]*?)```/g)].flatMap(
  ([, before = '', block = '']) =>
    block
      .trim()
      .split('\n')
      .map((line) => ({ line, says: [...before.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '') })),
);

it.skipIf(process.platform === 'win32')(
  'the first five minutes go as they are told',
  { timeout: 120_000 },
  async () => {
    const folder = emptyFolder();
    const command = join(folder, 'smtpeter-webhooks');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
    chmodSync(command, 0o755);
    const ports = { 5353: await freePort(), 8787: await freePort() };
    let background = '';
    const run = (line: string) => {
      const moved = line.replaceAll('5353', String(ports[5353])).replaceAll('8787', String(ports[8787]));
      const child = spawn('sh', ['-c', `exec ${moved.replace(/ &$/, '')}`], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1', PATH: `${folder}${delimiter}${process.env['PATH']}` },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
          if (line.endsWith(' &')) background += chunk;
        });
      }
      return { child, output: () => output, ended: new Promise((resolve) => child.on('close', resolve)) };
    };
    expect(commands.length).toBeGreaterThan(6);
    for (const { line, says } of commands) {
      const running = run(line);
      if (line.endsWith(' &')) {
        atEnd(() => running.child.kill('SIGKILL'));
        await expect.poll(running.output, { timeout: 30_000 }).toMatch(/publishing on|listening on/);
        continue;
      }
      await running.ended;
      for (const said of says)
        await expect.poll(() => running.output() + background, { timeout: 30_000 }).toContain(said);
      expect(running.output(), line).not.toMatch(/^error:/m);
    }
    expect(background).toMatch(/\bopen\b/);
  },
);
