import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyLookup, KeySource, KeysFound, VerificationKey } from './key-source.js';
import { importDkimKey } from './signature-algorithm.js';
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
} from './signed-call.testing.js';
import { createVerifier } from './verify-request.js';

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const engines = ['node', 'webcrypto'] as const;
const keysOf = async (engine: (typeof engines)[number]) => ({
  rsa: await importDkimKey('rsa', spki(keyPair.publicKey), { engine }),
  other: await importDkimKey('rsa', spki(otherKeyPair.publicKey), { engine }),
  ed25519: await importDkimKey('ed25519', spki(ed25519KeyPair.publicKey).subarray(12), { engine }),
});
const found = (keys: VerificationKey[], more: Partial<KeysFound> = {}): KeysFound => ({
  outcome: 'found',
  keys,
  cached: true,
  stale: false,
  ...more,
});
const verifierWith = (keys: KeySource) => createVerifier({ endpoints: [endpoint], keys, clock: () => now });
/** The refusal of a call, or its verified head. */
const verdict = (keys: KeySource, change: Partial<CallParts> = {}) =>
  verifierWith(keys)
    .verify(signedCall(change))
    .catch((error: unknown) => error);
const checkOf = async (keys: KeySource, id: string, change: Partial<CallParts> = {}) => {
  const { checks } = await verifierWith(keys).explain(signedCall(change));
  return checks.find((check) => check.id === id);
};

const named = (algorithm?: string): Partial<CallParts> => ({
  parameters: algorithm === undefined ? { keyId } : { keyId, algorithm },
});
const withEd25519 = (algorithm?: string) => ({ ...named(algorithm), privateKey: ed25519KeyPair.privateKey });
const covered =
  signedCall()
    .headers.at(-1)
    ?.match(/headers="([^"]*)"/)?.[1]
    ?.split(' ') ?? [];

describe.each([
  ['at once', (lookup: KeyLookup) => lookup],
  ['later', (lookup: KeyLookup) => Promise.resolve(lookup)],
])('a key source that answers %s', (_, given) => {
  const source = (lookup: unknown): KeySource => ({ find: () => given(lookup as KeyLookup) });

  it('may refuse a call for good', async () => {
    const refused = { outcome: 'refused', code: 'ERR_KEY_REVOKED', detail: 'p= is empty' };
    expect(await verdict(source(refused))).toMatchObject({
      code: 'ERR_KEY_REVOKED',
      check: 'key',
      status: 401,
      evidence: { keyId, detail: 'p= is empty' },
      retryAfterSeconds: undefined,
    });
  });

  it('may refuse it for now, and says for how long', async () => {
    const code = 'ERR_KEY_LOOKUP_LIMITED';
    const lookup = { outcome: 'unavailable', code, detail: 'too many', retryAfterSeconds: 17 };
    expect(await verdict(source(lookup))).toMatchObject({
      code,
      check: 'key',
      status: 503,
      evidence: { keyId, detail: 'too many' },
      retryAfterSeconds: 17,
    });
  });

  it.each([undefined, null])('is at fault itself when it answers %s', async (nothing) => {
    expect(await verdict(source(nothing))).toMatchObject({
      code: 'ERR_KEY_LOOKUP_FAILED',
      check: 'key',
      evidence: { detail: 'the key source failed' },
      cause: expect.any(TypeError),
    });
    const lost: KeySource = {
      find: async () => found([await importPublic(otherKeyPair.publicKey)]),
      refresh: () => given(nothing as unknown as KeyLookup),
    };
    expect(await verdict(lost)).toMatchObject({ code: 'ERR_KEY_LOOKUP_FAILED', cause: expect.any(TypeError) });
  });

  it('without any key fits no algorithm', async () => {
    const evidence = { received: '', keyType: '' };
    expect(await verdict(source(found([])), named())).toMatchObject({ code: 'ERR_ALGORITHM_REFUSED', evidence });
  });
});

