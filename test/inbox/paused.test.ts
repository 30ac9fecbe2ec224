import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type StoredInbox, startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, until, verifiedCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool, postgresUrl } from './postgres.testing.js';

const script = fileURLToPath(new URL('paused-process.mjs', import.meta.url));
const leaseMs = 300;

interface Place<Tx> {
  readonly inbox: StoredInbox<Tx>;
  readonly settings: Record<string, unknown>;
  /** What the second worker does in its transaction. */
  effect(tx: Tx): unknown;
  effects(): Promise<unknown[]>;
}

/** A process stands still in a handler for longer than its lease; another has handled the event when it goes on. */
async function takeOver<Tx>({ inbox, settings, effect, effects }: Place<Tx>): Promise<void> {
  await inbox.accept(verifiedCall(1, 'a@example.com'));
  const child = fork(script, [JSON.stringify({ leaseMs, ...settings })], { stdio: 'inherit' });
  atEnd(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  let inHandler = false;
  child.on('message', (said: { inHandler?: true; line?: string }) => {
    inHandler ||= said.inHandler === true;
    if (said.line !== undefined) lines.push(said.line);
  });
  await until(() => inHandler, 'the first attempt');
  child.kill('SIGSTOP');
  const attempts: (number | undefined)[] = [];
  startWorker<never, Tx>({
    inbox,
    log: false,
    leaseMs,
    pollMs: 50,
    on: {
      open(_event, { tx, attempt }) {
        attempts.push(attempt);
        return effect(tx);
      },
    },
  });
  await until(async () => (await inbox.stats()).handled === 1, 'the second attempt');
  child.send('go on');
  child.kill('SIGCONT');
  await until(() => lines.some((line) => line.includes('taken over')), 'what the first one says');
  expect(attempts).toEqual([2]);
  expect(await effects()).toEqual(['second']);
  expect(await inbox.stats()).toMatchObject({ accepted: 1, handled: 1, running: 0, waiting: 0, dead: 0 });
}

describe('a process that stands still for longer than its lease, and goes on, undoes what it did', () => {
  it('SQLite', async () => {
    const file = databaseFile();
    const inbox = sqliteInbox({ file });
    atEnd(() => inbox.close({ timeoutMs: 0 }));
    await inbox.stats();
    const database = new (createRequire(import.meta.url)('libsql'))(file);
    atEnd(() => database.close());
    database.exec('CREATE TABLE effect (name TEXT)');
    await takeOver({
      inbox,
      settings: { file, effects: 'effect' },
      effect: (tx) => tx.run("INSERT INTO effect VALUES ('second')"),
      effects: async () =>
        database
          .prepare('SELECT name FROM effect')
          .all()
          .map((row: { name: string }) => row.name),
    });
  });

  it.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', async () => {
    const schema = ownSchema();
    const own = pool({ max: 4 });
    const inbox = postgresInbox({ pool: own, schema });
    atEnd(() => inbox.close({ timeoutMs: 0 }));
    await inbox.stats();
    const effects = `"${schema.replaceAll('"', '""')}".effect`;
    await own.query(`CREATE TABLE ${effects} (name text)`);
    await takeOver({
      inbox,
      settings: { postgres: { url: postgresUrl, schema }, effects },
      effect: (tx) => tx.query(`INSERT INTO ${effects} VALUES ('second')`),
      effects: async () => (await own.query(`SELECT name FROM ${effects}`)).rows.map((row) => row.name),
    });
  });
});
