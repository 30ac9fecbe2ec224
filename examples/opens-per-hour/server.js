import { webhooks } from '@smtpeter-webhooks/express';
import express from 'express';

const hours = 24;
const hourOf = (date) => Math.floor(date.getTime() / 3_600_000);
const opens = new Map();

const app = express();
app.set('trust proxy', 'loopback'); // the proxy that ends TLS is on this machine
app.use(
  webhooks({
    id: process.env.WEBHOOK_ID ?? 'environment-1234',
    url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
    on: {
      open(event) {
        const hour = hourOf(event.occurredAt ?? new Date());
        opens.set(hour, (opens.get(hour) ?? 0) + 1);
        for (const old of opens.keys()) if (old <= hourOf(new Date()) - hours) opens.delete(old);
      },
    },
  }),
);

app.get('/opens.json', (_request, response) => {
  const now = hourOf(new Date());
  const shown = Array.from({ length: hours }, (_, i) => now - hours + 1 + i);
  response.json(shown.map((hour) => ({ hour: new Date(hour * 3_600_000), opens: opens.get(hour) ?? 0 })));
});
app.get('/', (_request, response) => {
  response.send(`<!doctype html><meta charset="utf-8"><title>Opens per hour</title><h1>Opens per hour</h1><table id="rows"></table>
<script type="module">
  const rows = await (await fetch('/opens.json')).json();
  for (const { hour, opens } of rows) {
    const row = document.querySelector('#rows').insertRow();
    row.insertCell().textContent = new Date(hour).toLocaleTimeString();
    row.insertCell().append(Object.assign(document.createElement('meter'), { value: opens, max: Math.max(1, ...rows.map((one) => one.opens)) }));
    row.insertCell().textContent = opens;
  }
</script>`);
});

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`listening on port ${server.address().port}`));
