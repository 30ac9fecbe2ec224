import { createServer } from 'node:http';
import { webhooks } from '@smtpeter-webhooks/express';
import { createWebhookServer, nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import express from 'express';
import express4 from 'express4';
import { conforms } from './endpoint.testing.js';
import { onFreePort } from './listening.testing.js';

for (const [version, create] of [
  ['5', express],
  ['4', express4],
] as const) {
  conforms(`Express ${version}`, (options) => {
    const app = create();
    app.set('trust proxy', 'loopback').use(webhooks(options)).use(create.json());
    return onFreePort(createServer(app));
  });
}

conforms('node:http', (options) => onFreePort(createServer(nodeReceiver({ ...options, trustProxy: 'loopback' }))));

conforms('the server of its own', async (options) => {
  const server = createWebhookServer({ ...options, trustProxy: 'loopback' });
  const { address, port } = await server.listen();
  return { to: `http://${address}:${port}`, close: () => server.close({ timeoutMs: 0 }) };
});
