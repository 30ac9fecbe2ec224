import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rsaPssKey } from './rsa-pss-key.testing.js';
import { hashText, importDkimKey, importJwkKey, KeyImportError, verifySignature } from './signature-algorithm.js';

const data = Buffer.from('a signing string');
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const rsa = (bits: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength: bits, publicExponent });
const rsa2048 = rsa(2048);
const rsaSignature = sign('sha256', data, rsa2048.privateKey);

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
    expect(key).toMatchObject({ type: 'rsa', bits: 2048 });
    expect(await verifySignature(key, data, rsaSignature)).toBe(true);
    expect(await verifySignature(key, Buffer.from('another'), rsaSignature)).toBe(false);
    expect(await verifySignature(key, data, rsaSignature.subarray(1))).toBe(false);
    expect(await verifySignature(key, data, Buffer.concat([Buffer.from([0]), rsaSignature]))).toBe(false);
    expect(await verifySignature(key, data, Buffer.alloc(0))).toBe(false);
  });

  it('is imported from a JWK, under the same thumbprint', async () => {
    const key = await importJwkKey(rsa2048.publicKey.export({ format: 'jwk' }), { engine });
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

  it('smaller than 1024 bits is refused', async () => {
    await expect(importDkimKey('rsa', spki(rsa(1016).publicKey))).rejects.toThrow(KeyImportError);
  });

  it('larger than 8192 bits, or with an exponent that no one uses, is refused', async () => {
    const n = (bytes: number) => Buffer.from([0x80, ...new Array(bytes - 2).fill(0x55), 1]).toString('base64url');
    await expect(importJwkKey({ kty: 'RSA', n: n(1025), e: 'AQAB' })).rejects.toThrow(KeyImportError);
    await expect(importJwkKey({ kty: 'RSA', n: n(256), e: 'AQ' })).rejects.toThrow(KeyImportError);
    await expect(importJwkKey({ kty: 'RSA', n: n(256), e: 'BA' })).rejects.toThrow(KeyImportError);
    await expect(importJwkKey({ kty: 'RSA', n: n(256), e: 'AQAAAAE' })).rejects.toThrow(KeyImportError);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['random octets', Buffer.from('random octets')],
    ['a cut key', spki(rsa2048.publicKey).subarray(0, 200)],
    ['an elliptic curve key', spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['an RSASSA-PSS key', rsaPssKey],
    ['an Ed25519 key', spki(generateKeyPairSync('ed25519').publicKey)],
    ['a SEQUENCE of indefinite length', Buffer.from([0x30, 0x80, 0x02, 0x00])],
    ['a SEQUENCE that says it is huge', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])],
  ])('is not made of %s', async (_, der) => {
    await expect(importDkimKey('rsa', der)).rejects.toThrow(KeyImportError);
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
    expect(key).toMatchObject({ type: 'ed25519', bits: 256 });
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
    expect((await importJwkKey(publicKey.export({ format: 'jwk' }), { engine })).thumbprint).toBe(der.thumbprint);
    expect((await importJwkKey(jwk, { engine })).thumbprint).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it.each([
    ['of another length', Buffer.alloc(31, 7)],
    ['of small order', Buffer.from([1, ...new Array(31).fill(0)])],
    ['that is an RSA key', spki(rsa2048.publicKey)],
  ])('%s is refused', async (_, raw) => {
    await expect(importDkimKey('ed25519', raw, { engine })).rejects.toThrow(KeyImportError);
  });
});

describe('a JWK is refused', () => {
  it.each([
    ['when it is private', rsa2048.privateKey.export({ format: 'jwk' })],
    ['when it is secret', { kty: 'oct', k: 'c2VjcmV0' }],
    [
      'when it is of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
    ],
    ['when members are missing', { kty: 'RSA', n: 'AQAB' }],
    ['when it is nothing at all', {}],
  ])('%s', async (_, jwk) => {
    await expect(importJwkKey(jwk)).rejects.toThrow(KeyImportError);
  });
});

it('hashes as node:crypto does', async () => {
  for (const name of ['sha-256', 'sha-512'] as const) {
    for (const encoding of ['base64', 'hex'] as const) {
      const expected = createHash(name.replace('-', '')).update(data).digest(encoding);
      expect(await hashText(name, data, encoding)).toBe(expected);
    }
  }
});
