import type { InboxStore } from '@smtpeter-webhooks/inbox';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';
import { hasPostgres, openPostgres, ownSchema } from './postgres.testing.js';

const MIB = 1024 * 1024;

/** A worker holds what it has taken: a backlog of the largest bodies must not fill its memory. */
async function takesAFewAtATime(store: InboxStore<unknown>): Promise<void> {
  atEnd(() => store.close());
  for (let i = 0; i < 5; i++) await store.accept([newCall({ body: Buffer.alloc(6 * MIB, i) })]);
  const request = { owner: 'one', limit: 100, leaseMs: 60_000, exceptKinds: [] };
  const first = await store.claim(request);
  expect(first.events.map((event) => event.body[0])).toEqual([0, 1, 2]);
  expect(first.more).toBe(true);
  const second = await store.claim(request);
  expect(second.events.map((event) => event.body[0])).toEqual([3, 4]);
  expect(second.more).toBe(false);
}

it('takes large events a few at a time: SQLite', () => takesAFewAtATime(sqliteStore({ file: databaseFile() })));

it.skipIf(!hasPostgres)('takes large events a few at a time: PostgreSQL (skipped where none runs)', () =>
  takesAFewAtATime(openPostgres(ownSchema())),
);
