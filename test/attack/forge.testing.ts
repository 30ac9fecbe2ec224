/** What it takes to forge, where a verifier is careless. */

const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const sha256InfoWithoutNull = Buffer.from('302f300b0609608648016503040201 0420'.replace(' ', ''), 'hex');

/**
 * A signature for a key with e=3 that needs no private key: the cube root of a number that begins like a padded hash.
 * Its cube is right at the front and garbage behind, which a verifier that does not look at the whole block takes.
 */
export function forgeLowExponent(hash: Buffer, bits: number, kind: 'garbage' | 'short-padding' | 'no-null'): Buffer {
  const padding = kind === 'garbage' ? Buffer.alloc(1, 0xff) : Buffer.alloc(8, 0xff);
  const info = kind === 'no-null' ? sha256InfoWithoutNull : sha256Info;
  const front = Buffer.concat([Buffer.from('0001', 'hex'), padding, Buffer.of(0), info, hash]);
  const octets = bits / 8;
  const low = BigInt(`0x${front.toString('hex')}`) << BigInt(8 * (octets - front.length));
  let root = cubeRoot(low);
  if (root ** 3n < low) root++;
  const block = Buffer.from((root ** 3n).toString(16).padStart(octets * 2, '0'), 'hex');
  if (!block.subarray(0, front.length).equals(front)) throw new Error('The key is too small for this forgery.');
  return Buffer.from(root.toString(16).padStart(octets * 2, '0'), 'hex');
}

function cubeRoot(value: bigint): bigint {
  let low = 0n;
  let high = 1n << BigInt(Math.ceil(value.toString(2).length / 3) + 1);
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** 3n <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/** The order of the Ed25519 group (RFC 8032 section 5.1). */
export const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

const littleEndian = (octets: Buffer) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);

/** The same Ed25519 signature with S + L for S, which satisfies the same equation. */
export function withScalarPlusOrder(signature: Buffer): Buffer {
  const scalar = littleEndian(signature.subarray(32)) + groupOrder;
  const octets = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([signature.subarray(0, 32), octets]);
}
