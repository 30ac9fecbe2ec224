import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';

const app = express();
app.set('trust proxy', 'loopback'); // nginx, and nobody else

app.use(
  webhooks({
    id: process.env.WEBHOOK_ID ?? 'environment-1234',
    url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
    on: {
      open: (event) => console.log(`open ${event.recipient}`),
      bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
    },
  }),
);

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on port ${server.address().port}`);
});
