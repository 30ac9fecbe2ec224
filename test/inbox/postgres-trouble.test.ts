import { startWorker } from '@smtpeter-webhooks/inbox';
import { storeConformance } from '@smtpeter-webhooks/inbox/conformance';
import { postgresInbox, postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { until, verifiedCall } from './inbox.testing.js';
import { hasPgBouncer, pgBouncer } from './pgbouncer.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

const orderBy = (event: object) => ('recipient' in event ? String(event.recipient) : undefined);

/** Two acceptors and three workers with transactions: each event has its effect once, those of a key in order. */
async function flow(config: pg.PoolConfig, total = 240): Promise<void> {
  const schema = ownSchema();
  const table = `"${schema.replaceAll('"', '""')}".effect`;
  const open = () => {
    const inbox = postgresInbox({ pool: pool({ max: 8, ...config }), schema, orderBy });
    atEnd(() => inbox.close({ timeoutMs: 0 }));
    return inbox;
  };
  const acceptors = [open(), open()];
  await Promise.all(acceptors.map((inbox) => inbox.stats()));
  const own = pool({ max: 1 });
  await own.query(`CREATE TABLE ${table} (id serial, recipient text, number int)`);
  for (const inbox of [open(), open(), open()]) {
    startWorker({
      inbox,
      log: false,
      retryMs: 1,
      maxAttempts: 1000,
      pollMs: 50,
      on: {
        async open(event, { tx }) {
          // Reads what others write at the same time: a conflict, where isolation is serializable.
          await tx.query(`SELECT count(*) FROM ${table}`);
          await tx.query(`INSERT INTO ${table} (recipient, number) VALUES ($1, $2)`, [
            event.recipient,
            Number(event.id),
          ]);
        },
      },
    });
  }
  for (let i = 0; i < total; i += 6) {
    const calls = Array.from({ length: 6 }, (_, n) => verifiedCall(i + n, `r${(i + n) % 12}@example.com`));
    await Promise.all(calls.map((call, n) => acceptors[n % 2]?.accept(call)));
  }
  await until(async () => (await acceptors[0]?.stats())?.handled === total, 'the end of all events');
  const { rows } = await own.query(`SELECT recipient, number FROM ${table} ORDER BY id`);
  expect(rows).toHaveLength(total);
  for (const name of new Set(rows.map((row) => row.recipient))) {
    const numbers = rows.filter((row) => row.recipient === name).map((row) => row.number);
    expect(numbers, name).toEqual([...numbers].sort((a, b) => a - b));
  }
}

describe.skipIf(!hasPostgres)('PostgreSQL with serializable transactions by default (skipped where none runs)', () => {
  const serializable = { options: '-c default_transaction_isolation=serializable' };
  for (const { name, run } of storeConformance()) {
    it(name, async () => {
      const schema = ownSchema();
      await run({ open: async () => postgresStore({ pool: pool({ max: 5, ...serializable }), schema }) });
    });
  }

  it('has each effect once, in order, while transactions fail for conflicts', () => flow(serializable, 120));
});

const noPooler = !hasPostgres || !hasPgBouncer;
describe.skipIf(noPooler)('PostgreSQL behind PgBouncer in transaction mode (skipped where there is none)', () => {
  let connectionString = '';
  let stop = () => {};
  beforeAll(async () => {
    if (noPooler) return;
    ({ url: connectionString, stop } = await pgBouncer());
  });
  afterAll(() => stop());
  for (const { name, run } of storeConformance()) {
    it(name, async () => {
      const schema = ownSchema();
      await run({ open: async () => postgresStore({ pool: pool({ max: 5, connectionString }), schema }) });
    });
  }

  it('has each effect once, in order, and finds events by polling', () => flow({ connectionString }));
});

describe.skipIf(!hasPostgres)('PostgreSQL whose notifications are lost (skipped where none runs)', () => {
  it('finds events by polling, and listens again', async () => {
    const schema = ownSchema();
    const name = `lost-${schema.slice(-12)}`;
    const inbox = postgresInbox({ pool: pool({ max: 6, application_name: name }), schema });
    const other = postgresInbox({ pool: pool({ max: 2 }), schema });
    for (const one of [inbox, other]) atEnd(() => one.close({ timeoutMs: 0 }));
    const seen = new Set<string | undefined>();
    startWorker({ inbox, log: false, pollMs: 100, on: { open: (event) => seen.add(event.id) } });
    const own = pool({ max: 1 });
    const listeners = async () => {
      const sql = "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN%'";
      return (await own.query(sql, [name])).rows.map((row) => row.pid);
    };
    const pid = await until(async () => (await listeners())[0], 'LISTEN');
    await own.query('SELECT pg_terminate_backend($1)', [pid]);
    await until(async () => (await listeners()).length === 0, 'the end of LISTEN');
    await other.accept(verifiedCall(1, 'a@example.com'));
    await until(() => seen.has('1'), 'the event without a notification');
    await until(async () => (await listeners()).some((one) => one !== pid), 'LISTEN again');
  });
});
