import { describe, expect, it } from 'vitest';
import { type ContentVerifierOptions, createContentVerifier } from './content-verifier.js';
import type { KeySource } from './key-source.js';
import { endpoint, keyId, keyPair, now, signedCall, sourceWith, withHeader } from './signed-call.testing.js';

const keys = await sourceWith(keyPair.publicKey);
const endpoints = [
  { id: endpoint.id, url: 'https://example.com/mailings/' },
  { id: endpoint.id, url: 'https://example.com/footer' },
  { id: endpoint.id, url: 'https://other.example/mailings/' },
];
const verifier = (options: Partial<ContentVerifierOptions> = {}) =>
  createContentVerifier({ endpoints, keys, clock: () => now, ...options });
const list = ['(request-target)', 'host', 'date', 'x-copernica-id'];
const page = (target: string, method = 'GET') => signedCall({ method, target, list });
const verify = async (request: ReturnType<typeof page>, options?: Partial<ContentVerifierOptions>) =>
  verifier(options).verify(request);

describe('a page', () => {
  it.each<[string, string, string]>([
    ['GET', '/mailings/intro?for=jane', 'https://example.com/mailings/'],
    ['HEAD', '/mailings/intro', 'https://example.com/mailings/'],
    ['GET', '/mailings/', 'https://example.com/mailings/'],
    ['GET', '/footer?for=jane', 'https://example.com/footer'],
  ])('is for the vendor who signs %s %s', async (method, target, url) => {
    await expect(verify(page(target, method))).resolves.toMatchObject({
      identity: endpoint.id,
      endpoint: { id: endpoint.id, url },
      method,
      url: `https://example.com${target}`,
      keyId,
    });
  });

  it('is known by its path as a parser writes it, and as it was typed', async () => {
    const typed = [{ id: endpoint.id, url: 'https://example.com/a/../b' }];
    for (const target of ['/b', '/a/../b']) {
      await expect(verify(page(target), { endpoints: typed })).resolves.toMatchObject({ method: 'GET' });
    }
  });

  it('is verified without a promise while the key is cached, and as often as it is asked for', () => {
    const subject = verifier();
    const request = page('/footer');
    expect(subject.verify(request)).not.toBeInstanceOf(Promise);
    expect(subject.verify(request)).toMatchObject({ url: 'https://example.com/footer' });
  });

  it('waits for a key that must be looked up', async () => {
    const slow: KeySource = { find: async (name) => keys.find(name) };
    const head = verifier({ keys: slow }).verify(page('/footer'));
    expect(head).toBeInstanceOf(Promise);
    await expect(head).resolves.toMatchObject({ keyId });
    const forged = withHeader(page('/footer'), 'date', () => new Date(now + 1000).toUTCString());
    await expect(verify(forged, { keys: slow })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
  });

  it('is signed as it was asked for, also where the Host is rewritten', async () => {
    const request = withHeader(page('/mailings/a'), 'host', () => 'backend:3000');
    const one = endpoints.slice(0, 1);
    await expect(verify(request, { endpoints: one })).rejects.toMatchObject({ code: 'ERR_HOST_MISMATCH' });
    await expect(verify(request, { endpoints: one, signedUrl: 'configured' })).resolves.toMatchObject({
      url: 'https://example.com/mailings/a',
    });
  });

  it.each(['POST', 'get', 'PUT', 'HEADS'])('is not given to %s, whose body nobody signed', async (method) => {
    await expect(verify(page('/footer', method))).rejects.toMatchObject({
      code: 'ERR_HEADER_INVALID',
      check: 'method',
      evidence: { part: 'method', received: method },
    });
  });

  it.each(['/footer/', '/footer/a', '/mailings', '/mailing', '/', '/a/mailings/'])(
    'is refused where none is: %s',
    async (target) => {
      await expect(verify(page(target))).rejects.toMatchObject({
        code: 'ERR_PATH_MISMATCH',
        check: 'path',
        evidence: { received: target, expected: ['/mailings/', '/footer'] },
      });
    },
  );

  it.each<[string, object]>([
    ['Signature', { code: 'ERR_HEADER_MISSING', evidence: { missing: ['signature'] } }],
    ['Host', { code: 'ERR_HEADER_MISSING', evidence: { missing: ['host'] } }],
    ['Date', { code: 'ERR_HEADER_MISSING', evidence: { missing: ['date'] } }],
    ['X-Copernica-ID', { code: 'ERR_HEADER_MISSING', evidence: { missing: ['x-copernica-id'] } }],
  ])('is refused without %s', async (name, expected) => {
    const request = signedCall({
      method: 'GET',
      target: '/footer',
      finish: (headers) => headers.filter(([header]) => header !== name),
    });
    await expect(verify(request)).rejects.toMatchObject(expected);
  });

  it('needs no Digest', async () => {
    const request = signedCall({
      method: 'GET',
      target: '/footer',
      list,
      finish: (headers) => headers.filter(([header]) => header !== 'Digest'),
    });
    await expect(verify(request)).resolves.toMatchObject({ keyId });
  });
});

it('closing a verifier of pages closes its keys, where there is something to close', () => {
  let closed = 0;
  verifier({ keys: { find: keys.find, close: () => void closed++ } }).close();
  expect(closed).toBe(1);
  expect(() => verifier().close()).not.toThrow();
});
