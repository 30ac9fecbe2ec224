import type { JsonWebKey, KeyObject, webcrypto } from 'node:crypto';

const crypto = globalThis.process?.getBuiltinModule?.('node:crypto');

/** Node's own cryptography, where the runtime has it. A Worker's bundle has node-crypto-lean.ts in the place of this file. */
export const nodeCrypto =
  crypto === undefined
    ? undefined
    : {
        fromWebCrypto: (key: webcrypto.CryptoKey): KeyObject => crypto.KeyObject.from(key),
        fromJwk: (jwk: JsonWebKey): KeyObject => crypto.createPublicKey({ key: jwk, format: 'jwk' }),
        verify: (type: 'rsa' | 'ed25519', data: Uint8Array, key: KeyObject, signature: Uint8Array): boolean =>
          crypto.verify(type === 'rsa' ? 'sha256' : null, data, key, signature),
        hashText(algorithm: 'sha-256' | 'sha-512', data: Uint8Array, encoding: 'base64' | 'hex'): string {
          const name = algorithm === 'sha-256' ? 'sha256' : 'sha512';
          // One-shot hashing saves a stream object a call; Node has it since 20.12.
          return crypto.hash?.(name, data, encoding) ?? crypto.createHash(name).update(data).digest(encoding);
        },
      };

/** True where a hash is there at once, and is no promise. */
export const hashesAtOnce: boolean = nodeCrypto !== undefined;
