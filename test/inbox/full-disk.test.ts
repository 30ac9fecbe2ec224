import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd, memoryLog, send } from '../vendor.testing.js';
import { databaseFile, folder, serve } from './inbox.testing.js';

const script = fileURLToPath(new URL('full-disk.mjs', import.meta.url));
const mayMount =
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt'], { stdio: 'ignore' }).status === 0;

/** Runs it where the folder is a file system of so many kilobytes, or has been made read-only. */
function within(mount: string, ...command: string[]): string {
  return execFileSync('unshare', ['-rm', 'sh', '-c', `${mount} && exec "$@"`, 'sh', ...command], { encoding: 'utf8' });
}

describe.skipIf(!mayMount)('a disk that cannot be written to (skipped where mounting is not allowed)', () => {
  it('refuses calls while it is full, keeps all that were answered, and goes on when there is room', () => {
    const path = folder();
    const said = within(`mount -t tmpfs -o size=3m tmpfs '${path}'`, process.execPath, script, path);
    const result = JSON.parse(said) as Record<string, unknown>;
    expect(result).toMatchObject({ codes: ['ERR_INBOX_FULL'], again: true, lost: 0, intact: true });
    expect(result['untilFull']).toBeGreaterThan(20);
    expect(result['whileFull']).toBe(result['untilFull']);
    expect(result['kept']).toBe(Number(result['untilFull']) + 1);
  });

  it('says that a file cannot be written to', async () => {
    const file = databaseFile();
    const inbox = sqliteInbox({ file });
    await inbox.stats();
    await inbox.close();
    const code = `
      import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
      const inbox = sqliteInbox({ file: process.argv[1] });
      const error = await inbox.store.sweep(0).catch((one) => one);
      console.log(error.code);
      process.exit();`;
    const path = file.replace(/\/[^/]*$/, '');
    const mount = `mount --bind '${path}' '${path}' && mount -o remount,bind,ro '${path}'`;
    const said = within(mount, process.execPath, '--input-type=module', '-e', code, file);
    expect(said.trim()).toMatch(/^ERR_INBOX_(READ_ONLY|IO)$/);
  });
});

it('answers 503 when SQLite cannot write to the file, and 200 when it can again', async () => {
  const file = databaseFile();
  const log = memoryLog();
  const inbox = sqliteInbox({ file, busyTimeoutMs: 20 });
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  const { to } = await serve({ inbox, log });
  expect((await send(to)).status).toBe(200);
  const { createRequire } = await import('node:module');
  const other = new (createRequire(import.meta.url)('libsql'))(file);
  atEnd(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  expect((await send(to)).status).toBe(503);
  expect(log.lines.join('\n')).toContain('ERR_INBOX_LOCKED');
  other.exec('ROLLBACK');
  expect((await send(to)).status).toBe(200);
  expect(await inbox.stats()).toMatchObject({ accepted: 2 });
});