it.each<[string, () => KeyLookup | Promise<KeyLookup>]>([
  [
    'throws',
    () => {
      throw new Error('mine');
    },
  ],
  ['rejects', () => Promise.reject(new Error('mine'))],
])('a key source that %s is the cause of the refusal', async (_, broken) => {
  const failure = { code: 'ERR_KEY_LOOKUP_FAILED', cause: new Error('mine'), status: 503 };
  expect(await verdict({ find: broken })).toMatchObject({ ...failure, check: 'key' });
  const stale = found([await importPublic(otherKeyPair.publicKey)]);
  expect(await verdict({ find: () => stale, refresh: broken })).toMatchObject({ ...failure, check: 'signature' });
});

describe.each(engines)('a signature, verified by %s,', async (engine) => {
  const { rsa, other, ed25519 } = await keysOf(engine);
  const source = (...keys: VerificationKey[]): KeySource => ({ find: () => found(keys) });

  it.each([
    ['rsa-sha256', named('rsa-sha256')],
    ['RSA-SHA256', named('RSA-SHA256')],
    ['hs2019', named('hs2019')],
    ['no algorithm', named()],
    ['ed25519', withEd25519('ed25519')],
    ['Ed25519', withEd25519('Ed25519')],
    ['hs2019 by Ed25519', withEd25519('hs2019')],
    ['no algorithm by Ed25519', withEd25519()],
  ])('holds under any of several keys: %s', async (_, change) => {
    const keys = [other, ed25519, rsa];
    expect(await verdict(source(...keys), change)).toMatchObject({ keyId });
    expect(await verdict(source(...keys.reverse()), change)).toMatchObject({ keyId });
  });

  it.each([
    ['rsa-sha256', withEd25519('rsa-sha256')],
    ['ed25519', named('ed25519')],
  ])('that names %s holds under no key of another type that is beside', async (_, change) => {
    expect(await verdict(source(rsa, ed25519), change)).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
    expect(await verdict(source(ed25519, rsa), change)).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
  });

  it('that names an algorithm which no key fits is refused as such', async () => {
    expect(await verdict(source(rsa, other), withEd25519('Ed25519'))).toMatchObject({
      code: 'ERR_ALGORITHM_REFUSED',
      check: 'signature',
      evidence: { received: 'Ed25519', keyType: 'rsa' },
    });
    expect(await verdict(source(ed25519), named('rsa-sha256'))).toMatchObject({
      evidence: { received: 'rsa-sha256', keyType: 'ed25519' },
    });
  });

  it('that does not hold says under which keys, and what it covers', async () => {
    expect(await verdict(source(other, ed25519))).toMatchObject({
      code: 'ERR_SIGNATURE_MISMATCH',
      check: 'signature',
      evidence: { keyId, keyThumbprints: [other.thumbprint, ed25519.thumbprint], covered },
    });
  });

  describe('and a key that was rotated:', () => {
    async function rotated(fresh: VerificationKey[], change: Partial<CallParts> = named('rsa-sha256')) {
      const cached = found([other]);
      const asked: unknown[] = [];
      const refresh = (...what: unknown[]) => {
        asked.push(what);
        return found(fresh, { cached: false });
      };
      const result = await verdict({ find: () => cached, refresh }, change);
      expect(asked).toEqual([[keyId, cached]]);
      return result;
    }

    it.each(['rsa-sha256', 'RSA-SHA256', 'hs2019', undefined])('the new one is taken for %s', async (algorithm) => {
      expect(await rotated([other, rsa], named(algorithm))).toMatchObject({ keyThumbprint: rsa.thumbprint });
    });

    it('it fits the algorithm that is named, too, or is not taken', async () => {
      const result = await rotated([ed25519], withEd25519('rsa-sha256'));
      expect(result).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
    });

    it('a forgery says under which keys it does not hold now', async () => {
      const change = { privateKey: ed25519KeyPair.privateKey };
      expect(await rotated([rsa, other], change)).toMatchObject({
        code: 'ERR_SIGNATURE_MISMATCH',
        evidence: { keyId, keyThumbprints: [rsa.thumbprint, other.thumbprint] },
      });
      expect(await rotated([], change)).toMatchObject({ evidence: { keyThumbprints: [] } });
    });

    it('one that failed is not tried again', async () => {
      let tried = 0;
      const counted: VerificationKey = {
        ...other,
        get material() {
          tried++;
          return other.material;
        },
      };
      const source: KeySource = { find: () => found([counted]), refresh: () => found([counted], { cached: false }) };
      expect(await verdict(source)).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
      expect(tried).toBe(1);
    });

    it('none is asked for where the answer is fresh, or the source has no newer', async () => {
      let asked = 0;
      const refresh = () => {
        asked++;
        return found([rsa]);
      };
      const fresh = found([other], { cached: false });
      expect(await verdict({ find: () => fresh, refresh })).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
      expect(await verdict({ find: () => found([other]) })).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
      expect(asked).toBe(0);
    });

    it('none that is to be had, for good or for now, is why the call is refused', async () => {
      const after = (lookup: KeyLookup) => verdict({ find: () => found([other]), refresh: () => lookup });
      expect(await after({ outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: 'gone' })).toMatchObject({
        code: 'ERR_KEY_NOT_FOUND',
        check: 'signature',
        evidence: { keyId, detail: 'gone' },
      });
      const code = 'ERR_KEY_REFRESH_BARRED';
      expect(await after({ outcome: 'unavailable', code, detail: 'soon', retryAfterSeconds: 4 })).toMatchObject({
        code,
        check: 'signature',
        evidence: { keyId, detail: 'soon' },
        retryAfterSeconds: 4,
      });
    });
  });
});

