import { describe, expect, it } from 'vitest';
import { ReplayGeneration } from './replay-generation.js';
import { ReplayKey } from './replay-key.js';

function keyOf(a: number, b: number): ReplayKey {
  const octets = new DataView(new ArrayBuffer(16));
  octets.setInt32(0, a);
  octets.setInt32(4, b);
  return new ReplayKey(new Uint8Array(octets.buffer));
}

function holding(keys: Iterable<ReplayKey>): ReplayGeneration {
  const generation = new ReplayGeneration();
  for (const key of keys) generation.add(key);
  return generation;
}

describe('a set of keys', () => {
  it('holds what was added and counts it', () => {
    const keys = Array.from({ length: 100 }, (_, n) => keyOf(n * 0x9e3779b1, n));
    const generation = holding(keys);
    expect(generation.size).toBe(100);
    expect(keys.every((key) => generation.has(key))).toBe(true);
    expect(generation.has(keyOf(1, 1))).toBe(false);
  });

  it.each<[string, (n: number) => number]>([
    ['spread evenly', (n) => n * 0x9e3779b1],
    ['that come in order', (n) => n * 50_000],
    ['of one corner, so that it is split again and again', (n) => 0xffff0000 | n],
    ['that begin alike, so that no split would help', () => 7],
  ])('of 60,000 keys %s holds each of them and no other', (_, first) => {
    const keys = Array.from({ length: 60_000 }, (_, n) => keyOf(first(n), n * 0x85ebca6b));
    const generation = holding(keys);
    expect(generation.size).toBe(60_000);
    expect(keys.filter((key) => !generation.has(key))).toEqual([]);
    expect(keys.filter(({ a, b }) => generation.has(keyOf(a, b ^ 1)))).toEqual([]);
  });
});
