import { generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashAtOnce, hashesAtOnce, nodeKeyOf, nodeKeyOfJwk, verifyAtOnce } from './node-crypto.js';
import * as lean from './node-crypto-lean.js';

const data = Buffer.from('abc');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const jwk = rsa.publicKey.export({ format: 'jwk' });

describe("Node's own cryptography", () => {
  it('hashes at once: the examples of FIPS 180-4 for abc', () => {
    expect(hashesAtOnce).toBe(true);
    expect(hashAtOnce('sha-256', data, 'hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hashAtOnce('sha-256', data, 'base64')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
    expect(hashAtOnce('sha-512', data, 'hex')).toMatch(/^ddaf35a193617abacc417349ae204131.*0e2a9ac94fa54ca49f$/);
  });

  it('makes its keys of those of WebCrypto, and of JWKs', async () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
    for (const made of [nodeKeyOf(key), nodeKeyOfJwk(jwk)]) {
      expect(made).toBeInstanceOf(KeyObject);
      expect(made?.export({ format: 'jwk' })).toEqual(jwk);
    }
  });

  it('verifies by the algorithm of each key', () => {
    const signature = sign('sha256', data, rsa.privateKey);
    expect(verifyAtOnce('rsa', data, rsa.publicKey, signature)).toBe(true);
    expect(verifyAtOnce('rsa', Buffer.from('abd'), rsa.publicKey, signature)).toBe(false);
    expect(verifyAtOnce('ed25519', data, ed25519.publicKey, sign(null, data, ed25519.privateKey))).toBe(true);
  });

  it('is none in a Worker, which answers as a runtime without it', () => {
    expect(lean.hashesAtOnce).toBe(false);
    expect([lean.hashAtOnce(), lean.nodeKeyOf(), lean.nodeKeyOfJwk(), lean.verifyAtOnce()]).toEqual(
      new Array(4).fill(undefined),
    );
  });
});
