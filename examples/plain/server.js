import { createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { promises as dns } from 'node:dns';
import { createServer } from 'node:http';

const id = process.env.WEBHOOK_ID ?? 'environment-1234';
const url = new URL(process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter');
const required = ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'];

/** Gives the body of a genuine call; throws for every other one. Nothing of the body is read before the signature holds. */
async function verified(request) {
  const must = (holds, what) => {
    if (!holds) throw new Error(what);
  };
  const { headers, method } = request;

  // 1. It came over TLS, which a proxy on this machine ends, to our address, and is for us.
  must(request.method === 'POST' && request.url.split('?')[0] === url.pathname, 'path');
  must(url.protocol === 'http:' || headers['x-forwarded-proto'] === 'https', 'transport');
  must(headers.host?.toLowerCase() === url.host, 'host');
  must(headers['x-copernica-id']?.toLowerCase().replace('_', '-') === id, 'identity');

  // 2. It is recent, in both directions.
  must(Math.abs(Date.now() - Date.parse(headers.date)) <= 300_000, 'date');

  // 3. The signature covers what matters, and its key is the vendor's: a name below copernica.com, by whole labels.
  const parameters = {};
  for (const [, name, value] of (headers.signature ?? '').matchAll(/(?<![\w-])(\w+)="([^"]*)"/g)) {
    must(parameters[name] === undefined, 'doubled parameter');
    parameters[name] = value;
  }
  const { keyId = '', headers: list = '', signature = '' } = parameters;
  const names = list.toLowerCase().trim().split(/\s+/);
  must(
    required.every((name) => names.includes(name)),
    'coverage',
  );
  must(/^([a-z0-9_-]+\.)+copernica\.com$/i.test(keyId), 'key name');

  // 4. The public key is a DKIM record in DNS. The algorithm is the key's: RSA with SHA-256, whatever the call says.
  const records = await dns.resolveTxt(keyId);
  const record = records.map((parts) => parts.join('')).find((text) => /(^|;)\s*p=/.test(text)) ?? '';
  const key = /(?:^|;)\s*p=([A-Za-z0-9+/=\s]+)/.exec(record)?.[1].replace(/\s/g, '');
  const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });

  // 5. It signed these lines, with the values that came. A listed header that is missing is no signature.
  const lines = names.map((name) => {
    const value = name === '(request-target)' ? `${method.toLowerCase()} ${request.url}` : headers[name];
    must(value !== undefined, `missing ${name}`);
    return `${name}: ${value}`;
  });
  const text = Buffer.from(lines.join('\n'), 'latin1');
  must(verify('sha256', text, publicKey, Buffer.from(signature.replace(/\s/g, ''), 'base64')), 'signature');

  // 6. The body is the one whose digest was signed.
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    must(length <= 5_242_880, 'too large');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const digest = Buffer.from(/sha-256=([^,]+)/i.exec(headers.digest)?.[1] ?? '', 'base64');
  const actual = createHash('sha256').update(body).digest();
  must(digest.length === actual.length && timingSafeEqual(digest, actual), 'digest');
  return body;
}

const server = createServer(async (request, response) => {
  const body = await verified(request).catch((error) => void console.log(`refused: ${error.message}`));
  if (body !== undefined) console.log(`genuine: ${body.length} bytes`);
  response.writeHead(body === undefined ? 401 : 200).end();
}).listen(process.env.PORT ?? 3000, '127.0.0.1', () => console.log(`listening on port ${server.address().port}`));
