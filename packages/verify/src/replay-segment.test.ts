import { describe, expect, it } from 'vitest';
import { ReplayKey } from './replay-key.js';
import { ReplaySegment } from './replay-segment.js';

/** A key of four words: the first chooses the segment, the second the slot, and of the last an octet is the tag. */
function keyOf(a: number, b: number, c = 0, d = 0): ReplayKey {
  const octets = new DataView(new ArrayBuffer(16));
  for (const [i, word] of [a, b, c, d].entries()) octets.setInt32(4 * i, word);
  return new ReplayKey(new Uint8Array(octets.buffer));
}

const zeros = keyOf(0, 0);
/** So many keys, none of them of zeros, with bits in every word. */
const keys = (count: number) =>
  Array.from({ length: count }, (_, n) => keyOf(n * 0x9e3779b1, n * 0x85ebca6b + 1, n * 0xc2b2ae35, n));

function filled(count: number): ReplaySegment {
  const segment = new ReplaySegment(0);
  for (const key of keys(count)) {
    while (segment.isFull) segment.grow();
    segment.add(key);
  }
  return segment;
}

describe('a segment', () => {
  it('tells keys apart by every word, also when they meet in one slot under one tag', () => {
    const near = [keyOf(9, 2, 3, 4), keyOf(1, 2 + 64, 3, 4), keyOf(1, 2, 9, 4), keyOf(1, 2, 3, 4 + 256)];
    const segment = new ReplaySegment(0);
    segment.add(keyOf(1, 2, 3, 4));
    for (const key of near) {
      expect(segment.has(key)).toBe(false);
      segment.add(key);
      expect(segment.has(key)).toBe(true);
    }
    expect(segment.has(keyOf(1, 2, 3, 4))).toBe(true);
    expect(segment.has(keyOf(1, 2, 3, 4 + 512))).toBe(false);
  });

  it('takes a key of zeros, and one whose tag would be none', () => {
    const segment = new ReplaySegment(0);
    for (const key of [zeros, keyOf(1, 1, 1, 256)]) {
      expect(segment.has(key)).toBe(false);
      segment.add(key);
      expect(segment.has(key)).toBe(true);
    }
  });

  it('goes on at its beginning where its end is taken', () => {
    const segment = new ReplaySegment(0);
    const last = Array.from({ length: 20 }, (_, n) => keyOf(n, 60));
    for (const key of last) segment.add(key);
    expect(last.every((key) => segment.has(key))).toBe(true);
    expect(segment.has(keyOf(20, 60))).toBe(false);
  });

  it('is full before its last slots are taken, so that a look for what is not there ends', () => {
    expect(filled(54).isFull).toBe(false);
    expect(filled(55).isFull).toBe(true);
    const segment = filled(55);
    segment.grow();
    expect(segment.isFull).toBe(false);
    expect(filled(108).isFull).toBe(false);
    expect(filled(109).isFull).toBe(true);
  });

  it('of 16,384 slots had better be split than grow', () => {
    expect(new ReplaySegment(0, 8192).isLarge).toBe(false);
    expect(new ReplaySegment(0, 16_384).isLarge).toBe(true);
  });

  it('holds the same after it has grown', () => {
    const segment = filled(2000);
    segment.grow();
    expect(keys(2000).every((key) => segment.has(key))).toBe(true);
    expect(keys(4000).filter((key) => segment.has(key))).toHaveLength(2000);
    expect(segment.has(zeros)).toBe(false);
  });

  it('gives away the half whose next bit is 1, and room is left in both', () => {
    const segment = filled(1740);
    segment.grow();
    while (!segment.isFull) segment.add(keyOf(Math.random() * 2 ** 32, Math.random() * 2 ** 32, 1, 1));
    const high = segment.split();
    expect([segment.depth, high.depth]).toEqual([1, 1]);
    for (const key of keys(1740)) expect([segment.has(key), high.has(key)]).toEqual([key.a >= 0, key.a < 0]);
    expect([segment.has(zeros), high.has(zeros)]).toEqual([false, false]);
    expect([segment.isFull, high.isFull]).toEqual([false, false]);
  });

  it('goes by the next bit at each split', () => {
    const segment = new ReplaySegment(0);
    const quarters = [keyOf(0x10000000, 1), keyOf(0x50000000, 1), keyOf(0x90000000, 1), keyOf(0xd0000000 | 0, 1)];
    for (const key of quarters) segment.add(key);
    const high = segment.split();
    const parts = [segment, segment.split(), high, high.split()];
    expect(parts.map((part) => quarters.map((key) => part.has(key)))).toEqual(
      quarters.map((_, n) => quarters.map((__, m) => n === m)),
    );
    expect(parts.map((part) => part.depth)).toEqual([2, 2, 2, 2]);
  });

  it('is split apart from others of another size', () => {
    const [small, large] = [filled(50), filled(500)];
    const [highOfSmall, highOfLarge] = [small.split(), large.split()];
    expect(keys(500).filter((key) => small.has(key) || highOfSmall.has(key))).toHaveLength(50);
    expect(keys(500).every((key) => large.has(key) !== highOfLarge.has(key))).toBe(true);
    const again = filled(500);
    again.split();
    expect(keys(500).filter((key) => again.has(key))).toHaveLength(keys(500).filter((key) => key.a >= 0).length);
  });
});
