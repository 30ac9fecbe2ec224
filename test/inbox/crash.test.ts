import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { InboxStore } from '@smtpeter-webhooks/inbox';
import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, key, keyId, send, url } from '../vendor.testing.js';
import { databaseFile, until } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool, postgresUrl } from './postgres.testing.js';

/** How often a process is killed; the long form is `npm run test:crash`. */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 3);
const script = fileURLToPath(new URL('crash-process.mjs', import.meta.url));

interface Place {
  readonly settings: Record<string, unknown>;
  readonly store: InboxStore<unknown>;
  /** The keys in the table of effects. */
  effects(): Promise<string[]>;
}

/** Starts a process; resolves once it says that it is ready. */
function start(role: 'accept' | 'work', place: Place): Promise<{ child: ChildProcess; said: { port?: number } }> {
  const jwks = { keys: [{ ...key.publicJwk, kid: keyId }] };
  const child = fork(script, [JSON.stringify({ role, id, url, jwks, ...place.settings })], { stdio: 'inherit' });
  atEnd(() => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ child, said: said as { port?: number } }));
    child.once('exit', () => reject(new Error('ended before it was ready')));
  });
}

/** Two acceptors and three workers under load, one of them killed at a random moment, again and again. */
async function survive(place: Place): Promise<void> {
  const roles = ['accept', 'accept', 'work', 'work', 'work'] as const;
  const running = await Promise.all(roles.map((role) => start(role, place)));
  const answered: string[] = [];
  let sending = true;
  const senders = Array.from({ length: 4 }, async (_, i) => {
    while (sending) {
      const what = call();
      const port = running[i % 2]?.said.port;
      // A sender that never tries again: what was not answered is not owed.
      const result = await send(`http://127.0.0.1:${port}`, what).catch(() => undefined);
      if (result?.status === 200) answered.push(Buffer.from(what.body).toString());
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    const victim = Math.floor(Math.random() * roles.length);
    const { child } = running[victim] as { child: ChildProcess };
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    running[victim] = await start(roles[victim] as 'accept' | 'work', place);
  }
  await until(() => answered.length > 50, 'enough calls');
  sending = false;
  await Promise.all(senders);
  await until(
    async () => {
      const { waiting, running: held } = await place.store.stats();
      return waiting + held === 0;
    },
    'the end of the backlog',
    25_000 + rounds * 2000,
  );
  const { accepted, handled, dead } = await place.store.stats();
  const effects = await place.effects();
  expect(dead).toBe(0);
  expect(handled).toBe(accepted);
  // What was answered is kept; what was killed before its answer may be kept too. Each had its effect exactly once.
  expect(accepted).toBeGreaterThanOrEqual(answered.length);
  expect(new Set(effects).size).toBe(effects.length);
  expect(effects.length).toBe(accepted);
  const bodies = new Set<string>();
  for (let after = 0; ; ) {
    const events = await place.store.list({}, { after, limit: 500 });
    for (const event of events) {
      expect(event.orderKey).not.toBeNull();
      bodies.add(Buffer.from(event.body).toString());
    }
    if (events.length === 0) break;
    after = events.at(-1)?.id ?? 0;
  }
  expect(answered.filter((body) => !bodies.has(body))).toEqual([]);
  console.log(`${rounds} kills: ${answered.length} answered, ${accepted} kept, ${effects.length} effects`);
}

describe('kill -9, again and again', { timeout: 60_000 + rounds * 8000 }, () => {
  it('loses nothing that was answered, and has each effect once: SQLite', async () => {
    const file = databaseFile();
    const store = sqliteStore({ file });
    atEnd(() => store.close());
    await store.stats();
    const database = new (createRequire(import.meta.url)('libsql'))(file);
    atEnd(() => database.close());
    database.exec('CREATE TABLE effect (key TEXT)');
    await survive({
      settings: { file, effects: 'effect' },
      store,
      effects: async () =>
        database
          .prepare('SELECT key FROM effect')
          .all()
          .map((row: { key: string }) => row.key),
    });
  });

  it.skipIf(!hasPostgres)('loses nothing that was answered, and has each effect once: PostgreSQL', async () => {
    const schema = ownSchema();
    const store = postgresStore({ pool: pool({ max: 3 }), schema });
    await store.stats();
    const effects = `"${schema.replaceAll('"', '""')}".effect`;
    const own = pool({ max: 2 });
    await own.query(`CREATE TABLE ${effects} (key text)`);
    await survive({
      settings: { postgres: { url: postgresUrl, schema }, effects },
      store,
      effects: async () => (await own.query(`SELECT key FROM ${effects}`)).rows.map((row: { key: string }) => row.key),
    });
  });
});
