import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';

const server = createWebhookServer({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  trustProxy: 'loopback', // the proxy that ends TLS is on this machine
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

const { port } = await server.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`listening on port ${port}`);

process.once('SIGTERM', () => server.close());
