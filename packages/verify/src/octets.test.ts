import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64, isBase64Of } from './octets.js';

describe('base64 is decoded', () => {
  it('from what an encoder writes, to the same octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        expect([...(decodeBase64(encodeBase64(octets)) ?? [-1])]).toEqual([...octets]);
      }),
      { seed: 20261124, numRuns: 500 },
    );
  });

  it('from the canonical spelling alone: whatever is taken is what an encoder writes', () => {
    const characters = [...'ABCDwxyz0129+/=-_ \n\u0141'];
    const near = fc.array(fc.constantFrom(...characters), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(near, (text) => {
        const canonical = Buffer.from(text, 'base64').toString('base64') === text;
        const octets = decodeBase64(text);
        expect(octets !== undefined).toBe(canonical);
        if (octets !== undefined) expect(encodeBase64(octets)).toBe(text);
        for (let length = 0; length <= 9; length++)
          expect(isBase64Of(length, `:${text}`, 1)).toBe(octets?.length === length);
      }),
      { seed: 20261124, numRuns: 5_000 },
    );
  });

  it.each(['A', 'AA', 'AAA', 'AA=A', '====', 'A===', 'AAA\u0141', 'AB==', 'AAB=', 'AA-_', 'AAAA=', 'AAAA\n'])(
    'not from %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );

  it('with padding bits that are zero, whatever the last character', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    for (const [value, last] of [...alphabet].entries()) {
      for (const [octets, text, bits] of [
        [1, `x${last}==`, 4],
        [2, `xx${last}=`, 2],
        [3, `xxx${last}`, 0],
      ] as const) {
        const isCanonical = value % 2 ** bits === 0;
        expect(isBase64Of(octets, text, 0), text).toBe(isCanonical);
        expect(decodeBase64(text)?.length, text).toBe(isCanonical ? octets : undefined);
      }
    }
  });
});
