/**
 * Two rules that RFC 8032 leaves room about, and on which native Ed25519 and tweetnacl differ. Both are applied before
 * either is asked, so that every runtime gives one answer.
 */

/** The order of the group, L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032 section 5.1). */
const groupOrder = littleEndian('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** The field's prime, p = 2^255 - 19, little-endian. */
const fieldPrime = littleEndian('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/** The y coordinates of the eight points whose order divides 8: any signature by such a "key" is meaningless. */
const smallOrderY = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(littleEndian);

/** True when the 32 bytes encode a point canonically (y < p), and one whose order is not small. */
export function isSafeEd25519Key(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  const y = Uint8Array.from(key);
  y[31] = (y[31] ?? 0) & 0x7f; // the top bit is the sign of x
  return isBelow(y, fieldPrime) && !smallOrderY.some((small) => small.every((byte, i) => byte === y[i]));
}

/** True when a signature is 64 bytes and its second half, S, is below the group order (RFC 8032 section 5.1.7). */
export function isCanonicalEd25519Signature(signature: Uint8Array): boolean {
  return signature.length === 64 && isBelow(signature.subarray(32), groupOrder);
}

function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (value[i] ?? 0) - (bound[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function littleEndian(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
