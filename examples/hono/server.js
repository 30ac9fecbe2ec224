import { serve } from '@hono/node-server';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { Hono } from 'hono';

const receive = fetchReceiver({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  trustProxy: true, // nobody but the proxy that ends TLS can connect: we listen on loopback only
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

const app = new Hono();
app.post('/hooks/smtpeter', (context) => receive(context.req.raw));
app.get('/', (context) => context.json(receive.stats()));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`listening on port ${port}`);
});
