import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isCanonicalEd25519Signature, isSafeEd25519Key } from './ed25519-rules.js';

// The curve of RFC 8032 section 5.1 in straight-line big-number arithmetic: an oracle for the constants.
const p = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a: bigint) => ((a % p) + p) % p;
const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b);
  return result;
};
const d = mod(-121665n * power(121666n, p - 2n));
type Point = readonly [bigint, bigint];
const add = ([x1, y1]: Point, [x2, y2]: Point): Point => {
  const t = mod(d * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + y1 * x2) * power(1n + t, p - 2n)), mod((y1 * y2 + x1 * x2) * power(1n - t, p - 2n))];
};
const xOf = (y: bigint): bigint | undefined => {
  const square = mod((y * y - 1n) * power(d * y * y + 1n, p - 2n));
  const root = power(square, (p + 3n) / 8n);
  return [root, mod(root * power(2n, (p - 1n) / 4n))].find((x) => mod(x * x) === square);
};
const encode = (value: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** A point of order 8: any point times L leaves only its part of small order. */
function pointOfOrder8(): Point {
  for (let y = 2n; ; y++) {
    const x = xOf(y);
    if (x === undefined) continue;
    let point: Point = [0n, 1n];
    for (let b: Point = [x, y], e = L; e > 0n; e >>= 1n, b = add(b, b)) if (e & 1n) point = add(point, b);
    const doubled = add(point, point);
    const fourfold = add(doubled, doubled);
    if (!(fourfold[0] === 0n && fourfold[1] === 1n)) return point;
  }
}

describe('an Ed25519 key is refused', () => {
  it('when its point is one of the eight of small order, with either sign bit', () => {
    const generator = pointOfOrder8();
    let point: Point = [0n, 1n];
    for (let i = 0; i < 8; i++) {
      for (const sign of [0n, 1n]) expect(isSafeEd25519Key(encode(point[1] | (sign << 255n)))).toBe(false);
      point = add(point, generator);
    }
    expect(point).toEqual([0n, 1n]);
  });

  it('when y is not below the prime: every such encoding', () => {
    for (let y = p; y < 2n ** 255n; y++) {
      for (const sign of [0n, 1n]) expect(isSafeEd25519Key(encode(y | (sign << 255n)))).toBe(false);
    }
  });

  it('when it has not 32 octets', () => {
    expect(isSafeEd25519Key(new Uint8Array(31).fill(5))).toBe(false);
    expect(isSafeEd25519Key(new Uint8Array(33).fill(5))).toBe(false);
  });

  it('but not when someone made it for signing', () => {
    for (let i = 0; i < 50; i++) {
      const { publicKey } = generateKeyPairSync('ed25519');
      expect(isSafeEd25519Key(publicKey.export({ type: 'spki', format: 'der' }).subarray(12))).toBe(true);
    }
  });
});

describe('an Ed25519 signature is canonical', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const genuine = sign(null, Buffer.from('text'), privateKey);
  const withS = (s: bigint) => Uint8Array.from([...genuine.subarray(0, 32), ...encode(s)]);

  it('when S is below the group order', () => {
    expect(isCanonicalEd25519Signature(genuine)).toBe(true);
    expect(isCanonicalEd25519Signature(withS(L - 1n))).toBe(true);
    expect(isCanonicalEd25519Signature(withS(L))).toBe(false);
    expect(isCanonicalEd25519Signature(withS(L + 1n))).toBe(false);
    expect(isCanonicalEd25519Signature(withS(2n ** 256n - 1n))).toBe(false);
  });

  it('and it has 64 octets', () => {
    expect(isCanonicalEd25519Signature(genuine.subarray(0, 63))).toBe(false);
    expect(isCanonicalEd25519Signature(Buffer.concat([genuine, Buffer.from([0])]))).toBe(false);
  });
});
