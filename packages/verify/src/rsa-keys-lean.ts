import { encodeBase64Url } from './base64url.js';
import type { Ed25519Members, RsaKey, RsaMembers } from './rsa-keys.js';

/** What rsa-keys.ts does with jose, by WebCrypto alone. The two are held equal by a test. */
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** Imports a SubjectPublicKeyInfo in DER. Rejects when it is none of an RSA key. */
export async function importRsaSpki(spki: Uint8Array): Promise<RsaKey> {
  const key = await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
  const { n, e } = (await crypto.subtle.exportKey('jwk', key)) as RsaMembers;
  return { key, jwk: { kty: 'RSA', n, e } };
}

/** Imports the members of a JWK. Rejects when they are none of an RSA key. */
export async function importRsaJwk(jwk: RsaMembers): Promise<RsaKey> {
  return { key: await crypto.subtle.importKey('jwk', { ...jwk }, algorithm, true, ['verify']), jwk };
}

/** The thumbprint of a key (RFC 7638), by SHA-256, in base64url. */
export async function thumbprintOf(jwk: RsaMembers | Ed25519Members): Promise<string> {
  // RFC 7638 section 3: the required members alone, in the order of their names, without white space.
  const members = jwk.kty === 'RSA' ? { e: jwk.e, kty: jwk.kty, n: jwk.n } : { crv: jwk.crv, kty: jwk.kty, x: jwk.x };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(members)));
  return encodeBase64Url(new Uint8Array(digest));
}
