import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as byJose from './rsa-keys.js';
import * as lazy from './rsa-keys-lazy.js';
import * as lean from './rsa-keys-lean.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = publicKey.export({ type: 'spki', format: 'der' });
const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
const data = Buffer.from('a signing string');
const verifies = ({ key }: byJose.RsaKey) =>
  crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, sign('sha256', data, privateKey), data);

describe.each(
  Object.entries({ 'with jose': byJose, 'with jose, when it is wanted': lazy, 'with WebCrypto alone': lean }),
)('keys %s', (_, keys) => {
  it('are imported from a SubjectPublicKeyInfo and from a JWK, and verify', async () => {
    const fromSpki = await keys.importRsaSpki(spki);
    const fromJwk = await keys.importRsaJwk({ kty: 'RSA', n, e });
    expect(fromSpki.jwk).toEqual({ kty: 'RSA', n, e });
    expect(fromJwk.jwk).toEqual(fromSpki.jwk);
    for (const { key } of [fromSpki, fromJwk]) {
      expect(key).toMatchObject({ type: 'public', extractable: true, usages: ['verify'] });
    }
    expect(await verifies(fromSpki)).toBe(true);
    expect(await verifies(fromJwk)).toBe(true);
  });

  it('are refused when they are none', async () => {
    await expect(keys.importRsaSpki(Buffer.from('no key'))).rejects.toThrow();
    await expect(
      keys.importRsaSpki(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })),
    ).rejects.toThrow();
  });

  it('have the thumbprints of RFC 8037 appendix A.3 and of the other', async () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const ed25519 = { kty: 'OKP', crv: 'Ed25519', x } as const;
    expect(await keys.thumbprintOf(ed25519)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const rsa = { kty: 'RSA', n, e } as const;
    expect(await keys.thumbprintOf(rsa)).toBe(await byJose.thumbprintOf(rsa));
    // RFC 7638 section 3.1: one that holds both letters of base64url that base64 has not.
    const n7638 =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    expect(await keys.thumbprintOf({ kty: 'RSA', n: n7638, e: 'AQAB' })).toBe(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    );
  });
});
