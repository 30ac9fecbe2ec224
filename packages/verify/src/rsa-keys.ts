import type { webcrypto } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { exportJWK } from 'jose/key/export';
import { importJWK, importSPKI } from 'jose/key/import';
import { encodeBase64 } from '#octets';

/*
 * Keys by jose. Where a bundler or a runtime does not say that it is Node.js or like it, the `imports` of package.json
 * name rsa-keys-lean.ts instead, which does the same with WebCrypto alone: jose is a tenth of a Worker's bundle.
 */

/** An RSA public key and the members that name it. */
export interface RsaKey {
  readonly key: webcrypto.CryptoKey;
  readonly jwk: RsaMembers;
}

/** The members of an RSA JWK (RFC 7518 section 6.3.1). */
export interface RsaMembers {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** The members of an Ed25519 JWK (RFC 8037 section 2). */
export interface Ed25519Members {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** Imports a SubjectPublicKeyInfo in DER. Rejects when it is none of an RSA key. */
export async function importRsaSpki(spki: Uint8Array): Promise<RsaKey> {
  const pem = `-----BEGIN PUBLIC KEY-----\n${encodeBase64(spki)}\n-----END PUBLIC KEY-----`;
  const key = await importSPKI(pem, 'RS256');
  const { n, e } = (await exportJWK(key)) as RsaMembers;
  return { key, jwk: { kty: 'RSA', n, e } };
}

/** Imports the members of a JWK. Rejects when they are none of an RSA key. */
export async function importRsaJwk(jwk: RsaMembers): Promise<RsaKey> {
  const key = await importJWK({ ...jwk }, 'RS256');
  return { key: key as webcrypto.CryptoKey, jwk };
}

/** The thumbprint of a key (RFC 7638), by SHA-256, in base64url. */
export function thumbprintOf(jwk: RsaMembers | Ed25519Members): Promise<string> {
  return calculateJwkThumbprint({ ...jwk }, 'sha256');
}
