import { createHash, createPublicKey, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCallVerifier } from './call-verifier.js';
import { WebhookRejectedError } from './errors.js';
import type { KeyLookup, KeySource } from './key-source.js';
import type { ReplayAnswer, ReplayMemory } from './replay.js';
import {
  type CallParts,
  ed25519KeyPair,
  endpoint,
  importPublic,
  keyId,
  keyPair,
  now,
  otherKeyPair,
  signedCall,
  sourceOf,
  sourceWith,
  withHeader,
} from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import type { VerifierOptions } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const verifier = (options: Partial<VerifierOptions> = {}) =>
  createVerifier({ endpoints: [endpoint], keys, clock: () => now, ...options });

/** The code with which a call is refused, or `accepted`. */
async function outcome(request: SignedRequest, options: Partial<VerifierOptions> = {}): Promise<string> {
  try {
    await verifier(options).verify(request);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof WebhookRejectedError)) throw error;
    return error.code;
  }
}

const full = signedCall().headers;
const headersWith = (change: (headers: [string, string][]) => [string, string][]): Partial<CallParts> => {
  const pairs: [string, string][] = [];
  for (let i = 0; i < full.length - 2; i += 2) pairs.push([full[i] ?? '', full[i + 1] ?? '']);
  return { headers: change(pairs) };
};
const replacing = (name: string, value: string) =>
  headersWith((headers) => headers.map(([header, old]) => [header, header === name ? value : old]));

