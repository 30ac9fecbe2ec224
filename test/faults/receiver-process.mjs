// A server in a process of its own, to be stopped or killed. Settings come as JSON in the first argument; it tells its
// parent where it listens, and what its handler takes: as it begins, and when it is through.
import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';

const { id, url, jwks, held, closeMs = 10_000 } = JSON.parse(process.argv[2] ?? '{}');
// Whoever started it is gone.
process.on('disconnect', () => process.exit());

let release = () => {};
const released = new Promise((resolve) => {
  release = resolve;
});
process.on('message', (message) => {
  if (message === 'release') release();
});

const server = createWebhookServer({
  id,
  url,
  keys: jwks,
  trustProxy: 'loopback',
  log: false,
  on: {
    '*': async ({ key }) => {
      process.send({ begun: key });
      if (held) await released;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      process.send({ handled: key });
    },
  },
});

process.once('SIGTERM', async () => {
  process.send({ closing: true });
  await server.close({ timeoutMs: closeMs });
  process.disconnect();
});

process.send({ port: (await server.listen()).port });
