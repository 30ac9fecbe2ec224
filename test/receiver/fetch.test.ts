import { createHash, sign } from 'node:crypto';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';
import { call, id, key, keyId, keys, path, url } from '../vendor.testing.js';

const start = () => {
  const seen: string[] = [];
  const receive = fetchReceiver({
    id,
    url,
    keys: keys(),
    log: false,
    on: { '*': (event) => void seen.push(event.kind) },
  });
  return { receive, seen };
};

const requestOf = (what: SignedCall, more: readonly (readonly [string, string])[] = [], at = url) => {
  const headers = new Headers();
  for (const [name, value] of [...what.headers, ...more]) headers.append(name, value);
  return new Request(new URL(what.target, at), { method: what.method, headers, body: Uint8Array.from(what.body) });
};

/** A call signed over header values as `Headers` joins them. */
function joined(values: Readonly<Record<string, readonly string[]>>, body: Buffer): Request {
  const names = ['(request-target)', ...Object.keys(values)];
  const text = names.map((name) => `${name}: ${values[name]?.join(', ') ?? `post ${path}`}`).join('\n');
  const signature = sign('sha256', Buffer.from(text), key.privateKey).toString('base64');
  const headers = new Headers({ signature: `keyId="${keyId}",headers="${names.join(' ')}",signature="${signature}"` });
  for (const [name, lines] of Object.entries(values)) for (const line of lines) headers.append(name, line);
  return new Request(url, { method: 'POST', headers, body: Uint8Array.from(body) });
}

const body = Buffer.from('{"type":"open","id":"a"}');
const digest = (name: string, node: string) => `${name}=${createHash(node).update(body).digest('base64')}`;
const values = () => ({
  host: ['example.com'],
  date: [new Date().toUTCString()],
  'x-copernica-id': [id],
  digest: [digest('SHA-256', 'sha256')],
});

describe('the Fetch door, which cannot see doubled header lines,', () => {
  it.each(['Host', 'Date', 'X-Copernica-ID', 'Signature'])('refuses a doubled %s', async (name) => {
    const { receive, seen } = start();
    const what = call();
    const value = what.headers.find(([one]) => one === name)?.[1] ?? '';
    const { status } = await receive(requestOf(what, [[name, value]]));
    expect(status).toBe(name === 'Host' ? 421 : 401);
    expect(seen).toEqual([]);
  });

  it('takes two lines of Digest as the list that they mean, and checks each value', async () => {
    const { receive, seen } = start();
    const both = [digest('SHA-256', 'sha256'), digest('SHA-512', 'sha512')];
    expect((await receive(joined({ ...values(), digest: both }, body))).status).toBe(200);
    const wrong = [digest('SHA-256', 'sha256'), `SHA-512=${createHash('sha512').digest('base64')}`];
    expect((await receive(joined({ ...values(), digest: wrong }, body))).status).toBe(401);
    expect(seen).toEqual(['open']);
  });

  it('takes another doubled header by its joined value, which the signature must be over', async () => {
    const { receive, seen } = start();
    expect((await receive(joined({ ...values(), 'x-nonce': ['a', 'b'] }, body))).status).toBe(200);
    expect((await receive(requestOf(call(), [['X-Nonce', 'second']]))).status).toBe(401);
    expect(seen).toEqual(['open']);
  });
});

describe('the Fetch door', () => {
  it('refuses plain HTTP, and believes a proxy only when it is told to', async () => {
    const { receive } = start();
    const plain = 'http://example.com';
    const what = call();
    const forwarded = [['X-Forwarded-Proto', 'https']] as const;
    expect((await receive(requestOf(what, [], plain))).status).toBe(403);
    expect((await receive(requestOf(what, forwarded, plain))).status).toBe(403);
    const trusting = fetchReceiver({ id, url, keys: keys(), log: false, trustProxy: true, on: { '*': () => {} } });
    expect((await trusting(requestOf(what, forwarded, plain))).status).toBe(200);
  });

  it('answers 500 when something has read the body before', async () => {
    const { receive } = start();
    const request = requestOf(call());
    await request.text();
    expect((await receive(request)).status).toBe(500);
  });

  it('answers 413 without reading to the end of a body that has none', async () => {
    const { receive } = start();
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1_000_000));
      },
    });
    const what = call();
    // The signed length is small; what comes is not.
    const headers = new Headers(what.headers.map(([name, value]) => [name, value] as [string, string]));
    const init = { method: 'POST', headers, body: endless, duplex: 'half' };
    const { status } = await receive(new Request(url, init as RequestInit));
    expect(status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });
});

describe('the Fetch door, given a body that somebody else has locked,', () => {
  it.each([
    ['a genuine call', (): Request => requestOf(call()), 500],
    ['a stranger', (): Request => new Request(url, { method: 'POST', body: 'x' }), 500],
    ['another path', (): Request => new Request(new URL('/elsewhere', url), { method: 'POST', body: 'x' }), 404],
  ])('answers %s, and does not reject', async (_, make, status) => {
    const { receive, seen } = start();
    const request = make();
    request.body?.getReader();
    expect((await receive(request)).status).toBe(status);
    expect(receive.stats().rejected[status === 500 ? 'ERR_BODY_CONSUMED' : 'ERR_PATH_MISMATCH']).toBe(1);
    expect(seen).toEqual([]);
  });
});
