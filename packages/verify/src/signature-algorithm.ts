import type { webcrypto } from 'node:crypto';
import { hashAtOnce, nodeKeyOf, nodeKeyOfJwk, verifyAtOnce } from '#node-crypto';
import { encodeBase64, encodeHex } from '#octets';
import { importRsaJwk, importRsaSpki, thumbprintOf } from '#rsa-keys';
import { decodeBase64Url, encodeBase64Url } from './base64url.js';
import { isCanonicalEd25519Signature, isSafeEd25519Key } from './ed25519-rules.js';
import type { VerificationKey } from './key-source.js';
import { toRsaSpki } from './rsa-der.js';
import type { RsaKey } from './rsa-keys.js';

/*
 * The only file that touches cryptography. It has two bodies: node:crypto where the runtime has it, because a
 * synchronous verification costs a third of an asynchronous one, and WebCrypto elsewhere.
 */
type Material =
  | { readonly engine: 'node'; readonly key: import('node:crypto').KeyObject }
  | { readonly engine: 'webcrypto'; readonly key: webcrypto.CryptoKey }
  | { readonly engine: 'tweetnacl'; readonly key: Uint8Array };

/** The data is not a public key that can be used. `message` says why; it never holds key material. */
export class KeyImportError extends Error {
  override readonly name = 'KeyImportError';
  readonly code = 'ERR_KEY_UNUSABLE';
}

/** A public JSON Web Key (RFC 7517): `kty` RSA with `n` and `e`, or OKP with `crv` Ed25519 and `x`. */
export interface PublicJwk {
  readonly kty?: string;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly kid?: string;
  readonly [member: string]: unknown;
}

/** How keys are imported. For tests: each engine can be asked for by name. */
export interface ImportOptions {
  /** Default: the best that the runtime has. */
  readonly engine?: 'node' | 'webcrypto' | 'tweetnacl';
}

/**
 * Imports the public key of a DKIM record.
 *
 * @param type - the record's `k=` tag.
 * @param data - its `p=` tag, decoded: for RSA a SubjectPublicKeyInfo or an RSAPublicKey in DER, for Ed25519 the 32
 *   octets of RFC 8463 section 4 or a SubjectPublicKeyInfo.
 * @throws KeyImportError when it is not such a key, is smaller than 1024 or larger than 8192 bits, or is an Ed25519
 *   point that is not canonical or of small order.
 */
export async function importDkimKey(
  type: 'rsa' | 'ed25519',
  data: Uint8Array,
  options: ImportOptions = {},
): Promise<VerificationKey> {
  if (type === 'ed25519') {
    const isSpki = data.length === 44 && encodeHex(data.subarray(0, 12)) === '302a300506032b6570032100';
    return importEd25519(isSpki ? data.subarray(12) : data, options);
  }
  const spki = toRsaSpki(data);
  if (spki === undefined) throw new KeyImportError('The data is not an RSA public key in DER.');
  try {
    return await finishRsa(await importRsaSpki(spki), options);
  } catch (error) {
    throw toImportError(error, 'The data is not an RSA public key.');
  }
}

/**
 * Imports a public JWK.
 *
 * @throws KeyImportError as {@link importDkimKey} does, and when the key is private or of another kind.
 */
export async function importJwkKey(jwk: PublicJwk, options: ImportOptions = {}): Promise<VerificationKey> {
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((member) => member in jwk)) {
    throw new KeyImportError('The JWK is private or secret: give the public key alone.');
  }
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && typeof jwk.x === 'string') {
    const x = decodeBase64Url(jwk.x);
    if (x === undefined) throw new KeyImportError('The x member of the JWK is not base64url of 32 octets.');
    return importEd25519(x, options);
  }
  if (jwk.kty !== 'RSA' || typeof jwk.n !== 'string' || typeof jwk.e !== 'string') {
    throw new KeyImportError('The JWK is neither an RSA nor an Ed25519 public key.');
  }
  const { n, e } = jwk;
  try {
    return await finishRsa(await importRsaJwk({ kty: 'RSA', n, e }), options);
  } catch (error) {
    throw toImportError(error, 'The JWK is not an RSA public key.');
  }
}

