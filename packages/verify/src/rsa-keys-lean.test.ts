import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as byJose from './rsa-keys.js';
import * as lean from './rsa-keys-lean.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = publicKey.export({ type: 'spki', format: 'der' });
const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
const data = Buffer.from('a signing string');
const verifies = ({ key }: byJose.RsaKey) =>
  crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, sign('sha256', data, privateKey), data);

describe.each(Object.entries({ 'with jose': byJose, 'with WebCrypto alone': lean }))('keys %s', (_, keys) => {
  it('are imported from a SubjectPublicKeyInfo and from a JWK, and verify', async () => {
    const fromSpki = await keys.importRsaSpki(spki);
    const fromJwk = await keys.importRsaJwk({ kty: 'RSA', n, e });
    expect(fromSpki.jwk).toEqual({ kty: 'RSA', n, e });
    expect(fromJwk.jwk).toEqual(fromSpki.jwk);
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
  });
});
