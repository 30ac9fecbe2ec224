import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { atEnd } from './vendor.testing.js';

const tour = fileURLToPath(new URL('../examples/dist/tour.js', import.meta.url));

function run(...args: string[]) {
  const child = spawn(process.execPath, [tour, ...args]);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  atEnd(() => child.kill('SIGKILL'));
  return { child, ended, text: () => text };
}

it('npm start shows every event accepted and every forgery refused, and ends by itself with --once', async () => {
  const { ended, text } = run('--once');
  expect(await ended).toBe(0);
  expect(text()).toContain('13 of 13 events accepted, 3 of 3 forgeries refused.');
  expect(text()).toContain('ERR_DIGEST_MISMATCH');
});

it('npm start stays up without it, and the command that it prints is accepted', async () => {
  const { child, ended, text } = run();
  await expect.poll(text, { timeout: 20_000 }).toMatch(/npx smtpeter-webhooks send .*\n/);
  const [, command = ''] = /npx smtpeter-webhooks (send .*)\n/.exec(text()) ?? [];
  const bin = fileURLToPath(new URL('../packages/cli/bin/smtpeter-webhooks.cjs', import.meta.url));
  const send = spawn(process.execPath, [bin, ...command.trim().split(' '), '--json']);
  let summary = '';
  send.stdout.on('data', (chunk) => {
    summary += chunk;
  });
  expect(await new Promise((resolve) => send.once('close', resolve))).toBe(0);
  expect(JSON.parse(summary)).toMatchObject({ ok: true, sent: 1, accepted: 1 });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
