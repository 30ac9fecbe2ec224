import { type StoredInbox, startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import { RetryLaterError } from '@smtpeter-webhooks/receiver';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, until, verifiedCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

async function spoilOne(inbox: StoredInbox<never>): Promise<void> {
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  const calls = Array.from({ length: 60 }, (_, i) => verifiedCall(i, `r${i}@example.com`));
  // Neither database takes it for a text that must be there.
  const spoiled = { ...verifiedCall(99, 'x@example.com'), url: undefined as unknown as string };
  const results = await Promise.allSettled(
    [...calls.slice(0, 30), spoiled, ...calls.slice(30)].map((call) => inbox.accept(call)),
  );
  const failed = results.flatMap((result, i) => (result.status === 'rejected' ? [[i, result.reason.code]] : []));
  expect(failed).toEqual([[30, 'ERR_INBOX_FAILED']]);
  expect(await inbox.stats()).toMatchObject({ accepted: 60, duplicates: 0 });
}

async function failForEver<Tx>(inbox: StoredInbox<Tx>): Promise<void> {
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  for (let i = 0; i < 20; i++) await inbox.accept(verifiedCall(i, `r${i}@example.com`));
  const attempts = new Map<string, number>();
  const worker = startWorker<never, Tx>({
    inbox,
    log: false,
    leaseMs: 60_000,
    on: {
      open(event) {
        attempts.set(event.key, (attempts.get(event.key) ?? 0) + 1);
        if (event.id === '7') throw new RetryLaterError('much later', { afterSeconds: 1e300 });
      },
    },
  });
  await until(async () => (await inbox.stats()).handled === 19);
  await until(async () => (await inbox.stats()).waiting === 1);
  expect([...attempts.values()]).toEqual(Array(20).fill(1));
  const [later] = await inbox.store.list({ states: ['waiting'] }, { after: 0, limit: 1 });
  const days = ((later?.dueAt ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29);
  expect(days).toBeLessThan(31);
  await worker.close();
}

const open = {
  SQLite: () => sqliteInbox({ file: databaseFile() }),
  'PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)': () =>
    postgresInbox({ pool: pool({ max: 4 }), schema: ownSchema() }),
};

describe.each(Object.entries(open))('%s', (name, make) => {
  const absent = name.startsWith('PostgreSQL') && !hasPostgres;
  it.skipIf(absent)('a call that cannot be stored does not fail those that share its commit', () =>
    spoilOne(make() as StoredInbox<never>),
  );
  it.skipIf(absent)('a handler that asks for more time than there is waits for thirty days, and spoils no other', () =>
    failForEver(make() as StoredInbox<unknown>),
  );
});
