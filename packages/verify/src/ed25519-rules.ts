import { encodeHex } from '#octets';

/**
 * Two rules that RFC 8032 leaves room about, and on which native Ed25519 and tweetnacl differ. Both are applied before
 * either is asked, so that every runtime gives one answer.
 */

/** The order of the group (RFC 8032 section 5.1). */
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

const fieldPrime = 2n ** 255n - 19n;

/** The y coordinates of the eight points whose order divides 8: any signature by such a "key" is meaningless. */
const ofOrder8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const smallOrderY = [0n, 1n, fieldPrime - 1n, ofOrder8, fieldPrime - ofOrder8];

/** True when the 32 bytes encode a point canonically (y < p), and one whose order is not small. */
export function isSafeEd25519Key(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  const y = littleEndian(key) % 2n ** 255n; // the top bit is the sign of x
  return y < fieldPrime && !smallOrderY.includes(y);
}

/** True when a signature is 64 bytes and its second half, S, is below the group order (RFC 8032 section 5.1.7). */
export function isCanonicalEd25519Signature(signature: Uint8Array): boolean {
  return signature.length === 64 && littleEndian(signature.subarray(32)) < groupOrder;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(bytes.toReversed())}`);
}
