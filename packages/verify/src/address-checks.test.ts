import { describe, expect, it } from 'vitest';
import { endpoint, keyPair, now, signedCall, sourceWith, withHeader } from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import type { VerifierOptions } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const verifier = (options: Partial<VerifierOptions> = {}) =>
  createVerifier({ endpoints: [endpoint], keys, clock: () => now, ...options });
const verify = (request: SignedRequest, options?: Partial<VerifierOptions>) => verifier(options).verify(request);
const at = (url: string, id = endpoint.id) => ({ id, url });

/** Of a header that a call carries: without it, or with another value. */
const without = (...names: string[]) =>
  signedCall({ finish: (headers) => headers.filter(([name]) => !names.includes(name)) });
const twice = (...names: string[]) =>
  signedCall({ finish: (headers) => [...headers, ...headers.filter(([name]) => names.includes(name))] });
const withHost = (value: string) => withHeader(signedCall(), 'host', () => value);
const withIdentity = (value: string) => withHeader(signedCall(), 'x-copernica-id', () => value);

describe('the request line', () => {
  const endpoints = [at('https://example.com/')];

  it.each(['/', '/?a=1', '/?!~', '/?\x80\xff'])('may have the target %j', async (target) => {
    await expect(verify(signedCall({ target }), { endpoints })).resolves.toMatchObject({ method: 'POST' });
  });

  it.each(['P', 'post', 'Z'.repeat(32)])('may have the method %s', async (method) => {
    await expect(verify(signedCall({ method }))).resolves.toMatchObject({ method });
  });

  it.each<[string, Partial<SignedRequest>]>([
    ['no target', { target: '' }],
    ['a target of another form', { target: '*' }],
    ['a whole URL', { target: 'https://example.com/' }],
    ['a space', { target: '/? ' }],
    ['a control', { target: '/?\x1f' }],
    ['a line feed at its end', { target: '/\n' }],
    ['the delete octet', { target: '/?\x7f' }],
    ['what is no octet', { target: '/?\u0100' }],
    ['no method', { method: '' }],
    ['a method of two words', { method: 'POST IT' }],
    ['a digit before its method', { method: '1POST' }],
    ['a digit after its method', { method: 'POST1' }],
    ['a method that is too long', { method: 'Z'.repeat(33) }],
  ])('is refused with %s', async (_, change) => {
    await expect(verify({ ...signedCall({ target: '/' }), ...change }, { endpoints })).rejects.toMatchObject({
      code: 'ERR_HEADER_INVALID',
      check: 'request-line',
      evidence: { part: 'request line' },
    });
  });
});

describe('the transport', () => {
  it('of an https URL is TLS', async () => {
    await expect(verify(signedCall({ secure: false }))).rejects.toMatchObject({
      code: 'ERR_INSECURE_TRANSPORT',
      check: 'transport',
      evidence: { received: 'http' },
    });
  });

  it('of an http URL is any', async () => {
    const endpoints = [at('http://example.com/hooks/smtpeter')];
    await expect(verify(signedCall({ secure: false }), { endpoints })).resolves.toMatchObject({
      identity: endpoint.id,
    });
    await expect(verify(signedCall({ secure: true }), { endpoints })).resolves.toMatchObject({ identity: endpoint.id });
  });
});

describe('of the headers that every call has', () => {
  const required = ['Signature', 'Digest', 'Host', 'Date', 'X-Copernica-ID'];

  it.each(required)('%s must be there', async (name) => {
    await expect(verify(without(name))).rejects.toMatchObject({
      code: 'ERR_HEADER_MISSING',
      check: 'required-headers',
      evidence: { missing: [name.toLowerCase()] },
    });
  });

  it.each(required)('%s must be there once', async (name) => {
    await expect(verify(twice(name))).rejects.toMatchObject({
      code: 'ERR_HEADER_REPEATED',
      check: 'required-headers',
      evidence: { repeated: [name.toLowerCase()] },
    });
  });

  it('all that are missing are named, before those that came twice', async () => {
    const request = signedCall({
      finish: (headers) => [...headers, ...headers].filter(([name]) => name !== 'Date' && name !== 'Digest'),
    });
    await expect(verify(request)).rejects.toMatchObject({ evidence: { missing: ['digest', 'date'] } });
  });
});

