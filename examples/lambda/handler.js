import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

const receive = fetchReceiver({
  id: process.env.WEBHOOK_ID ?? 'environment-1234',
  url: process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter',
  on: {
    open: (event) => console.log(`open ${event.recipient}`),
    bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
  },
});

/** A Lambda event, payload format 2.0, as the request that it was. */
function toRequest(event) {
  const { method } = event.requestContext.http;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const body = event.body === undefined ? null : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  // Lambda is reached over TLS only.
  return new Request(`https://${event.headers.host}${event.rawPath}${query}`, { method, headers: event.headers, body });
}

export async function handler(event) {
  const response = await receive(toRequest(event));
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
