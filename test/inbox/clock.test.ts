import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

const all = { after: 0, limit: 10 };
const HOUR = 3_600_000;

async function parkAndRetry(store: ReturnType<typeof sqliteStore> | ReturnType<typeof postgresStore>): Promise<void> {
  atEnd(() => store.close());
  await store.accept([newCall(), newCall()]);
  store.offsetMs = HOUR;
  const soon = Date.now() + HOUR / 2;
  await store.park({}, all);
  for (const event of await store.list({}, all)) {
    expect(event.settledAt).toBeGreaterThan(soon);
    expect(event.errors[0]?.at).toBeGreaterThan(soon);
  }
  await store.retry({}, all);
  for (const event of await store.list({}, all)) expect(event.dueAt).toBeGreaterThan(soon);
  for (let i = 0; i < 12; i++) {
    await store.retry({}, all);
    await store.park({}, all);
  }
  for (const event of await store.list({}, all)) expect(event.errors).toHaveLength(10);
}

describe('parks and retries by the clock of the store, and keeps the last ten errors', () => {
  it('SQLite', () => parkAndRetry(sqliteStore({ file: databaseFile() })));
  it.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', () =>
    parkAndRetry(postgresStore({ pool: pool({ max: 3 }), schema: ownSchema() })),
  );
});