describe('a report', async () => {
  const { rsa, other } = await keysOf('node');

  it('says which keys were found, and which of them signed', async () => {
    const source: KeySource = { find: () => found([other, rsa], { stale: true }) };
    expect(await checkOf(source, 'key')).toMatchObject({
      result: 'passed',
      evidence: { keyId, thumbprints: [other.thumbprint, rsa.thumbprint], bits: 2048, stale: true },
    });
    expect(await checkOf(source, 'signature')).toMatchObject({
      result: 'passed',
      evidence: { signingString: expect.stringMatching(/^\(request-target\): post /), keyThumbprint: rsa.thumbprint },
    });
    expect(await checkOf({ find: () => found([]) }, 'key')).toMatchObject({ evidence: { bits: 0, stale: false } });
  });

  it('says of a signature that does not hold what it should be over', async () => {
    expect(await checkOf({ find: () => found([other]) }, 'signature')).toMatchObject({
      result: 'failed',
      evidence: { signingString: expect.stringMatching(/^\(request-target\): post /), keyThumbprint: 'none' },
    });
  });

  it('says that there are no keys, and judges no signature then', async () => {
    const source: KeySource = { find: () => ({ outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: 'none' }) };
    expect(await checkOf(source, 'key')).toMatchObject({
      result: 'failed',
      evidence: { keyId, thumbprints: [], bits: 0, stale: false, detail: 'none' },
    });
    expect(await checkOf(source, 'signature')).toMatchObject({ result: 'skipped', evidence: {} });
  });

  it('looks for no key where no name is given, and judges no signature where there is none, or nothing to sign', async () => {
    const asked: string[] = [];
    const source: KeySource = {
      find(name) {
        asked.push(name);
        return found([rsa]);
      },
    };
    const foreign = { parameters: { keyId: 'one.example' } };
    expect(await checkOf(source, 'key', foreign)).toMatchObject({ result: 'skipped', evidence: {} });
    expect(asked).toEqual([]);
    const unreadable: Partial<CallParts> = {
      finish: (headers) => headers.map(([name, value]) => [name, value.replace(/signature="[^"]*"/, 'signature="!"')]),
    };
    expect(await checkOf(source, 'key', unreadable)).toMatchObject({ result: 'passed' });
    expect(await checkOf(source, 'signature', unreadable)).toMatchObject({ result: 'skipped' });
    const absent = { list: [...covered, 'x-absent'], lines: { 'x-absent': '' } };
    expect(await checkOf(source, 'key', absent)).toMatchObject({ result: 'passed' });
    expect(await checkOf(source, 'signature', absent)).toMatchObject({ result: 'skipped' });
  });
});
