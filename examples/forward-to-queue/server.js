import { RetryLaterError, webhooks } from '@smtpeter-webhooks/express';
import express from 'express';
import { createClient } from 'redis';

const redis = createClient({ url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', disableOfflineQueue: true });
redis.on('error', (error) => console.error(`redis: ${error.message}`));
await redis.connect();

const app = express();
app.set('trust proxy', 'loopback'); // the proxy that ends TLS is on this machine
const receiver = webhooks({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    '*': async (event) => {
      const message = { key: event.key, kind: event.kind, fields: JSON.stringify(event.raw ?? {}) };
      try {
        await redis.xAdd('webhook-events', '*', message);
      } catch (error) {
        throw new RetryLaterError(`The queue is not there: ${error.message}`); // 503: try again later
      }
    },
  },
});
app.use(receiver);

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`listening on port ${server.address().port}`));

process.once('SIGTERM', async () => {
  server.close();
  await receiver.close();
  redis.destroy();
});
