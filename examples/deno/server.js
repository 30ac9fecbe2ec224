import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

const receive = fetchReceiver({
  id: Deno.env.get('WEBHOOK_ID') ?? 'environment-1234',
  url: Deno.env.get('WEBHOOK_URL') ?? 'https://example.com/hooks/smtpeter',
  trustProxy: true, // nobody but the proxy that ends TLS can connect: we listen on loopback only
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

Deno.serve({
  hostname: '127.0.0.1',
  port: Number(Deno.env.get('PORT') ?? 3000),
  onListen: ({ port }) => console.log(`listening on port ${port}`),
  handler: (request) => receive(request),
});