describe('a host, a path or an identity that is not ours is refused, and what was expected is told once', () => {
  const endpoints = [
    at('https://example.com/hooks/smtpeter'),
    at('https://example.com/hooks/smtpeter', 'account-1'),
    at('https://example.com/hooks/smtpeter', 'account-2'),
    at('http://example.com/hooks/smtpeter', 'account-2'),
    at('https://other.example:8443/é', 'account-2'),
  ];

  it.each<[string, SignedRequest, object]>([
    [
      'another host',
      withHost('evil.example'),
      {
        code: 'ERR_HOST_MISMATCH',
        check: 'host',
        evidence: { received: 'evil.example', expected: ['example.com', 'other.example:8443'] },
      },
    ],
    [
      'another path',
      signedCall({ target: '/hooks?a=/hooks/smtpeter' }),
      {
        code: 'ERR_PATH_MISMATCH',
        check: 'path',
        evidence: { received: '/hooks', expected: ['/hooks/smtpeter'] },
      },
    ],
    [
      'the path of another host',
      { ...withHost('other.example:8443'), target: '/hooks/smtpeter' },
      { code: 'ERR_PATH_MISMATCH', evidence: { received: '/hooks/smtpeter', expected: ['/%C3%A9'] } },
    ],
    [
      'another identity',
      withIdentity('account-3'),
      {
        code: 'ERR_IDENTITY_MISMATCH',
        check: 'identity',
        evidence: { received: 'account-3', expected: ['environment-1234', 'account-1', 'account-2'] },
      },
    ],
    ['no identity at all', withIdentity('jane'), { code: 'ERR_IDENTITY_MISMATCH', evidence: { received: 'jane' } }],
  ])('%s', async (_, request, expected) => {
    await expect(verify(request, { endpoints })).rejects.toMatchObject(expected);
  });

  it('of plain HTTP by the http URLs alone', async () => {
    const request = { ...withHost('other.example:8443'), secure: false };
    await expect(verify(request, { endpoints })).rejects.toMatchObject({ evidence: { expected: ['example.com'] } });
  });
});

describe('several endpoints of one identity, behind a proxy that rewrites what it likes,', () => {
  const hosts = [at('https://one.example/hooks'), at('https://two.example/hooks')];
  const paths = [at('https://example.com/one'), at('https://example.com/two')];
  const schemes = [at('http://example.com/hooks'), at('https://example.com/hooks')];
  const urlOf = async (
    endpoints: (typeof endpoint)[],
    { host = 'backend', target = '/internal', secure = true, url = '' },
  ) => {
    const { host: signedHost, pathname } = new URL(url);
    const call = signedCall({
      target: pathname,
      finish: (headers) => headers.map(([name, value]) => [name, name === 'Host' ? host : value]),
      headers: hostOf(signedHost),
      secure,
    });
    return (await verify({ ...call, target }, { endpoints, signedUrl: 'configured' })).endpoint.url;
  };
  const hostOf = (host: string): [string, string][] => {
    const { headers } = signedCall();
    const pairs: [string, string][] = [];
    for (let i = 0; i < headers.length - 2; i += 2) pairs.push([headers[i] ?? '', headers[i + 1] ?? '']);
    return pairs.map(([name, value]) => [name, name === 'Host' ? host : value]);
  };

  it.each([0, 1])('are told apart by the Host that it left', async (i) => {
    const url = hosts[i]?.url ?? '';
    expect(await urlOf(hosts, { url, host: new URL(url).host.toUpperCase() })).toBe(url);
  });

  it.each([0, 1])('are told apart by the path that it left', async (i) => {
    const url = paths[i]?.url ?? '';
    expect(await urlOf(paths, { url, target: new URL(url).pathname })).toBe(url);
  });

  it.each([0, 1])('are told apart by the transport', async (i) => {
    const url = schemes[i]?.url ?? '';
    expect(await urlOf(schemes, { url, secure: i === 1 })).toBe(url);
  });

  it('or not at all: that is a mistake of the configuration, and not of the call', async () => {
    await expect(urlOf([...hosts, ...paths], { url: 'https://one.example/hooks' })).rejects.toMatchObject({
      code: 'ERR_ENDPOINT_AMBIGUOUS',
      check: 'identity',
      status: 500,
      evidence: { endpoints: 4 },
    });
  });
});

describe('a report shows of the address', () => {
  const seenOf = async (request: SignedRequest, options?: Partial<VerifierOptions>) => {
    const { checks } = await verifier(options).explain(request);
    const of = (id: string) => checks.find((check) => check.id === id);
    return Object.fromEntries(
      ['transport', 'host', 'path', 'identity'].map((id) => [id, { result: of(id)?.result, ...of(id)?.evidence }]),
    );
  };

  it('what came', async () => {
    expect(await seenOf(signedCall({ target: '/hooks/smtpeter?a=1' }))).toEqual({
      transport: { result: 'passed', secure: true },
      host: { result: 'passed', received: 'example.com' },
      path: { result: 'passed', received: '/hooks/smtpeter' },
      identity: { result: 'passed', received: 'environment-1234' },
    });
  });

  it('what came and was expected, each on its own', async () => {
    const request = { ...withIdentity('account-9'), target: '/other', secure: false };
    expect(await seenOf(withHeader(request, 'host', () => 'evil.example'))).toEqual({
      transport: { result: 'failed', secure: false, received: 'http' },
      host: { result: 'failed', received: 'evil.example', expected: ['example.com'] },
      path: { result: 'failed', received: '/other', expected: ['/hooks/smtpeter'] },
      identity: { result: 'failed', received: 'account-9', expected: ['environment-1234'] },
    });
  });

  it.each([
    ['did not come', without('Host', 'X-Copernica-ID')],
    ['came twice', twice('Host', 'X-Copernica-ID')],
  ])('nothing of what %s', async (_, request) => {
    expect(await seenOf(request)).toMatchObject({ host: { result: 'skipped' }, identity: { result: 'skipped' } });
  });
});
