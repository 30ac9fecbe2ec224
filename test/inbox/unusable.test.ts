import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox, sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, key, keyId, memoryLog, send, url } from '../vendor.testing.js';
import { databaseFile, folder, serve } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

const script = fileURLToPath(new URL('crash-process.mjs', import.meta.url));
const mayMount =
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt'], { stdio: 'ignore' }).status === 0;

const open = (file: string) => new (createRequire(import.meta.url)('libsql'))(file);

/** Sends a call that must be refused as one that may come again later. */
async function refused(to: string): Promise<void> {
  const { status, headers } = await send(to);
  expect(status).toBe(503);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
}

/** An acceptor that sees the file system after `mount`; what it logs, and where it sees it. */
async function acceptor(file: string, mount: string): Promise<{ to: string; log: string[]; root: string }> {
  const jwks = { keys: [{ ...key.publicJwk, kid: keyId }] };
  const settings = JSON.stringify({ role: 'accept', id, url, jwks, file, tells: true });
  const command = [process.execPath, script, settings];
  const child: ChildProcess = spawn('unshare', ['-rm', 'sh', '-c', `${mount} && exec "$@"`, 'sh', ...command], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  atEnd(() => child.kill('SIGKILL'));
  const log: string[] = [];
  const port = await new Promise((resolve, reject) => {
    child.on('message', (said: { port?: number; line?: string }) => {
      if (said.line !== undefined) log.push(said.line);
      else resolve(said.port);
    });
    child.once('exit', () => reject(new Error('ended before it was ready')));
  });
  return { to: `http://127.0.0.1:${port}`, log, root: `/proc/${child.pid}/root` };
}

const codesIn = (lines: readonly string[]) => new Set(lines.join('\n').match(/ERR_INBOX_(?!UNAVAILABLE)\w+/g));

describe.skipIf(!mayMount)('a disk that cannot be written to (skipped where mounting is not allowed)', () => {
  it('full: 503 until there is room again; what was answered 200, and nothing else, is kept', async () => {
    const place = folder();
    const file = `${place}/webhooks.db`;
    const { to, log, root } = await acceptor(file, `mount -t tmpfs -o size=3m tmpfs '${place}'`);
    writeFileSync(`${root}${place}/ballast`, Buffer.alloc(500_000));
    const answered: string[] = [];
    for (let failures = 0; failures < 5; ) {
      const what = call({ fields: { id: `${answered.length}`, text: 'x'.repeat(20_000) } });
      const { status, headers } = await send(to, what);
      if (status === 200) {
        answered.push(Buffer.from(what.body).toString());
        continue;
      }
      failures++;
      expect(status).toBe(503);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(answered.length).toBeGreaterThan(20);
    // Many at a time share a commit, which fails as a whole.
    await Promise.all(Array.from({ length: 20 }, () => send(to)));
    expect(codesIn(log)).toEqual(new Set(['ERR_INBOX_FULL']));
    rmSync(`${root}${place}/ballast`);
    const last = call();
    expect((await send(to, last)).status).toBe(200);
    answered.push(Buffer.from(last.body).toString());
    // The small disk goes with the process.
    const copy = databaseFile();
    for (const end of ['', '-wal']) {
      if (existsSync(`${root}${file}${end}`)) copyFileSync(`${root}${file}${end}`, `${copy}${end}`);
    }
    const store = sqliteStore({ file: copy });
    atEnd(() => store.close());
    const kept = (await store.list({}, { after: 0, limit: 10_000 })).map(({ body }) => Buffer.from(body).toString());
    for (const body of answered) expect(kept).toContain(body);
    expect(new Set(kept).size).toBe(kept.length);
  });

  it('read-only: 503 with its code, and the file is as it was', async () => {
    const file = databaseFile();
    const inbox = sqliteInbox({ file });
    const { to: before } = await serve({ inbox });
    expect((await send(before)).status).toBe(200);
    await inbox.close();
    const bytes = readFileSync(file);
    const place = file.replace(/\/[^/]*$/, '');
    const mount = `mount --bind '${place}' '${place}' && mount -o remount,bind,ro '${place}'`;
    const { to, log } = await acceptor(file, mount);
    await refused(to);
    await refused(to);
    expect(codesIn(log)).toEqual(new Set(['ERR_INBOX_READ_ONLY']));
    expect(readFileSync(file)).toEqual(bytes);
  });
});

describe('a file that cannot be used is refused with 503 and its code, left as it is, and used once it is mended', () => {
  const cases = {
    'no database at all': ['ERR_INBOX_CORRUPT', (file: string) => writeFileSync(file, 'not a database'.repeat(1000))],
    'cut off in the middle': ['ERR_INBOX_CORRUPT', (file: string) => truncateSync(file, 8192)],
    'pages overwritten': [
      'ERR_INBOX_CORRUPT',
      (file: string) => {
        const bytes = readFileSync(file);
        writeFileSync(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xa5)]));
      },
    ],
    'a schema from the future': [
      'ERR_INBOX_SCHEMA_NEWER',
      (file: string) => {
        const database = open(file);
        database.exec('PRAGMA user_version = 999');
        database.exec('PRAGMA journal_mode = DELETE');
        database.close();
      },
    ],
    'a folder in its place': [
      'ERR_INBOX_IO',
      (file: string) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  } as const;

  it.each(Object.entries(cases))('%s', async (_name, [code, spoil]) => {
    const file = databaseFile();
    const first = sqliteInbox({ file });
    const { to: before } = await serve({ inbox: first });
    for (let i = 0; i < 5; i++) expect((await send(before)).status).toBe(200);
    await first.close();
    const good = readFileSync(file);
    spoil(file);
    const spoiled = code === 'ERR_INBOX_IO' ? undefined : readFileSync(file);

    const log = memoryLog();
    const inbox = sqliteInbox({ file });
    atEnd(() => inbox.close({ timeoutMs: 0 }));
    const { to } = await serve({ inbox, log });
    await refused(to);
    await refused(to);
    expect(codesIn(log.lines)).toEqual(new Set([code]));
    if (spoiled !== undefined) expect(readFileSync(file)).toEqual(spoiled);
    rmSync(file, { recursive: true });
    writeFileSync(file, good);
    expect((await send(to)).status).toBe(200);
    expect(await inbox.stats()).toMatchObject({ accepted: 6 });
  });

  it('held by another process', async () => {
    const file = databaseFile();
    const log = memoryLog();
    const inbox = sqliteInbox({ file, busyTimeoutMs: 20 });
    atEnd(() => inbox.close({ timeoutMs: 0 }));
    const { to } = await serve({ inbox, log });
    expect((await send(to)).status).toBe(200);
    const other = open(file);
    atEnd(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    await refused(to);
    expect(codesIn(log.lines)).toEqual(new Set(['ERR_INBOX_LOCKED']));
    other.exec('ROLLBACK');
    expect((await send(to)).status).toBe(200);
    expect(await inbox.stats()).toMatchObject({ accepted: 2 });
  });
});

describe.skipIf(!hasPostgres)('PostgreSQL that cannot be used (skipped where none runs, see TEST_POSTGRES_URL)', () => {
  it('read-only, as a server after a fail-over may be: 503 with its code', async () => {
    const schema = ownSchema();
    const inbox = postgresInbox({ pool: pool({ max: 2 }), schema });
    const { to: before } = await serve({ inbox });
    expect((await send(before)).status).toBe(200);
    const log = memoryLog();
    const readOnly = pool({ max: 2, options: '-c default_transaction_read_only=on' });
    const { to } = await serve({ inbox: postgresInbox({ pool: readOnly, schema }), log });
    await refused(to);
    expect(codesIn(log.lines)).toEqual(new Set(['ERR_INBOX_READ_ONLY']));
    expect(await inbox.stats()).toMatchObject({ accepted: 1 });
  });

  it('a schema from the future: 503 with its code, and 200 once it is the one that is known', async () => {
    const schema = ownSchema();
    const first = postgresInbox({ pool: pool({ max: 2 }), schema });
    await first.stats();
    const table = `"${schema.replaceAll('"', '""')}".inbox_schema`;
    const own = pool({ max: 1 });
    const { rows } = await own.query(`SELECT version FROM ${table}`);
    await own.query(`UPDATE ${table} SET version = 999`);
    const log = memoryLog();
    const { to } = await serve({ inbox: postgresInbox({ pool: pool({ max: 2 }), schema }), log });
    await refused(to);
    expect(codesIn(log.lines)).toEqual(new Set(['ERR_INBOX_SCHEMA_NEWER']));
    await own.query(`UPDATE ${table} SET version = $1`, [rows[0]?.version]);
    expect((await send(to)).status).toBe(200);
  });
});
