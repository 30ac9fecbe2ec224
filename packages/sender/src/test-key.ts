import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A key pair for tests, with the DNS record that publishes it. */
export interface TestKey {
  readonly type: 'rsa' | 'ed25519';
  /** Of the modulus for RSA, 256 for Ed25519. */
  readonly bits: number;
  readonly privateKey: KeyObject;
  /** PKCS#8. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string;
  readonly publicJwk: { readonly kty?: string; readonly [member: string]: unknown };
  /** `v=DKIM1; k=…; p=…` (RFC 6376 section 3.6.1, RFC 8463 section 4). */
  readonly dkimRecord: string;
  /** The record in strings of at most 255 octets, as a TXT record holds it. */
  readonly txtStrings: readonly string[];
}

/**
 * Makes a key pair. RSA keys take a while: some hundredths of a second at 2,048 bits, seconds at 4,096.
 *
 * @param options.type - default `rsa`.
 * @param options.bits - for RSA, default 2,048.
 */
export function createTestKey(options: { readonly type?: 'rsa' | 'ed25519'; readonly bits?: number } = {}): TestKey {
  const { type = 'rsa', bits = 2048 } = options;
  const { privateKey } =
    type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: bits });
  return testKeyOf(privateKey);
}

/**
 * Takes a private key that is there already.
 *
 * @param pem - PKCS#8 or PKCS#1, RSA or Ed25519, not encrypted.
 * @throws TypeError when it is anything else. The message holds nothing of the key.
 */
export function testKeyFromPem(pem: string | Uint8Array): TestKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(typeof pem === 'string' ? pem : Buffer.from(pem));
  } catch {
    // The reason that OpenSSL gives helps nobody, and must not become the cause: it could quote its input.
    throw new TypeError('The PEM is not a private key that can be read without a pass phrase.');
  }
  return testKeyOf(key);
}

function testKeyOf(privateKey: KeyObject): TestKey {
  const type = privateKey.asymmetricKeyType;
  if (type !== 'rsa' && type !== 'ed25519')
    throw new TypeError(`A key of type ${type} cannot sign calls; give RSA or Ed25519.`);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const data = (type === 'ed25519' ? spki.subarray(-32) : spki).toString('base64');
  const dkimRecord = `v=DKIM1; k=${type}; p=${data}`;
  return {
    type,
    bits: privateKey.asymmetricKeyDetails?.modulusLength ?? 256,
    privateKey,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    publicJwk: publicJwkOf(publicKey),
    dkimRecord,
    txtStrings: dkimRecord.match(/.{1,255}/g) ?? [],
  };
}

/** The public members alone: workerd exports those of the private key with them. */
function publicJwkOf(publicKey: KeyObject): TestKey['publicJwk'] {
  const jwk: Readonly<Record<string, unknown>> = { ...publicKey.export({ format: 'jwk' }) };
  const members = ['kty', 'n', 'e', 'crv', 'x'].filter((member) => jwk[member] !== undefined);
  return Object.fromEntries(members.map((member) => [member, jwk[member]]));
}
