import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

const receive = fetchReceiver({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  trustProxy: true, // only the proxy that ends TLS can connect
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

export const POST = ({ request }) => receive(request);
