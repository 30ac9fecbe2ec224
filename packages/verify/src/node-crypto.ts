import type { JsonWebKey, KeyObject, webcrypto } from 'node:crypto';

/* Node's own cryptography, where the runtime has it. A Worker's bundle has node-crypto-lean.ts in the place of this file. */

const crypto = globalThis.process?.getBuiltinModule?.('node:crypto');

/** True where a hash is there at once, and is no promise. */
export const hashesAtOnce: boolean = crypto !== undefined;

/** A key of WebCrypto as one of Node's. Undefined, here and below, where the runtime has none of this. */
export function nodeKeyOf(key: webcrypto.CryptoKey): KeyObject | undefined {
  return crypto?.KeyObject.from(key);
}

/** A public JWK as a key of Node's. */
export function nodeKeyOfJwk(jwk: JsonWebKey): KeyObject | undefined {
  return crypto?.createPublicKey({ key: jwk, format: 'jwk' });
}

/** Verifies by RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519. */
export function verifyAtOnce(
  type: 'rsa' | 'ed25519',
  data: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean | undefined {
  return crypto?.verify(type === 'rsa' ? 'sha256' : null, data, key, signature);
}

/** The hash of some bytes. */
export function hashAtOnce(
  algorithm: 'sha-256' | 'sha-512',
  data: Uint8Array,
  encoding: 'base64' | 'hex',
): string | undefined {
  const name = algorithm === 'sha-256' ? 'sha256' : 'sha512';
  // One-shot hashing saves a stream object a call; Node has it since 20.12.
  return crypto?.hash?.(name, data, encoding) ?? crypto?.createHash(name).update(data).digest(encoding);
}
