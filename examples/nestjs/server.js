import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { webhooks } from '@smtpeter-webhooks/express';

class AppModule {}
Module({})(AppModule);

const app = await NestFactory.create(AppModule, { bodyParser: false, logger: ['error', 'warn'] });
app.set('trust proxy', 'loopback'); // the proxy that ends TLS is on this machine
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
// From here on bodies are parsed as ever.
app.useBodyParser('json');
app.useBodyParser('urlencoded', { extended: true });

await app.listen(Number(process.env.PORT ?? 3000));
console.log(`listening on port ${app.getHttpServer().address().port}`);