describe('a genuine call', () => {
  it('is accepted, and what was signed is given', async () => {
    const request = signedCall({ target: '/hooks/smtpeter?a=1' });
    const verified = await verifier().verify(request);
    expect(verified).toMatchObject({
      identity: 'environment-1234',
      endpoint,
      url: 'https://example.com/hooks/smtpeter?a=1',
      date: now,
      keyId,
      algorithm: 'rsa-sha256',
      keyThumbprint: (await importPublic(keyPair.publicKey)).thumbprint,
    });
    expect(verified.body).toBe(request.body);
    expect(verified.header('Content-Type')).toBe('application/json');
    expect(verified.header('Signature')).toBeUndefined();
  });

  it('gives no header that the signature does not cover', async () => {
    const verified = await verifier().verify(
      signedCall({ list: ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'] }),
    );
    expect(verified.header('host')).toBe('example.com');
    expect(verified.header('content-type')).toBeUndefined();
  });

  it('has an event key of identity and body: the same when it is signed again', async () => {
    const body = Buffer.from('{"type":"open","id":"abc"}');
    const inner = createHash('sha256').update(body).digest('hex');
    const expected = createHash('sha256').update(`environment-1234\n${inner}`).digest('hex');
    const again = signedCall(replacing('X-Nonce', 'another'));
    expect((await verifier().verify(signedCall())).eventKey).toBe(expected);
    expect((await verifier().verify(again)).eventKey).toBe(expected);
    expect((await verifier().verify(signedCall(replacing('X-Copernica-ID', 'Environment_1234')))).eventKey).toBe(
      expected,
    );
  });

  it('is verified without a promise while the key is cached', () => {
    const subject = verifier();
    const head = subject.verifyHead(signedCall());
    expect(head).not.toBeInstanceOf(Promise);
    if (head instanceof Promise) return;
    expect(subject.verifyBody(head, signedCall().body)).not.toBeInstanceOf(Promise);
  });

  it.each<[string, Partial<CallParts>]>([
    [
      'with a mixed-case list',
      { list: ['(request-target)', 'Host', 'Date', 'Content-length', 'X-Copernica-ID', 'Digest'] },
    ],
    ['with names in another order', { list: ['digest', 'x-copernica-id', 'date', 'host', '(request-target)'] }],
    ['without an algorithm', { parameters: { keyId } }],
    ['with hs2019', { parameters: { keyId, algorithm: 'hs2019' } }],
    [
      'with hs2019 and (created) and (expires)',
      {
        parameters: { keyId, algorithm: 'hs2019', created: String(now / 1000), expires: String(now / 1000 + 60) },
        list: ['(request-target)', '(created)', '(expires)', 'host', 'date', 'x-copernica-id', 'digest'],
        lines: { '(created)': String(now / 1000), '(expires)': String(now / 1000 + 60) },
      },
    ],
    ['with a keyId in other case and a trailing dot', { parameters: { keyId: 'One._DomainKey.Copernica.com.' } }],
    ['with the older spelling of the identity', replacing('X-Copernica-ID', 'Environment_1234')],
    ['with a digest name in lower case', replacing('Digest', signedCall().headers[11]?.replace('SHA', 'sha') ?? '')],
    ['with SHA-512', replacing('Digest', `SHA-512=${createHash('sha512').update(signedCall().body).digest('base64')}`)],
    ['with weak digests beside the strong one', replacing('Digest', `MD5=wrong,${signedCall().headers[11]}`)],
    ['with the default port in Host', replacing('Host', 'EXAMPLE.com.:443')],
    ['at the edge of the past', replacing('Date', new Date(now - 300_000).toUTCString())],
    ['at the edge of the future', replacing('Date', new Date(now + 300_000).toUTCString())],
    ['with an empty body', { body: new Uint8Array() }],
    [
      'with a covered header of Latin-1 octets',
      headersWith((headers) => [...headers.slice(0, 6), ['X-Nonce', 'caf\xe9']]),
    ],
    [
      'with headers that are not covered, even twice',
      { finish: (headers) => [...headers, ['Accept', 'a'], ['Accept', 'b']] },
    ],
  ])('%s is accepted', async (_, change) => {
    expect(await outcome(signedCall(change))).toBe('accepted');
  });

  it('is accepted as the vendor prints its Signature header: white space everywhere, a comma missing', async () => {
    const request = withHeader(signedCall(), 'signature', (value) =>
      value
        .replace(',signature="', '\n     signature="')
        .replace('headers="(request-target) host', 'headers="(request-target)   Host\n       ')
        .replace(/([A-Za-z0-9+/]{60})/g, '$1\n   '),
    );
    expect(await outcome(request)).toBe('accepted');
  });

  it('is accepted under an Ed25519 key', async () => {
    const source = await sourceWith(ed25519KeyPair.publicKey);
    for (const algorithm of ['hs2019', 'ed25519']) {
      const request = signedCall({ privateKey: ed25519KeyPair.privateKey, parameters: { keyId, algorithm } });
      expect(await outcome(request, { keys: source })).toBe('accepted');
    }
  });

  it('is accepted under any of several keys at one name', async () => {
    const source = await sourceWith(otherKeyPair.publicKey, ed25519KeyPair.publicKey, keyPair.publicKey);
    expect(await outcome(signedCall(), { keys: source })).toBe('accepted');
  });

  it('over plain HTTP is accepted for an http URL', async () => {
    const endpoints = [{ id: 'environment-1234', url: 'http://example.com/hooks/smtpeter' }];
    expect(await outcome(signedCall({ secure: false }), { endpoints })).toBe('accepted');
  });

  it('of 30 seconds and of a thousandth less than a second in the past is judged by its second', async () => {
    expect(await outcome(signedCall(), { clock: () => now + 300_000 })).toBe('accepted');
    expect(await outcome(signedCall(), { clock: () => now + 300_001 })).toBe('ERR_DATE_TOO_OLD');
    expect(await outcome(signedCall(), { clock: () => now - 300_001 })).toBe('ERR_DATE_IN_FUTURE');
  });
});

describe('a call is refused', () => {
  const publicPem = createPublicKey(keyPair.privateKey).export({ type: 'spki', format: 'pem' });
  const covered = '(request-target) host date x-copernica-id digest'.split(' ');

  it.each<[string, string, SignedRequest]>([
    ['over plain HTTP', 'ERR_INSECURE_TRANSPORT', signedCall({ secure: false })],
    [
      'with a target that is a whole URL',
      'ERR_HEADER_INVALID',
      signedCall({ target: 'https://example.com/hooks/smtpeter' }),
    ],
    ['with white space in its target', 'ERR_HEADER_INVALID', signedCall({ target: '/hooks/smtpeter?a b' })],
    ['without a Signature', 'ERR_HEADER_MISSING', signedCall({ finish: (headers) => headers.slice(0, -1) })],
    [
      'without a Digest',
      'ERR_HEADER_MISSING',
      signedCall({ finish: (headers) => headers.filter(([name]) => name !== 'Digest') }),
    ],
    [
      'with two Signatures',
      'ERR_HEADER_REPEATED',
      signedCall({ finish: (headers) => [...headers, ...headers.slice(-1)] }),
    ],
    [
      'with two Hosts',
      'ERR_HEADER_REPEATED',
      signedCall({ finish: (headers) => [['host', 'example.com'], ...headers] }),
    ],
    ['for another host', 'ERR_HOST_MISMATCH', signedCall(replacing('Host', 'evil.example'))],
    [
      'for a host that only begins like ours',
      'ERR_HOST_MISMATCH',
      signedCall(replacing('Host', 'example.com.evil.example')),
    ],
    ['for another port', 'ERR_HOST_MISMATCH', signedCall(replacing('Host', 'example.com:8443'))],
    ['for another path', 'ERR_PATH_MISMATCH', signedCall({ target: '/hooks/smtpeter/' })],
    ['for another identity', 'ERR_IDENTITY_MISMATCH', signedCall(replacing('X-Copernica-ID', 'environment-12345'))],
    [
      'for an account of the same number',
      'ERR_IDENTITY_MISMATCH',
      signedCall(replacing('X-Copernica-ID', 'account-1234')),
    ],
    ['with no date', 'ERR_DATE_INVALID', signedCall(replacing('Date', 'now'))],
    ['too old', 'ERR_DATE_TOO_OLD', signedCall(replacing('Date', new Date(now - 301_000).toUTCString()))],
    ['too new', 'ERR_DATE_IN_FUTURE', signedCall(replacing('Date', new Date(now + 301_000).toUTCString()))],
    [
      'with a doubled parameter',
      'ERR_SIGNATURE_HEADER_INVALID',
      withHeader(signedCall(), 'signature', (value) => `${value},keyId="${keyId}"`),
    ],
    [
      'with a signature that is not base64',
      'ERR_SIGNATURE_HEADER_INVALID',
      withHeader(signedCall(), 'signature', (value) => value.replace(/signature="./, 'signature="!')),
    ],
    [
      'with base64 whose padding bits are not zero',
      'ERR_SIGNATURE_HEADER_INVALID',
      withHeader(signedCall(), 'signature', (value) =>
        value.replace(/.=="$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=="`),
      ),
    ],
    ['without a keyId', 'ERR_SIGNATURE_HEADER_INVALID', signedCall({ parameters: {} })],
    ['with hmac-sha256', 'ERR_ALGORITHM_REFUSED', signedCall({ parameters: { keyId, algorithm: 'hmac-sha256' } })],
    ['with rsa-sha1', 'ERR_ALGORITHM_REFUSED', signedCall({ parameters: { keyId, algorithm: 'rsa-sha1' } })],
    ['with rsa-md5', 'ERR_ALGORITHM_REFUSED', signedCall({ parameters: { keyId, algorithm: 'rsa-md5' } })],
    [
      'with an algorithm that does not fit the key',
      'ERR_ALGORITHM_REFUSED',
      signedCall({ parameters: { keyId, algorithm: 'ed25519' } }),
    ],
    ...covered.map((name): [string, string, SignedRequest] => [
      `without ${name} covered`,
      'ERR_SIGNATURE_COVERAGE',
      signedCall({ list: covered.filter((one) => one !== name) }),
    ]),
    [
      'without a list',
      'ERR_SIGNATURE_COVERAGE',
      withHeader(signedCall(), 'signature', (value) => value.replace(/headers="[^"]*",/, '')),
    ],
    ['with a name listed twice', 'ERR_SIGNATURE_LIST_INVALID', signedCall({ list: [...covered, 'Host'] })],
    [
      'with a listed header that is absent',
      'ERR_SIGNATURE_LIST_INVALID',
      signedCall({ list: [...covered, 'x-absent'], lines: { 'x-absent': '' } }),
    ],
    [
      'with a listed header that came twice',
      'ERR_SIGNATURE_LIST_INVALID',
      signedCall({ finish: (headers) => [...headers, ['x-nonce', 'fsd9f2']] }),
    ],
    [
      'with a line feed in a covered header',
      'ERR_HEADER_INVALID',
      signedCall(headersWith((headers) => [...headers.slice(0, 6), ['X-Nonce', 'a\nb']])),
    ],
    [
      'with a character that is no octet in a covered header',
      'ERR_HEADER_INVALID',
      signedCall(headersWith((headers) => [...headers.slice(0, 6), ['X-Nonce', 'a\u0141']])),
    ],
    [
      'with (created) under rsa-sha256',
      'ERR_SIGNATURE_TIME',
      signedCall({
        parameters: { keyId, algorithm: 'rsa-sha256', created: '1' },
        list: [...covered, '(created)'],
        lines: { '(created)': '1' },
      }),
    ],
    [
      'created in the future',
      'ERR_SIGNATURE_TIME',
      signedCall({ parameters: { keyId, algorithm: 'hs2019', created: String(now / 1000 + 301) } }),
    ],
    [
      'created too long ago',
      'ERR_SIGNATURE_TIME',
      signedCall({ parameters: { keyId, algorithm: 'hs2019', created: String(now / 1000 - 301) } }),
    ],
    [
      'expired',
      'ERR_SIGNATURE_TIME',
      signedCall({ parameters: { keyId, algorithm: 'hs2019', expires: String(now / 1000 - 1) } }),
    ],
    [
      'with a keyId of another domain',
      'ERR_KEY_ID_INVALID',
      signedCall({ parameters: { keyId: 'one._domainkey.notcopernica.com' } }),
    ],
    ['with an unreadable Digest', 'ERR_DIGEST_HEADER_INVALID', signedCall(replacing('Digest', 'SHA-256=x'))],
    ['with a weak Digest alone', 'ERR_DIGEST_WEAK', signedCall(replacing('Digest', 'MD5=Sd/dVLAcvNLSq16eXua5uQ=='))],
    [
      'under a name that has no key',
      'ERR_KEY_NOT_FOUND',
      signedCall({ parameters: { keyId: 'two._domainkey.copernica.com' } }),
    ],
    ['signed with another key', 'ERR_SIGNATURE_MISMATCH', signedCall({ privateKey: otherKeyPair.privateKey })],
    [
      "signed over empty values, as the vendor's PHP class does with a mixed-case list",
      'ERR_SIGNATURE_MISMATCH',
      signedCall({
        list: ['(request-target)', 'Host', 'Date', 'X-Copernica-ID', 'Digest'],
        lines: { host: '', date: '', 'x-copernica-id': '', digest: '' },
      }),
    ],
    [
      'with a changed query',
      'ERR_SIGNATURE_MISMATCH',
      { ...signedCall({ target: '/hooks/smtpeter?a=1' }), target: '/hooks/smtpeter?a=2' },
    ],
    ['with another method', 'ERR_SIGNATURE_MISMATCH', { ...signedCall(), method: 'PUT' }],
    [
      'with a truncated signature',
      'ERR_SIGNATURE_MISMATCH',
      withHeader(signedCall(), 'signature', (value) => value.replace(/signature="[^"]*"/, 'signature="AAAA"')),
    ],
    [
      'with a changed body',
      'ERR_DIGEST_MISMATCH',
      { ...signedCall(), body: Buffer.from('{"type":"open","id":"abd"}') },
    ],
    [
      'with one digest right and one wrong',
      'ERR_DIGEST_MISMATCH',
      signedCall(
        replacing('Digest', `${signedCall().headers[11]},SHA-512=${createHash('sha512').update('x').digest('base64')}`),
      ),
    ],
    [
      'with an HMAC keyed with the public key',
      'ERR_SIGNATURE_MISMATCH',
      withHeader(signedCall(), 'signature', (value) =>
        value.replace(/signature="[^"]*"/, `signature="${createHash('sha256').update(publicPem).digest('base64')}"`),
      ),
    ],
  ])('%s: %s', async (_, code, request) => {
    expect(await outcome(request)).toBe(code);
  });

  it('the second time', async () => {
    const subject = verifier();
    await subject.verify(signedCall());
    await expect(subject.verify(signedCall())).rejects.toMatchObject({ code: 'ERR_REPLAYED', status: 401 });
  });

  it('the second time also when its Signature header is spelled in another way', async () => {
    const subject = verifier();
    await subject.verify(signedCall());
    const respelled = withHeader(
      signedCall(),
      'signature',
      (value) => `${value.split(',').reverse().join(' , ')}, foo="bar"`,
    );
    await expect(subject.verify(respelled)).rejects.toMatchObject({ code: 'ERR_REPLAYED' });
  });

  it('with a typed error that holds neither signature nor body nor key', async () => {
    const request = signedCall({ privateKey: otherKeyPair.privateKey });
    const error = await verifier()
      .verify(request)
      .catch((thrown: WebhookRejectedError) => thrown);
    const text = JSON.stringify({ ...error, message: (error as Error).message, stack: (error as Error).stack });
    expect(text).not.toContain(request.headers.at(-1)?.slice(-60, -5));
    expect(text).not.toContain('"type":"open"');
    expect(error).toMatchObject({ name: 'WebhookRejectedError', check: 'signature', status: 401 });
  });
});

describe('several endpoints', () => {
  const endpoints = [
    { id: 'environment-1', url: 'https://example.com/one' },
    { id: 'account-2', url: 'https://example.com/two' },
    { id: 'environment-1', url: 'http://other.example/one' },
  ];
  const call = (id: string, host: string, target: string, secure = true) => {
    const changed = headersWith((headers) =>
      headers.map(([name, value]) => [name, name === 'X-Copernica-ID' ? id : name === 'Host' ? host : value]),
    );
    return signedCall({ ...changed, target, secure });
  };

  it.each([
    ['environment-1', 'example.com', '/one', true, 'accepted'],
    ['account-2', 'example.com', '/two', true, 'accepted'],
    ['environment-1', 'other.example', '/one', false, 'accepted'],
    ['account-2', 'example.com', '/one', true, 'ERR_IDENTITY_MISMATCH'],
    ['environment-1', 'example.com', '/two', true, 'ERR_IDENTITY_MISMATCH'],
    ['account-2', 'other.example', '/two', true, 'ERR_PATH_MISMATCH'],
    ['environment-1', 'example.com', '/one', false, 'ERR_HOST_MISMATCH'],
  ])('%s at %s%s (secure: %s): %s', async (id, host, target, secure, expected) => {
    expect(await outcome(call(id, host, target, secure), { endpoints })).toBe(expected);
  });
});

describe("with signedUrl: 'configured'", () => {
  const rewritten = (request: SignedRequest): SignedRequest => ({
    ...withHeader(request, 'host', () => 'backend:3000'),
    target: request.target.replace('/hooks/smtpeter', '/internal'),
  });

  it('a call whose Host and path were rewritten is accepted, and its query is the one that came', async () => {
    const request = rewritten(signedCall({ target: '/hooks/smtpeter?a=1' }));
    expect(await outcome(request)).toBe('ERR_HOST_MISMATCH');
    const verified = await verifier({ signedUrl: 'configured' }).verify(request);
    expect(verified.url).toBe('https://example.com/hooks/smtpeter?a=1');
    expect(verified.header('host')).toBe('example.com');
    expect(await outcome({ ...request, target: '/internal?a=2' }, { signedUrl: 'configured' })).toBe(
      'ERR_SIGNATURE_MISMATCH',
    );
  });

  it('a call that was signed for another URL is refused', async () => {
    const request = signedCall({ target: '/elsewhere' });
    expect(await outcome(request, { signedUrl: 'configured' })).toBe('ERR_SIGNATURE_MISMATCH');
  });

  it('one URL in http and https is two endpoints, told apart by the transport', async () => {
    const endpoints = [endpoint, { ...endpoint, url: 'http://example.com/hooks/smtpeter' }];
    for (const signedUrl of ['received', 'configured'] as const) {
      expect(await outcome(signedCall(), { endpoints, signedUrl })).toBe('accepted');
      expect(await outcome(signedCall({ secure: false }), { endpoints, signedUrl })).toBe('accepted');
    }
  });

  it('several endpoints of one identity are told apart by what was not rewritten, or not at all', async () => {
    const endpoints = [endpoint, { id: 'environment-1234', url: 'https://example.com/second' }];
    const request = withHeader(signedCall(), 'host', () => 'backend:3000');
    expect(await outcome(request, { endpoints, signedUrl: 'configured' })).toBe('accepted');
    expect(await outcome(rewritten(signedCall()), { endpoints, signedUrl: 'configured' })).toBe(
      'ERR_ENDPOINT_AMBIGUOUS',
    );
  });
});

describe('when a signature fails under a cached key', () => {
  const found = async (cached: boolean, ...pairs: (typeof keyPair)[]): Promise<KeyLookup> => ({
    outcome: 'found',
    keys: await Promise.all(pairs.map((pair) => importPublic(pair.publicKey))),
    cached,
    stale: false,
  });
  async function after(first: KeyLookup, fresh: KeyLookup | Error, request = signedCall()) {
    let refreshes = 0;
    const source: KeySource = {
      find: () => first,
      refresh: async () => {
        refreshes++;
        if (fresh instanceof Error) throw fresh;
        return fresh;
      },
    };
    return { outcome: await outcome(request, { keys: source }), refreshes };
  }

  it('a rotation heals by one fresh look-up', async () => {
    expect(await after(await found(true, otherKeyPair), await found(false, keyPair))).toEqual({
      outcome: 'accepted',
      refreshes: 1,
    });
  });

  it('a forgery is refused after one', async () => {
    expect(await after(await found(true, otherKeyPair), await found(false, otherKeyPair))).toEqual({
      outcome: 'ERR_SIGNATURE_MISMATCH',
      refreshes: 1,
    });
  });

  it('no fresh look-up is made for a key that was fetched for this very call', async () => {
    expect(await after(await found(false, otherKeyPair), await found(false, keyPair))).toEqual({
      outcome: 'ERR_SIGNATURE_MISMATCH',
      refreshes: 0,
    });
  });

  it('what cannot be known is refused for now', async () => {
    const barred: KeyLookup = {
      outcome: 'unavailable',
      code: 'ERR_KEY_REFRESH_BARRED',
      detail: '',
      retryAfterSeconds: 4,
    };
    expect((await after(await found(true, otherKeyPair), barred)).outcome).toBe('ERR_KEY_REFRESH_BARRED');
    expect((await after(await found(true, otherKeyPair), new Error('broken'))).outcome).toBe('ERR_KEY_LOOKUP_FAILED');
  });

  it('a key that is gone is refused', async () => {
    const gone: KeyLookup = { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: '' };
    expect((await after(await found(true, otherKeyPair), gone)).outcome).toBe('ERR_KEY_NOT_FOUND');
  });
});

describe('nothing is asked of the key source', () => {
  it('while a check that costs nothing fails', async () => {
    const source = sourceOf({});
    const requests = [
      signedCall({ secure: false }),
      signedCall(replacing('Host', 'evil.example')),
      signedCall(replacing('X-Copernica-ID', 'environment-9')),
      signedCall(replacing('Date', 'now')),
      signedCall({ list: ['host', 'date'] }),
      signedCall(replacing('Digest', 'MD5=x')),
      signedCall({ parameters: { keyId: 'evil.example' } }),
      signedCall({ parameters: { keyId, algorithm: 'hmac-sha256' } }),
    ];
    for (const request of requests) expect(await outcome(request, { keys: source })).not.toBe('accepted');
    expect(source.asked).toEqual([]);
    expect(await outcome(signedCall(), { keys: source })).toBe('ERR_KEY_NOT_FOUND');
    expect(source.asked).toEqual([keyId]);
  });

  it('and one that breaks is a fault of ours, not of the call', async () => {
    const broken: KeySource = {
      find() {
        throw new Error('broken');
      },
    };
    expect(await outcome(signedCall(), { keys: broken })).toBe('ERR_KEY_LOOKUP_FAILED');
  });
});

describe('explain', () => {
  it('reports every check of a genuine call as passed, and leaves it to be handled', async () => {
    const subject = verifier();
    const report = await subject.explain(signedCall());
    expect(report).toMatchObject({ genuine: true, code: undefined });
    expect(report.checks.every((check) => check.result === 'passed')).toBe(true);
    expect(report.signingString).toContain('(request-target): post /hooks/smtpeter\nhost: example.com');
    await expect(subject.verify(signedCall())).resolves.toMatchObject({ identity: 'environment-1234' });
  });

  const late = () => signedCall(replacing('Date', new Date(now - 900_000).toUTCString()));

  it('says what to do about a failure', async () => {
    expect((await verifier().explain(late())).suggestion).toContain('clock');
  });

  it('goes on after a failure', async () => {
    const report = await verifier().explain({ ...late(), body: Buffer.from('x') });
    const results = Object.fromEntries(report.checks.map((check) => [check.id, check.result]));
    expect(results).toMatchObject({ host: 'passed', date: 'failed', signature: 'passed', 'digest-match': 'failed' });
    expect(report.code).toBe('ERR_DATE_TOO_OLD');
    expect(report.checks.find((check) => check.id === 'date')?.evidence).toMatchObject({
      ageSeconds: 900,
      allowedSeconds: 300,
    });
  });

  it('skips what cannot be judged, whatever came', async () => {
    const report = await verifier().explain({
      method: 'GET',
      target: '*',
      headers: [],
      body: new Uint8Array(),
      secure: false,
    });
    expect(report.genuine).toBe(false);
    expect(report.code).toBe('ERR_HEADER_INVALID');
    expect(report.checks.find((check) => check.id === 'signature')?.result).toBe('skipped');
  });
});

describe('misuse is a TypeError that says what to give', () => {
  it.each<[string, unknown, RegExp]>([
    ['no endpoints', { endpoints: [] }, /endpoints/],
    ['an id that is none', { endpoints: [{ id: '1234', url: endpoint.url }] }, /^id: .*environment/],
    ['a url that is none', { endpoints: [{ id: endpoint.id, url: '/hooks' }] }, /^url/],
    ['a url of another scheme', { endpoints: [{ id: endpoint.id, url: 'ftp://example.com/' }] }, /^url/],
    ['signedUrl', { signedUrl: 'both' }, /^signedUrl/],
    ['a tolerance of 0', { toleranceSeconds: 0 }, /^toleranceSeconds/],
    ['a tolerance that is no number', { toleranceSeconds: Number.NaN }, /^toleranceSeconds/],
    ['a zone that is none', { keyZone: '*.copernica.com' }, /^keyZone/],
  ])('%s', (_, options, message) => {
    expect(() => verifier(options as Partial<VerifierOptions>)).toThrow(message);
    expect(() => verifier(options as Partial<VerifierOptions>)).toThrow(TypeError);
  });

  it('a head that verifyHead did not make', () => {
    const head = { identity: 'environment-1234' } as never;
    expect(() => verifier().verifyBody(head, new Uint8Array())).toThrow(TypeError);
    expect(() => verifier().claim(head)).toThrow(TypeError);
  });
});

describe('a replay memory', () => {
  const answering = (answer: ReplayAnswer, waits: boolean): ReplayMemory => ({
    claim: () => (waits ? Promise.resolve(answer) : answer),
  });
  const claimed = (confirm: () => void | Promise<void>): ReplayAnswer => ({ state: 'claimed', confirm, release() {} });

  it('is asked by the first 16 octets of the signature and the Date', async () => {
    const asked: [Uint8Array, number][] = [];
    const replay: ReplayMemory = {
      claim: (key, date) => {
        asked.push([key, date]);
        return claimed(() => {});
      },
    };
    const { replayKey } = await verifier({ replay }).verify(signedCall());
    expect(replayKey).toHaveLength(16);
    expect(asked).toEqual([[replayKey, now]]);
  });

  it.each<[string, boolean]>([
    ['at once', false],
    ['later', true],
  ])('that answers %s is believed', async (_, waits) => {
    const verify = (answer: ReplayAnswer) => verifier({ replay: answering(answer, waits) }).verify(signedCall());
    const replayed = { code: 'ERR_REPLAYED', check: 'replay', status: 401 };
    await expect(verify(claimed(() => {}))).resolves.toMatchObject({ keyId });
    await expect(verify({ state: 'repeat' })).rejects.toMatchObject(replayed);
    await expect(verify({ state: 'pending', settled: Promise.resolve() })).rejects.toMatchObject(replayed);
    await expect(verify({ state: 'forgotten' })).rejects.toMatchObject({
      code: 'ERR_REPLAY_HORIZON',
      check: 'replay',
      status: 503,
    });
  });

  it('that forgot is a refusal of a claim, too', async () => {
    const refusal = expect.objectContaining({ code: 'ERR_REPLAY_HORIZON', check: 'replay' });
    const subject = (waits: boolean) => verifier({ replay: answering({ state: 'forgotten' }, waits) });
    const head = await subject(false).verifyHead(signedCall());
    expect(() => subject(false).claim(head)).toThrow(refusal);
    await expect(subject(true).claim(head)).rejects.toEqual(refusal);
    expect(verifier({ replay: answering({ state: 'repeat' }, false) }).claim(head)).toEqual({ state: 'repeat' });
    const repeat = verifier({ replay: answering({ state: 'repeat' }, true) }).claim(head);
    await expect(repeat).resolves.toEqual({ state: 'repeat' });
  });

  it('has kept a call before its verification is over, and is heard when it could not', async () => {
    const seen: string[] = [];
    const keeping = claimed(() => Promise.resolve().then(() => void seen.push('kept')));
    await verifier({ replay: answering(keeping, true) }).verify(signedCall());
    expect(seen).toEqual(['kept']);
    const failing = claimed(() => Promise.reject(new Error('full')));
    await expect(verifier({ replay: answering(failing, false) }).verify(signedCall())).rejects.toThrow('full');
  });
});

it('a verifier in its parts alone is the same, and one thing less to load', async () => {
  const parts = createCallVerifier({ endpoints: [endpoint], keys, clock: () => now });
  const head = await parts.verifyHead(signedCall());
  expect(await parts.verifyBody(head, signedCall().body)).toMatchObject({ keyId, identity: endpoint.id });
  expect(await parts.claim(head)).toMatchObject({ state: 'claimed' });
  expect(parts).not.toHaveProperty('explain');
});

describe('keys that must be looked up', () => {
  const waiting: KeySource = { find: async (name) => keys.find(name) };

  it('are waited for, and the call is judged by them', async () => {
    const head = verifier({ keys: waiting }).verifyHead(signedCall());
    expect(head).toBeInstanceOf(Promise);
    await expect(head).resolves.toMatchObject({ keyId });
    expect(await outcome(signedCall(), { keys: waiting })).toBe('accepted');
    expect(await outcome({ ...signedCall(), method: 'PUT' }, { keys: waiting })).toBe('ERR_SIGNATURE_MISMATCH');
  });
});

describe('a call that is verified later than it came', () => {
  const receivedAt = new Date(now + 1000);
  const later = { clock: () => now + 86_400_000 };

  it('is judged by the moment at which it came', async () => {
    const subject = verifier(later);
    await expect(subject.verify(signedCall())).rejects.toMatchObject({ code: 'ERR_DATE_TOO_OLD' });
    await expect(subject.verify(signedCall(), {})).rejects.toMatchObject({ code: 'ERR_DATE_TOO_OLD' });
    await expect(subject.verify(signedCall(), { receivedAt })).resolves.toMatchObject({ date: now });
    const late = new Date(now + 300_001);
    await expect(subject.verify(signedCall(), { receivedAt: late })).rejects.toMatchObject({
      code: 'ERR_DATE_TOO_OLD',
    });
  });

  it('is no repeat, since its queue may be one', async () => {
    const subject = verifier(later);
    for (let n = 0; n < 2; n++) await expect(subject.verify(signedCall(), { receivedAt })).resolves.toBeDefined();
  });

  it('is explained by that moment', async () => {
    const subject = verifier(later);
    expect(await subject.explain(signedCall(), { receivedAt })).toMatchObject({ genuine: true });
    expect(await subject.explain(signedCall())).toMatchObject({ genuine: false, code: 'ERR_DATE_TOO_OLD' });
  });
});

it('a verifier knows the paths of its endpoints, as a parser writes them and as they were typed', () => {
  const endpoints = [endpoint, { ...endpoint, url: 'https://example.com/a/../b' }];
  const subject = verifier({ endpoints });
  for (const target of ['/hooks/smtpeter', '/hooks/smtpeter?a=1', '/b', '/a/../b']) {
    expect(subject.hasPath(target)).toBe(true);
  }
  for (const target of ['/hooks', '/hooks/smtpeter/', '/?/b', '', '/a']) expect(subject.hasPath(target)).toBe(false);
});

describe('closing a verifier', () => {
  it('closes its keys and its memory, and waits for the memory', async () => {
    const closed: string[] = [];
    const source: KeySource = { find: keys.find, close: () => void closed.push('keys') };
    const replay: ReplayMemory = {
      claim: () => ({ state: 'repeat' }),
      close: () => Promise.resolve().then(() => void closed.push('memory')),
    };
    await verifier({ keys: source, replay }).close();
    expect(closed).toEqual(['keys', 'memory']);
  });

  it('has nothing to do where neither can be closed', async () => {
    await expect(verifier().close()).resolves.toBeUndefined();
  });

  it('closes the memory also when the keys cannot be closed, and says so', async () => {
    let closed = false;
    const source: KeySource = {
      find: keys.find,
      close() {
        throw new Error('stuck');
      },
    };
    const replay: ReplayMemory = {
      claim: () => ({ state: 'repeat' }),
      close() {
        closed = true;
      },
    };
    await expect(verifier({ keys: source, replay }).close()).rejects.toThrow('stuck');
    expect(closed).toBe(true);
  });
});

it('a signature of one call does not hold for another with the same text on other lines', async () => {
  // The lines of a signing string must not be able to move: a value that looks like another line stays a value.
  const moved = signedCall(replacing('X-Nonce', 'a digest: SHA-256=x'));
  expect(await outcome(moved)).toBe('accepted');
  const raw = sign('sha256', Buffer.from('anything'), keyPair.privateKey).toString('base64');
  expect(
    await outcome(
      withHeader(signedCall(), 'signature', (value) => value.replace(/signature="[^"]*"/, `signature="${raw}"`)),
    ),
  ).toBe('ERR_SIGNATURE_MISMATCH');
});
