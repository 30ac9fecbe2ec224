import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DohKeysOptions, dohKeys } from './doh-keys.js';
import { keyPair } from './signed-call.testing.js';

const name = 'one._domainkey.copernica.com';
afterEach(() => void vi.restoreAllMocks());

/** What a provider's answer makes of a look-up; the text in as many parts as are given. */
async function after(response: Response | Promise<Response>) {
  const fetched = vi.spyOn(globalThis, 'fetch').mockReturnValue(Promise.resolve(response));
  const lookup = await dohKeys({ providers: ['https://dns.example/dns-query?ct=1'] }).find(name);
  return { lookup, calls: fetched.mock.calls };
}

function streamOf(...parts: Uint8Array[]): ReadableStream<Uint8Array> & { cancelled?: boolean } {
  const stream: ReadableStream<Uint8Array> & { cancelled?: boolean } = new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
    cancel() {
      stream.cancelled = true;
    },
  });
  return stream;
}

const failed = (detail: string) => ({ outcome: 'unavailable', code: 'ERR_KEY_LOOKUP_FAILED', detail });
const octets = (text: string) => new TextEncoder().encode(text);
const saying = (data: string) => JSON.stringify({ Status: 0, Answer: [{ name, type: 16, TTL: 60, data }] });

describe('a question over HTTPS', () => {
  it('is waited for by the call that asks it, since a Worker ends what no call waits for', async () => {
    const key = keyPair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(saying(`p=${key}`)));
    let now = 0;
    const source = dohKeys({ clock: () => now });
    await source.find(name);
    now = 48_001;
    expect(await Promise.all([source.find(name), source.find(name)])).toMatchObject([
      { outcome: 'found', cached: false },
      { outcome: 'found', cached: true },
    ]);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('is asked as providers want it, and goes nowhere else', async () => {
    const { calls } = await after(new Response('{}'));
    expect(calls).toHaveLength(1);
    const [url, init] = calls[0] ?? [];
    expect(String(url)).toBe(`https://dns.example/dns-query?ct=1&name=${name}&type=TXT`);
    expect(init).toMatchObject({
      headers: { Accept: 'application/dns-json' },
      redirect: 'manual',
      signal: expect.any(AbortSignal),
    });
  });

  it('is asked of Cloudflare, then of Google, where no provider is given', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('', { status: 500 }));
    await dohKeys().find(name);
    expect(fetched.mock.calls.map(([url]) => String(url).split('?')[0])).toEqual([
      'https://cloudflare-dns.com/dns-query',
      'https://dns.google/resolve',
    ]);
  });

  it.each([201, 302, 404, 500])(
    'that is answered with status %i is not answered, and its body is let go',
    async (status) => {
      const body = streamOf(octets('{'));
      const { lookup } = await after(new Response(body, { status }));
      expect(lookup).toMatchObject(failed(`DNS over HTTPS says status ${status}`));
      expect(body.cancelled).toBe(true);
    },
  );

  it('that is answered with a status alone is not answered', async () => {
    const { lookup } = await after(new Response(null, { status: 204 }));
    expect(lookup).toMatchObject(failed('DNS over HTTPS says status 204'));
  });

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['no JSON', () => new Response('<p>'), 'DNS over HTTPS failed: SyntaxError'],
    ['nothing', () => new Response(null), 'DNS over HTTPS failed: SyntaxError'],
    ['JSON of something else', () => new Response('[]'), 'no DNS answer in JSON'],
    ['a broken line', () => Promise.reject(new TypeError('fetch failed')), 'DNS over HTTPS failed: TypeError'],
    ['what is no error', () => Promise.reject('mine'), 'DNS over HTTPS failed: unknown'],
  ])('that is answered with %s has failed', async (_, response, detail) => {
    expect((await after(response())).lookup).toMatchObject(failed(detail));
  });

  it('has an answer of 64 KiB and no more, of which the rest is let go', async () => {
    const text = saying('a');
    const full = octets(text + ' '.repeat(65_536 - text.length));
    const { lookup } = await after(new Response(streamOf(full.subarray(0, 9), full.subarray(9))));
    expect(lookup).toMatchObject({ code: 'ERR_KEY_NOT_FOUND' });
    const body = streamOf(full, octets(' '), octets(' '));
    expect((await after(new Response(body))).lookup).toMatchObject(failed('DNS over HTTPS failed: RangeError'));
    expect(body.cancelled).toBe(true);
  });

  it('has an answer that may be cut anywhere', async () => {
    const key = 'v=DKIM1; n=café; k=rsa; p=';
    const bytes = octets(saying(key));
    const at = bytes.indexOf(0xc3) + 1;
    const { lookup } = await after(new Response(streamOf(bytes.subarray(0, at), bytes.subarray(at))));
    expect(lookup).toMatchObject({ code: 'ERR_KEY_REVOKED' });
    // The last octet is the first half of a letter: no JSON any more.
    const cut = await after(new Response(streamOf(bytes, octets('é').subarray(0, 1))));
    expect(cut.lookup).toMatchObject(failed('DNS over HTTPS failed: SyntaxError'));
  });
});

describe('providers', () => {
  it.each([
    'https://dns.google/resolve',
    'http://127.0.0.1:8053/',
    'http://127.1.2.3/',
    'http://localhost/',
    'http://[::1]/',
  ])('may be %s', (one) => {
    expect(dohKeys({ providers: [one] })).toMatchObject({ find: expect.any(Function) });
  });

  it.each<[unknown]>([
    [[]],
    ['https://dns.google/resolve'],
    [{ length: 1, every: () => true }],
    [['https://dns.google/resolve', 'dns.google']],
    [['http://dns.google/resolve']],
    [['http://127.evil.example/']],
    [['http://x127.0.0.1.example/']],
    [['http://localhost.example/']],
    [['http://my-localhost/']],
    [['http://[::2]/']],
    [['ftp://localhost/']],
    [[new URL('https://dns.google/resolve')]],
  ])('may not be %j', (providers) => {
    expect(() => dohKeys({ providers } as DohKeysOptions)).toThrow(
      new TypeError('providers: give a list of at least one https URL, for instance https://dns.google/resolve.'),
    );
  });

  it('cannot be asked by a runtime without fetch', () => {
    const { fetch } = globalThis;
    Object.assign(globalThis, { fetch: undefined });
    try {
      expect(() => dohKeys()).toThrow(new TypeError('This runtime has no fetch; give keys: pinnedKeys(…).'));
    } finally {
      Object.assign(globalThis, { fetch });
    }
  });

  it('go with the options of any cache', () => {
    expect(() => dohKeys({ cacheSeconds: 0 })).toThrow(/^cacheSeconds: /);
  });
});
