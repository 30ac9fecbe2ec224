// An acceptor or a worker, to be killed. Settings come as JSON in the first argument.
import { startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';
import { pinnedKeys } from '@smtpeter-webhooks/verify';

const { role, file, postgres, id, url, jwks, effects, tells = false } = JSON.parse(process.argv[2] ?? '{}');
// A few keys, so that most events are behind others, and wait to be woken.
const orderBy = ({ key }) => key.slice(0, 1);
const inbox = file === undefined ? postgresInbox({ ...postgres, orderBy }) : sqliteInbox({ file, orderBy });
// Of a process that is killed nothing may stay behind but what is in the database.
process.on('disconnect', () => process.exit());

const tell = (line) => process.send({ line });
const log = tells && { debug() {}, info() {}, warn: tell, error: tell };

if (role === 'accept') {
  const server = createWebhookServer({ id, url, inbox, keys: pinnedKeys(jwks), trustProxy: 'loopback', log });
  process.send(await server.listen());
} else {
  const insert = async ({ key }, { tx }) => {
    if (file === undefined) await tx.query(`INSERT INTO ${effects} VALUES ($1)`, [key]);
    else tx.run(`INSERT INTO ${effects} VALUES (?)`, key);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  };
  startWorker({ inbox, on: { '*': insert }, log: false, retryMs: 5, leaseMs: 2000, pollMs: 50 });
  process.send('ready');
}
