import { constants, createHash, type KeyObject, publicDecrypt, verify } from 'node:crypto';

/** What a signature says about the text that was signed, without that text. */
export interface SignedText {
  /** False when none of the keys made the signature; undefined when that cannot be told without the text. */
  readonly madeByKey: boolean | undefined;
  /** True when the signature is that of the text (one octet a character) under one of the keys. */
  isOf(text: string): boolean;
}

/** DigestInfo of SHA-256 (RFC 8017 section 9.2, note 1), up to the digest itself. */
const sha256Prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * An RSA signature gives away the digest of what was signed to whoever has the public key. So whether the right key was
 * used can be told apart from whether the text is the right one, and guesses at the original text cost a hash each.
 */
export function signedText(keys: readonly KeyObject[], signature: Uint8Array): SignedText {
  const digests = keys.map((key) => digestInside(key, signature)).filter((one) => one !== undefined);
  const others = keys.filter((key) => key.asymmetricKeyType !== 'rsa');
  return {
    madeByKey: digests.length > 0 ? true : others.length > 0 ? undefined : false,
    isOf(text) {
      const bytes = Buffer.from(text, 'latin1');
      if (digests.length > 0) {
        const digest = createHash('sha256').update(bytes).digest();
        if (digests.some((one) => one.equals(digest))) return true;
      }
      return others.some((key) => verify(null, bytes, key, signature));
    },
  };
}

function digestInside(key: KeyObject, signature: Uint8Array): Buffer | undefined {
  if (key.asymmetricKeyType !== 'rsa') return undefined;
  try {
    const info = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(signature));
    const fits = info.length === 51 && info.subarray(0, 19).equals(sha256Prefix);
    return fits ? info.subarray(19) : undefined;
  } catch {
    return undefined; // the padding of another key's signature is nonsense
  }
}
