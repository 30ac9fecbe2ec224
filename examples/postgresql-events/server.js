import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

await pool.query(`
  create table if not exists webhook_event (key text primary key, kind text not null, occurred_at timestamptz, fields jsonb not null);
  create table if not exists opens (recipient text primary key, times integer not null)`);

async function store(event) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query(
      'insert into webhook_event (key, kind, occurred_at, fields) values ($1, $2, $3, $4) on conflict do nothing',
      [event.key, event.kind, event.occurredAt ?? null, JSON.stringify(event.raw ?? {})],
    );
    // The second time around there is nothing left to do.
    if (rowCount === 1 && event.kind === 'open') {
      await client.query(
        'insert into opens values ($1, 1) on conflict (recipient) do update set times = opens.times + 1',
        [event.recipient ?? ''],
      );
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error; // answered 500: the call may come again
  } finally {
    client.release();
  }
}

const receiver = webhooks({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    '*': store,
  },
});
const app = express();
app.set('trust proxy', 'loopback'); // the proxy that ends TLS is on this machine
app.use(receiver);

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`listening on port ${server.address().port}`));

process.once('SIGTERM', async () => {
  server.close();
  await receiver.close();
  await pool.end();
});
