import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rsaPssKey } from './rsa-pss-key.testing.js';
import { hashText, importDkimKey, importJwkKey, type PublicJwk, verifySignature } from './signature-algorithm.js';

const data = Buffer.from('a signing string');
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
/** The public members alone: workerd exports the private ones too. */
function publicJwk(key: KeyObject) {
  const { kty = '', ...members } = key.export({ format: 'jwk' });
  const open = Object.entries(members).filter(([name]) => ['n', 'e', 'crv', 'x'].includes(name));
  return { kty, ...Object.fromEntries(open) };
}
const rsa = (bits: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength: bits, publicExponent });
const rsa2048 = rsa(2048);
const ed25519 = generateKeyPairSync('ed25519');
const rsaSignature = sign('sha256', data, rsa2048.privateKey);

/** What every key that cannot be used is refused with, and what is said of it. */
const refusal = (message: string) => ({ name: 'KeyImportError', code: 'ERR_KEY_UNUSABLE', message });
const exponentRefused = refusal('The public exponent of the RSA key is not an odd number from 3 to 2^32.');

/** Runs something as if WebCrypto could import no key at all. */
async function withoutImports<T>(work: () => Promise<T>): Promise<T> {
  const importKey = () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'));
  Object.defineProperty(crypto.subtle, 'importKey', { value: importKey, configurable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(crypto.subtle, 'importKey');
  }
}

describe.each(['node', 'webcrypto'] as const)('an RSA key, by %s,', (engine) => {
  it.each([
    ['SubjectPublicKeyInfo', spki(rsa2048.publicKey)],
    ['RSAPublicKey', rsa2048.publicKey.export({ type: 'pkcs1', format: 'der' })],
    [
      'SubjectPublicKeyInfo with bytes behind it',
      Buffer.concat([spki(rsa2048.publicKey), Buffer.from([0x11, 0x22, 0x33])]),
    ],
  ])('is imported from a %s and verifies', async (_, der) => {
    const key = await importDkimKey('rsa', der, { engine });
    expect(key).toMatchObject({ type: 'rsa', bits: 2048, material: { engine } });
    // At once where it can be: a promise costs a turn of the event loop.
    expect(typeof verifySignature(key, data, rsaSignature)).toBe(engine === 'node' ? 'boolean' : 'object');
    expect(await verifySignature(key, data, rsaSignature)).toBe(true);
    expect(await verifySignature(key, Buffer.from('another'), rsaSignature)).toBe(false);
    expect(await verifySignature(key, data, rsaSignature.subarray(1))).toBe(false);
    expect(await verifySignature(key, data, Buffer.concat([Buffer.from([0]), rsaSignature]))).toBe(false);
    expect(await verifySignature(key, data, Buffer.alloc(0))).toBe(false);
  });

  it('is imported from a JWK, under the same thumbprint', async () => {
    const key = await importJwkKey(publicJwk(rsa2048.publicKey), { engine });
    expect(key).toMatchObject({ type: 'rsa', bits: 2048, material: { engine } });
    expect(await verifySignature(key, data, rsaSignature)).toBe(true);
    expect(key.thumbprint).toBe((await importDkimKey('rsa', spki(rsa2048.publicKey))).thumbprint);
  });

  it('takes PKCS#1 v1.5 with SHA-256 alone', async () => {
    const key = await importDkimKey('rsa', spki(rsa2048.publicKey), { engine });
    expect(await verifySignature(key, data, sign('sha1', data, rsa2048.privateKey))).toBe(false);
    expect(await verifySignature(key, data, sign('sha512', data, rsa2048.privateKey))).toBe(false);
    const pss = sign('sha256', data, { key: rsa2048.privateKey, padding: 6, saltLength: 32 });
    expect(await verifySignature(key, data, pss)).toBe(false);
  });
});

describe('an RSA key', () => {
  it('is named by its RFC 7638 thumbprint: the example of section 3.1', async () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const key = await importJwkKey({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' });
    expect(key.thumbprint).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it.each([
    ['1024 bits', 1024, 65_537],
    ['4096 bits', 4096, 65_537],
    ['the exponent 3', 1024, 3],
  ])('of %s is accepted', async (_, bits, exponent) => {
    const { publicKey, privateKey } = rsa(bits, exponent);
    const key = await importDkimKey('rsa', spki(publicKey));
    expect(await verifySignature(key, data, sign('sha256', data, privateKey))).toBe(true);
  });

  /** An odd number of so many bits: no product of two primes, but no importer looks for that. */
  const modulus = (bits: number) => {
    const octets = new Array(Math.ceil(bits / 8)).fill(0x55);
    octets[0] = 1 << ((bits - 1) % 8);
    return Buffer.from(octets).toString('base64url');
  };
  const octets = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

  it.each([1023, 8193])('of %i bits is refused', async (bits) => {
    await expect(importJwkKey({ kty: 'RSA', n: modulus(bits), e: 'AQAB' })).rejects.toMatchObject(
      refusal(`The RSA key has ${bits} bits; 1024 to 8192 are accepted.`),
    );
  });

  it.each([1024, 8192])('of %i bits is imported', async (bits) => {
    expect(await importJwkKey({ kty: 'RSA', n: modulus(bits), e: 'AQAB' })).toMatchObject({ type: 'rsa', bits });
  });

  it('of a record, smaller than 1024 bits, is refused', async () => {
    await expect(importDkimKey('rsa', spki(rsa(1016).publicKey))).rejects.toMatchObject(
      refusal('The RSA key has 1016 bits; 1024 to 8192 are accepted.'),
    );
  });

  it.each(['03', '00010001', 'ffffffff'])('with the exponent 0x%s is imported', async (exponent) => {
    const jwk = { kty: 'RSA', n: modulus(2048), e: octets(exponent) };
    expect(await importJwkKey(jwk)).toMatchObject({ type: 'rsa', bits: 2048 });
  });

  it.each(['', '00', '01', '02', '04', '010000', 'fffffffe', '0100000001'])(
    'with the exponent 0x%s, which is too small, even or too large, is refused',
    async (exponent) => {
      const jwk = { kty: 'RSA', n: modulus(2048), e: octets(exponent) };
      await expect(importJwkKey(jwk)).rejects.toMatchObject(exponentRefused);
    },
  );

  it.each(['AQ AB', 'AQAB=', '!'])('with an exponent that is not base64url, %j, is refused', async (e) => {
    await expect(importJwkKey({ kty: 'RSA', n: modulus(2048), e })).rejects.toMatchObject(exponentRefused);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['random octets', Buffer.from('random octets')],
    ['a cut key', spki(rsa2048.publicKey).subarray(0, 200)],
    ['a SEQUENCE of indefinite length', Buffer.from([0x30, 0x80, 0x02, 0x00])],
    ['a SEQUENCE that says it is huge', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])],
  ])('is not made of %s', async (_, der) => {
    await expect(importDkimKey('rsa', der)).rejects.toMatchObject(refusal('The data is not an RSA public key in DER.'));
  });

  it.each([
    ['an elliptic curve key', spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['an RSASSA-PSS key', rsaPssKey],
    ['an Ed25519 key', spki(generateKeyPairSync('ed25519').publicKey)],
  ])('is not made of %s, and the cause is kept', async (_, der) => {
    await expect(importDkimKey('rsa', der)).rejects.toMatchObject({
      ...refusal('The data is not an RSA public key.'),
      cause: expect.any(Error),
    });
  });

  it('that the runtime cannot import is refused, and the cause is kept', async () => {
    const jwk = publicJwk(rsa2048.publicKey);
    await expect(withoutImports(() => importJwkKey(jwk))).rejects.toMatchObject({
      ...refusal('The JWK is not an RSA public key.'),
      cause: { name: 'NotSupportedError' },
    });
  });
});

describe.each(['node', 'webcrypto', 'tweetnacl'] as const)('an Ed25519 key, by %s,', (engine) => {
  // RFC 8463 appendix A.2: the public key of the record, and the seed it belongs to.
  const record = Buffer.from('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', 'base64');
  const seed = Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: record.toString('base64url') };

  it('is that of RFC 8463, and verifies', async () => {
    const key = await importDkimKey('ed25519', record, { engine });
    const signature = sign(null, data, { key: { ...jwk, d: seed.toString('base64url') }, format: 'jwk' });
    expect(key).toMatchObject({ type: 'ed25519', bits: 256, material: { engine } });
    expect(typeof verifySignature(key, data, signature)).toBe(engine === 'node' ? 'boolean' : 'object');
    expect(await verifySignature(key, data, signature)).toBe(true);
    expect(await verifySignature(key, Buffer.from('another'), signature)).toBe(false);
    expect(await verifySignature(key, data, signature.subarray(0, 63))).toBe(false);
    // The same signature with S + L: native Ed25519 refuses it, tweetnacl alone would not.
    const L = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + L;
    const malleable = Buffer.concat([
      signature.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(),
    ]);
    expect(await verifySignature(key, data, malleable)).toBe(false);
  });

  it('verifies the published signature of RFC 8032 section 7.1 test 2', async () => {
    const key = await importDkimKey(
      'ed25519',
      Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex'),
      { engine },
    );
    const signature = Buffer.from(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      'hex',
    );
    expect(await verifySignature(key, Buffer.from([0x72]), signature)).toBe(true);
  });

  it('is imported as SubjectPublicKeyInfo and as JWK too, under one thumbprint (RFC 8037 appendix A.3)', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const der = await importDkimKey('ed25519', spki(publicKey), { engine });
    expect((await importJwkKey(publicJwk(publicKey), { engine })).thumbprint).toBe(der.thumbprint);
    expect((await importJwkKey(jwk, { engine })).thumbprint).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  const prefix = spki(ed25519.publicKey).subarray(0, 12);
  const prefixOfX25519 = Buffer.from('302a300506032b656e032100', 'hex');
  it.each([
    ['of another length', Buffer.alloc(31, 7), 31],
    ['that is an RSA key', spki(rsa2048.publicKey), 294],
    ['in a SubjectPublicKeyInfo that is too short', Buffer.concat([prefix, record.subarray(1)]), 43],
    ['in a SubjectPublicKeyInfo with octets behind it', Buffer.concat([prefix, record, Buffer.alloc(1)]), 45],
    ['in a SubjectPublicKeyInfo of X25519', Buffer.concat([prefixOfX25519, record]), 44],
  ])('%s is refused', async (_, raw, length) => {
    await expect(importDkimKey('ed25519', raw, { engine })).rejects.toMatchObject(
      refusal(`An Ed25519 key has 32 octets, this one ${length}.`),
    );
  });

  it('of small order is refused', async () => {
    const raw = Buffer.from([1, ...new Array(31).fill(0)]);
    await expect(importDkimKey('ed25519', raw, { engine })).rejects.toMatchObject(
      refusal('The Ed25519 key is not canonical, or a point of small order.'),
    );
  });
});

describe('an Ed25519 key', () => {
  const raw = spki(ed25519.publicKey).subarray(12);

  it('is used by WebCrypto alone where that was asked for, or not at all', async () => {
    const engine = 'webcrypto';
    await expect(withoutImports(() => importDkimKey('ed25519', raw, { engine }))).rejects.toMatchObject({
      ...refusal('The data is not an Ed25519 public key.'),
      cause: { name: 'NotSupportedError' },
    });
  });

  it('is used at once where nothing else was asked for', async () => {
    const signature = sign(null, data, ed25519.privateKey);
    expect(verifySignature(await importDkimKey('ed25519', raw), data, signature)).toBe(true);
  });
});

describe('a JWK is refused', () => {
  const jwk = publicJwk(rsa2048.publicKey);
  const okp = publicJwk(ed25519.publicKey);

  it.each([
    ['when it is private', rsa2048.privateKey.export({ format: 'jwk' })],
    ['when it is secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].map((member): [string, PublicJwk] => [
      `when it holds the private or secret member ${member} alone`,
      { ...jwk, [member]: 'AQAB' },
    ]),
  ])('%s', async (_, one) => {
    await expect(importJwkKey(one)).rejects.toMatchObject(
      refusal('The JWK is private or secret: give the public key alone.'),
    );
  });

  it.each<[string, object]>([
    [
      'when it is of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
    ],
    ['when it is of another curve', { ...okp, crv: 'Ed448' }],
    ['when its curve fits and its kind does not', { ...okp, kty: 'EC' }],
    ['when its x is no text', { ...okp, x: 1 }],
    ['when its kind is not that of its members', { ...jwk, kty: 'EC' }],
    ['when its n is no text', { ...jwk, n: 1 }],
    ['when its e is no text', { ...jwk, e: 65_537 }],
    ['when members are missing', { kty: 'RSA', n: 'AQAB' }],
    ['when it is nothing at all', {}],
  ])('%s', async (_, one) => {
    await expect(importJwkKey(one as PublicJwk)).rejects.toMatchObject(
      refusal('The JWK is neither an RSA nor an Ed25519 public key.'),
    );
  });

  it.each<[string, string, string]>([
    ['not base64url', '!'.repeat(43), 'The x member of the JWK is not base64url of 32 octets.'],
    ['shorter than 32 octets', Buffer.alloc(31, 7).toString('base64url'), 'An Ed25519 key has 32 octets, this one 31.'],
  ])('when its x is %s', async (_, x, message) => {
    await expect(importJwkKey({ ...okp, x })).rejects.toMatchObject(refusal(message));
  });
});

it('hashes as node:crypto does, and at once', () => {
  for (const name of ['sha-256', 'sha-512'] as const) {
    for (const encoding of ['base64', 'hex'] as const) {
      const expected = createHash(name.replace('-', '')).update(data).digest(encoding);
      expect(hashText(name, data, encoding)).toBe(expected);
    }
  }
});
