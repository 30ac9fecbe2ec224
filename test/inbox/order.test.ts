import { type StoredInbox, startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, until, verifiedCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

const TOTAL = 800;
const KEYS = 10;
const orderBy = (event: object) => ('recipient' in event ? String(event.recipient) : undefined);

/**
 * Accepts events of a few keys while several workers handle them, each in a transaction: an event often arrives, and is
 * looked at, at the very moment at which the one before it ends. One that is then forgotten would wait for 30 s.
 */
async function flow<Tx>(inboxes: readonly StoredInbox<Tx>[], touch: (tx: Tx) => unknown): Promise<void> {
  for (const inbox of inboxes) atEnd(() => inbox.close({ timeoutMs: 0 }));
  const seen = new Map<string, number[]>();
  for (const inbox of inboxes) {
    startWorker<never, Tx>({
      inbox,
      log: false,
      concurrency: 4,
      on: {
        async open(event, { tx }) {
          const { recipient = '', id } = event;
          await touch(tx);
          seen.set(recipient, [...(seen.get(recipient) ?? []), Number(id)]);
        },
      },
    });
  }
  for (let i = 0; i < TOTAL; i += 4) {
    const calls = [i, i + 1, i + 2, i + 3].map((number) => verifiedCall(number, `r${number % KEYS}@example.com`));
    await Promise.all(calls.map((call, n) => inboxes[n % inboxes.length]?.accept(call)));
  }
  const count = () => [...seen.values()].reduce((sum, ids) => sum + ids.length, 0);
  await until(() => count() === TOTAL, 'the end of all events', 20_000);
  for (const [recipient, ids] of seen) {
    expect(ids, recipient).toEqual([...ids].sort((a, b) => a - b));
  }
}

describe('events of few keys that arrive while others end are not left behind', () => {
  it('SQLite', async () => {
    const file = databaseFile();
    await flow(
      [1, 2].map(() => sqliteInbox({ file, orderBy })),
      (tx) => tx.all('SELECT 1'),
    );
  });

  it.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', async () => {
    const schema = ownSchema();
    await flow(
      [1, 2, 3, 4].map(() => postgresInbox({ pool: pool({ max: 10 }), schema, orderBy })),
      (tx) => tx.query('SELECT 1'),
    );
  });
});
