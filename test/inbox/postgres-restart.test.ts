import { startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { atEnd, call, send } from '../vendor.testing.js';
import { serve, until } from './inbox.testing.js';
import { ownServer, postgresPrograms } from './postgres-server.testing.js';

/** How often the server is killed; the long form is `npm run test:crash`. */
const rounds = Number(process.env['RESTART_ROUNDS'] ?? 1);

describe.skipIf(postgresPrograms === undefined)('a PostgreSQL that dies (skipped where it is not installed)', () => {
  it(`loses nothing that was answered, has each effect once, and answers 503 meanwhile: ${rounds} times`, {
    timeout: 120_000 + rounds * 20_000,
  }, async () => {
    const server = await ownServer(postgresPrograms ?? '');
    await server.start();
    const pool = new pg.Pool({ connectionString: server.url, max: 10, connectionTimeoutMillis: 5000 });
    pool.on('error', () => {});
    atEnd(() => pool.end());
    const inbox = postgresInbox({ pool });
    atEnd(() => inbox.close({ timeoutMs: 0 }));
    await inbox.stats();
    await pool.query('CREATE TABLE effect (key text)');
    const { to } = await serve({ inbox });
    const worker = startWorker({
      inbox,
      log: false,
      retryMs: 5,
      maxRetryMs: 500,
      maxAttempts: 1000,
      leaseMs: 2000,
      pollMs: 50,
      on: { '*': ({ key }, { tx }) => tx.query('INSERT INTO effect VALUES ($1)', [key]) },
    });
    const answered: string[] = [];
    const statuses = new Set<number>();
    let sending = true;
    const senders = Array.from({ length: 4 }, async () => {
      while (sending) {
        const what = call();
        const result = await send(to, what).catch(() => undefined);
        statuses.add(result?.status ?? 0);
        if (result?.status === 200) answered.push(Buffer.from(what.body).toString());
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    for (let round = 0; round < rounds; round++) {
      const before = answered.length;
      await until(() => answered.length > before + 20, 'calls');
      await server.kill();
      await server.start();
    }
    const before = answered.length;
    await until(() => answered.length > before + 20, 'calls after the last time');
    sending = false;
    await Promise.all(senders);
    await until(
      async () => {
        const { waiting, running } = await inbox.stats();
        return waiting + running === 0;
      },
      'the end of the backlog',
      60_000 + rounds * 5000,
    );
    await worker.close();
    const { accepted, handled } = await inbox.stats();
    const { rows } = await pool.query('SELECT count(*)::int AS n, count(DISTINCT key)::int AS keys FROM effect');
    expect(handled).toBe(accepted);
    expect(rows).toEqual([{ n: accepted, keys: accepted }]);
    const kept = await pool.query('SELECT body FROM webhook_inbox.inbox_event');
    const bodies = new Set(kept.rows.map((row: { body: Buffer }) => row.body.toString()));
    expect(answered.filter((body) => !bodies.has(body))).toEqual([]);
    expect([...statuses].filter((status) => status !== 200)).toEqual([503]);
    console.log(`${rounds} times: ${answered.length} answered, ${accepted} kept, ${rows[0].n} effects`);
  });
});
