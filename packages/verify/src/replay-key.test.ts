import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReplayKey } from './replay-key.js';

it('a replay key is its octets as four words, the first one first', () => {
  const key = new ReplayKey(Uint8Array.from({ length: 16 }, (_, i) => 0xf1 - 16 * i));
  expect([key.a, key.b, key.c, key.d].map((word) => word >>> 0)).toEqual([
    0xf1e1d1c1, 0xb1a19181, 0x71615141, 0x31211101,
  ]);
});

it('what is missing counts as 0, and what is too much does not count', () => {
  const zeros = (...first: number[]) => new ReplayKey(Uint8Array.from({ length: 16 }, (_, i) => first[i] ?? 0));
  expect(new ReplayKey(new Uint8Array()).equals(zeros())).toBe(true);
  expect(new ReplayKey(Uint8Array.of(1, 2, 3, 4, 5)).equals(zeros(1, 2, 3, 4, 5))).toBe(true);
  expect(new ReplayKey(new Uint8Array(20).fill(7)).equals(new ReplayKey(new Uint8Array(16).fill(7)))).toBe(true);
});

it('two keys are equal when all of their octets are', () => {
  const octets = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(octets, fc.nat({ max: 15 }), fc.integer({ min: 1, max: 255 }), (all, at, change) => {
      const other = Uint8Array.from(all);
      expect(new ReplayKey(all).equals(new ReplayKey(other))).toBe(true);
      other[at] = (other[at] ?? 0) ^ change;
      expect(new ReplayKey(all).equals(new ReplayKey(other))).toBe(false);
    }),
  );
});
