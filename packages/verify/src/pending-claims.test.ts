import { describe, expect, it } from 'vitest';
import { PendingClaims } from './pending-claims.js';
import { PendingClaim } from './replay-claim.js';
import { ReplayKey } from './replay-key.js';

/** A key of four words. The third chooses the place among 64. */
const keyOf = (...words: number[]) => new ReplayKey(new Uint8Array(Uint32Array.from(words.map(swapped)).buffer));
const swapped = (word: number) =>
  ((word & 255) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
/** Words as hashes have them, the highest bit set in half of them. */
const spread = (n: number) => Math.imul(n + 1, 0x9e3779b1) >>> 0;
const claimOf = (...words: number[]) => new PendingClaim(keyOf(...words), 0, () => {});

describe('pending claims', () => {
  it('are found by every word of their key', () => {
    const claims = new PendingClaims();
    const words = [
      [1, 2, 3, 4],
      [9, 2, 3, 4],
      [1, 9, 3, 4],
      [1, 2, 67, 4],
      [1, 2, 3, 9],
    ];
    const all = words.map((one) => claimOf(...one));
    for (const [i, one] of all.entries()) {
      expect(claims.get(one.key)).toBeUndefined();
      claims.add(one);
      expect(claims.get(keyOf(...(words[i] ?? [])))).toBe(one);
    }
  });

  it.each([
    ['the first', 0],
    ['one between', 1],
    ['the last', 2],
  ])('of one place: %s is taken out, and the others stay', (_, taken) => {
    const claims = new PendingClaims();
    const all = [claimOf(1, 0, 0, 0), claimOf(2, 0, 0, 0), claimOf(3, 0, 64, 0)];
    for (const one of all) claims.add(one);
    claims.delete(all[taken] as PendingClaim);
    expect(all.map((one) => claims.get(one.key) === one)).toEqual(all.map((_, i) => i !== taken));
  });

  it('stay when one is taken out that is not there', () => {
    const claims = new PendingClaims();
    const there = claimOf(1, 0, 0, 0);
    claims.delete(claimOf(1, 0, 0, 0));
    claims.add(there);
    claims.delete(claimOf(1, 0, 0, 0));
    expect(claims.get(there.key)).toBe(there);
  });

  it('are found by the thousand, while they come and go', () => {
    const claims = new PendingClaims();
    const all = Array.from({ length: 1000 }, (_, n) => claimOf(n, 0, spread(n), n));
    for (const one of all) claims.add(one);
    for (const one of all) expect(claims.get(one.key)).toBe(one);
    for (const one of all.slice(0, 900)) claims.delete(one);
    expect(all.filter((one) => claims.get(one.key) === one)).toEqual(all.slice(900));
  });
});
