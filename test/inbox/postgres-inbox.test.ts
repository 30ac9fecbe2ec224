import { startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/process.testing.js';
import { atEnd, call, send } from '../vendor.testing.js';
import { serve, until, verifiedCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool, postgresUrl } from './postgres.testing.js';

function open(schema: string, options: Partial<Parameters<typeof postgresInbox>[0]> = {}) {
  const inbox = postgresInbox({ pool: pool(), schema, ...options });
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  return inbox;
}

describe.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', () => {
  it('keeps, answers and handles, with acceptors and workers apart', async () => {
    const schema = ownSchema();
    const first = await serve({ inbox: open(schema) });
    const second = await serve({ inbox: open(schema) });
    const seen = new Map<string, number>();
    const workers = [1, 2].map(() =>
      startWorker({
        inbox: open(schema),
        log: false,
        on: { '*': (event) => seen.set(event.key, (seen.get(event.key) ?? 0) + 1) },
      }),
    );
    await Promise.all(Array.from({ length: 200 }, (_, i) => send(i % 2 ? first.to : second.to)));
    const inbox = open(schema);
    await until(async () => (await inbox.stats()).handled === 200);
    expect(seen.size).toBe(200);
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('has the effect of a handler with tx exactly once, whatever fails', async () => {
    const schema = ownSchema();
    const inbox = open(schema);
    const { to } = await serve({ inbox });
    const table = `"${schema.replaceAll('"', '""')}".effect`;
    await inbox.stats();
    await pool().query(`CREATE TABLE ${table} (key text)`);
    for (let i = 0; i < 40; i++) await send(to, call());
    let failures = 0;
    const worker = startWorker({
      inbox,
      log: false,
      retryMs: 1,
      leaseMs: 100,
      on: {
        async open(event, { tx, attempt }) {
          await tx.query(`INSERT INTO ${table} VALUES ($1)`, [event.key]);
          if (attempt === 1 && ++failures % 2 === 0) throw new Error('after the effect');
          // Longer than the lease now and then, and a query that aborts the transaction.
          if (attempt === 1 && failures % 7 === 0) await tx.query('SELECT 1 / 0');
        },
      },
    });
    await until(async () => (await inbox.stats()).handled === 40);
    const { rows } = await pool().query(`SELECT count(*)::int AS n, count(DISTINCT key)::int AS keys FROM ${table}`);
    expect(rows).toEqual([{ n: 40, keys: 40 }]);
    expect(failures).toBeGreaterThan(10);
    await worker.close();
  });

  it('leaves the transaction of a handler to the inbox, but for savepoints', async () => {
    const schema = ownSchema();
    const inbox = open(schema);
    await inbox.accept(verifiedCall(1, 'a@example.com'));
    const errors: unknown[] = [];
    const worker = startWorker({
      inbox,
      log: false,
      on: {
        async open(_event, { tx }) {
          await tx.query('SAVEPOINT a');
          await tx.query('SELECT 1 / 0').catch(() => {});
          await tx.query('ROLLBACK TO a');
          await tx.query('ROLLBACK WORK TO SAVEPOINT a');
          for (const sql of [' commit', 'END', 'ROLLBACK', 'rollback work', 'BEGIN', 'Start  Transaction', 'ABORT'])
            await tx.query(sql).catch((error: unknown) => errors.push(error));
        },
      },
    });
    await until(async () => (await inbox.stats()).handled === 1);
    expect(errors).toEqual(Array(7).fill(expect.any(TypeError)));
    await worker.close();
  });

  it('hears of the errors of every connection: one that nobody hears of ends the process', async () => {
    const own = pool({ max: 4 });
    const clients: pg.PoolClient[] = [];
    own.on('connect', (client) => clients.push(client));
    const inbox = open(ownSchema(), { pool: own });
    const idle = await own.connect();
    const ofThePool = idle.listenerCount('error');
    idle.release();
    await Promise.all(Array.from({ length: 10 }, (_, i) => inbox.accept(verifiedCall(i, 'a@example.com'))));
    await Promise.all(Array.from({ length: 10 }, () => inbox.stats()));
    expect(clients.length).toBeGreaterThan(1);
    const used = await Promise.all(clients.map(() => own.connect()));
    for (const client of used) {
      expect(client.listenerCount('error')).toBeGreaterThan(ofThePool);
      client.release();
    }
  });

  it('answers 503 while the server cannot be reached, and goes on when it can', async () => {
    const schema = ownSchema();
    const lost = pool({ connectionString: 'postgres://postgres@127.0.0.1:1/test' });
    const { to } = await serve({ inbox: open(schema, { pool: lost }) });
    expect((await send(to)).status).toBe(503);
    const own = pool({ max: 4 });
    const inbox = open(schema, { pool: own });
    const { to: other } = await serve({ inbox });
    expect((await send(other)).status).toBe(200);
    // Every connection of the pool is cut.
    await pool().query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'",
      [schema.slice(-12)],
    );
    await until(async () => (await send(other)).status === 200);
  });

  it('is reached from the command line', async () => {
    const { stdout, code } = await run(['inbox', 'stats', '--inbox', postgresUrl, '--schema', ownSchema(), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      accepted: 0,
      waiting: 0,
      running: 0,
      handled: 0,
      dead: 0,
      duplicates: 0,
    });
  });
});
