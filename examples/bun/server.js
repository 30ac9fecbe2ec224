import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

const receive = fetchReceiver({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  trustProxy: true, // nobody but the proxy that ends TLS can connect: we listen on loopback only
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env.PORT ?? 3000),
  routes: { '/hooks/smtpeter': { POST: (request) => receive(request) } },
  fetch: () => new Response('Not found', { status: 404 }),
});
console.log(`listening on port ${server.port}`);
