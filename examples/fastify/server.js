import { webhooks } from '@smtpeter-webhooks/fastify';
import Fastify from 'fastify';

const app = Fastify({ trustProxy: 'loopback' }); // the proxy that ends TLS is on this machine

app.register(webhooks, {
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});
app.post('/echo', async (request) => request.body);

await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`listening on port ${app.server.address().port}`);

process.once('SIGTERM', () => app.close());
