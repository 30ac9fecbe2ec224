import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import Koa from 'koa';

const receive = nodeReceiver({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  trustProxy: 'loopback', // the proxy that ends TLS is on this machine
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

const app = new Koa();
app.use((context, next) => {
  if (context.path !== '/hooks/smtpeter') return next();
  context.respond = false; // the receiver answers
  receive(context.req, context.res);
});
app.use((context) => {
  context.body = 'Hello';
});

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`listening on port ${server.address().port}`));
