// Receives by every door of Node's under its permission model, and tells what it may not do. It learns from the end of
// its input that nobody needs it any more.
import { createServer } from 'node:http';
import { webhooks } from '@smtpeter-webhooks/express';
import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';
import { dnsKeys } from '@smtpeter-webhooks/verify';
import express from 'express';

const { id, url, dns } = JSON.parse(process.argv[2] ?? '{}');
const on = { '*': ({ id: number }) => console.log(JSON.stringify({ handled: number })) };
const options = { id, url, keys: dnsKeys({ servers: [dns] }), trustProxy: 'loopback', on };

const own = createWebhookServer(options);
const app = express().set('trust proxy', 'loopback');
app.use(new URL(url).pathname, webhooks({ id, url, keys: dnsKeys({ servers: [dns] }), on }));
const server = createServer(app);
server.listen(0, '127.0.0.1', async () => {
  const ports = [(await own.listen()).port, server.address().port];
  const may = Object.fromEntries(
    ['fs.read', 'fs.write', 'child', 'worker'].map((scope) => [scope, process.permission.has(scope)]),
  );
  console.log(JSON.stringify({ ports, may }));
});
process.stdin.on('end', () => process.exit()).resume();
