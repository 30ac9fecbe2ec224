import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';

const app = express();
app.set('trust proxy', 'loopback'); // the proxy that ends TLS is on this machine

const receiver = webhooks({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

// Before express.json(): the signature is over the bytes as they came.
app.use(receiver);
app.use(express.json());
app.get('/', (_request, response) => response.json(receiver.stats()));

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`listening on port ${server.address().port}`));

process.once('SIGTERM', async () => {
  await receiver.close();
  server.close();
});
