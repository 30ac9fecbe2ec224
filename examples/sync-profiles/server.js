import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

await pool.query(`
  create table if not exists contact (
    profile text primary key, fields jsonb not null, changed_at timestamptz not null, deleted boolean not null)`);

async function save(event) {
  if (event.profileId === undefined) throw new Error('A profile event without a profile.');
  await pool.query(
    `insert into contact values ($1, $2, $3, $4) on conflict (profile) do update
       set fields = excluded.fields, changed_at = excluded.changed_at, deleted = excluded.deleted
       where contact.changed_at <= excluded.changed_at and not contact.deleted`,
    [
      event.profileId,
      JSON.stringify(event.fields ?? {}),
      event.occurredAt ?? new Date(),
      event.kind === 'profile.delete',
    ],
  );
}

const receiver = webhooks({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    'profile.create': save,
    'profile.update': save,
    'profile.delete': save,
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
