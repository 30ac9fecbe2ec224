import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

await pool.query(`
  create table if not exists suppressed (address text primary key, reason text not null, since timestamptz not null)`);

async function suppress(address, reason, since = new Date()) {
  if (address === undefined) return;
  await pool.query('insert into suppressed values ($1, $2, $3) on conflict do nothing', [
    address.toLowerCase(),
    reason,
    since,
  ]);
}

const receiver = webhooks({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    failure: async (event) => {
      const permanent = event.status === undefined ? (event.code ?? 0) >= 500 : event.status.class === 5;
      if (permanent) await suppress(event.recipient, event.status?.text ?? `smtp ${event.code}`, event.occurredAt);
    },
    abuse: (event) => suppress(event.recipient, 'complaint', event.occurredAt),
    unsubscribe: (event) => suppress(event.recipient, 'unsubscribed', event.occurredAt),
  },
});
const app = express();
app.set('trust proxy', 'loopback'); // the proxy that ends TLS is on this machine
app.use(receiver);

app.get('/suppressed/:address', async (request, response) => {
  const { rowCount } = await pool.query('select from suppressed where address = $1', [
    request.params.address.toLowerCase(),
  ]);
  response.json({ suppressed: rowCount === 1 });
});

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`listening on port ${server.address().port}`));

process.once('SIGTERM', async () => {
  server.close();
  await receiver.close();
  await pool.end();
});