async function finishRsa({ key, jwk }: RsaKey, options: ImportOptions): Promise<VerificationKey> {
  const bits = bitLength(jwk.n);
  if (bits < 1024 || bits > 8192) {
    throw new KeyImportError(`The RSA key has ${bits} bits; 1024 to 8192 are accepted.`);
  }
  // A large exponent makes each verification slow, an even one or 1 makes no signature scheme at all.
  const exponent = unsigned(jwk.e);
  if (exponent < 3n || exponent > 0xffff_ffffn || exponent % 2n === 0n) {
    throw new KeyImportError('The public exponent of the RSA key is not an odd number from 3 to 2^32.');
  }
  const nodeKey = options.engine === 'webcrypto' ? undefined : nodeKeyOf(key);
  const material: Material = nodeKey === undefined ? { engine: 'webcrypto', key } : { engine: 'node', key: nodeKey };
  return { type: 'rsa', bits, thumbprint: await thumbprintOf(jwk), material };
}

async function importEd25519(raw: Uint8Array, options: ImportOptions): Promise<VerificationKey> {
  if (raw.length !== 32) throw new KeyImportError(`An Ed25519 key has 32 octets, this one ${raw.length}.`);
  if (!isSafeEd25519Key(raw)) throw new KeyImportError('The Ed25519 key is not canonical, or a point of small order.');
  const x = encodeBase64Url(raw);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  try {
    const material = await ed25519Material(raw, jwk, options.engine);
    return { type: 'ed25519', bits: 256, thumbprint: await thumbprintOf(jwk), material };
  } catch (error) {
    throw toImportError(error, 'The data is not an Ed25519 public key.');
  }
}

async function ed25519Material(
  raw: Uint8Array,
  jwk: { readonly kty: string; readonly crv: string; readonly x: string },
  engine: ImportOptions['engine'],
): Promise<Material> {
  const nodeKey = (engine ?? 'node') === 'node' ? nodeKeyOfJwk({ ...jwk }) : undefined;
  if (nodeKey !== undefined) return { engine: 'node', key: nodeKey };
  if (engine !== 'tweetnacl') {
    try {
      const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
      return { engine: 'webcrypto', key };
    } catch (error) {
      if (engine === 'webcrypto') throw error;
      // This runtime has no Ed25519 of its own.
    }
  }
  return { engine: 'tweetnacl', key: Uint8Array.from(raw) };
}

function toImportError(error: unknown, message: string): KeyImportError {
  return error instanceof KeyImportError ? error : new KeyImportError(message, { cause: error });
}

function unsigned(base64url: string): bigint {
  const bytes = decodeBase64Url(base64url);
  if (bytes === undefined || bytes.length === 0) return 0n;
  return BigInt(`0x${encodeHex(bytes)}`);
}

function bitLength(base64url: string): number {
  return unsigned(base64url).toString(2).length;
}

/**
 * Verifies a signature: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2) under an RSA key, Ed25519 (RFC 8032)
 * under an Ed25519 key. The key alone decides which.
 */
export function verifySignature(
  key: VerificationKey,
  data: Uint8Array,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  if (key.type === 'rsa' ? signature.length !== Math.ceil(key.bits / 8) : !isCanonicalEd25519Signature(signature)) {
    return false;
  }
  const material = key.material as Material;
  switch (material.engine) {
    case 'node':
      return verifyAtOnce(key.type, data, material.key, signature) === true;
    case 'webcrypto': {
      const algorithm = key.type === 'rsa' ? 'RSASSA-PKCS1-v1_5' : 'Ed25519';
      return crypto.subtle.verify(algorithm, material.key, signature, data);
    }
    case 'tweetnacl':
      return import('tweetnacl').then((module) => module.default.sign.detached.verify(data, signature, material.key));
  }
}

/** The SHA-256 or SHA-512 (FIPS 180-4) of some bytes, in base64 or lower-case hexadecimal. */
export function hashText(
  algorithm: 'sha-256' | 'sha-512',
  data: Uint8Array,
  encoding: 'base64' | 'hex',
): string | Promise<string> {
  const hash = hashAtOnce(algorithm, data, encoding);
  if (hash !== undefined) return hash;
  const encode = encoding === 'hex' ? encodeHex : encodeBase64;
  return crypto.subtle.digest(algorithm.toUpperCase(), data).then((digest) => encode(new Uint8Array(digest)));
}
