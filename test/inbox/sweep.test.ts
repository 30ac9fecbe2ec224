import { randomBytes } from 'node:crypto';
import type { InboxStore } from '@smtpeter-webhooks/inbox';
import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

const all = { after: 0, limit: 10_000 };

/** More than one sweep takes, of all that can be forgotten. */
async function forget(store: InboxStore<unknown>): Promise<void> {
  atEnd(() => store.close());
  const over = Date.now() - 1000;
  for (let i = 0; i < 6; i++) {
    const calls = Array.from({ length: 1000 }, () =>
      newCall({ eventKey: randomBytes(32).toString('hex'), eventKeyUntil: over, replayUntil: over }),
    );
    await store.accept(calls);
  }
  const fresh = newCall({ eventKey: randomBytes(32).toString('hex'), eventKeyUntil: Date.now() + 600_000 });
  await store.accept([fresh]);
  for (let taken = 0; taken < 5500; ) {
    const { events } = await store.claim({ owner: 'one', limit: 500, leaseMs: 60_000, exceptKinds: [] });
    await store.settle(events.map(({ id, lease }) => ({ id, lease, to: 'handled' as const })));
    taken += events.length;
  }
  const [dead] = await store.list({ states: ['waiting'] }, { after: 0, limit: 1 });
  await store.park({ ids: [dead?.id ?? 0] }, all);
  const before = await store.stats();
  const soon = Date.now() + 60_000;
  expect(await store.sweep(0)).toBe(true);
  expect((await store.list({ states: ['handled'] }, all)).length).toBe(5500);
  expect(await store.sweep(soon)).toBe(true);
  expect(await store.sweep(soon)).toBe(false);
  const left = await store.list({}, all);
  expect(left.map((event) => event.state).filter((state) => state !== 'waiting')).toEqual(['dead']);
  expect(left).toHaveLength(501);
  expect(await store.stats()).toEqual(before);
  expect(await store.accept([newCall({ replayKey: fresh.replayKey })])).toEqual([false]);
  expect(await store.accept([{ ...fresh, replayKey: randomBytes(16) }])).toEqual([false]);
}

describe('a sweep forgets keys that are over and old handled events, until no more are left, and counts on', () => {
  it('SQLite', () => forget(sqliteStore({ file: databaseFile() })));
  it.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', () =>
    forget(postgresStore({ pool: pool({ max: 3 }), schema: ownSchema() })),
  );
});
