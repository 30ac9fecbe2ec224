import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as full from './octets.js';
import * as plain from './octets-plain.js';

const octets = fc.uint8Array({ maxLength: 100 });
/** Octets of Node are compared as the others. */
const numbers = (bytes: Uint8Array | undefined) => bytes && [...bytes];

describe('what every runtime has makes the same of', () => {
  it('octets, as base64, hexadecimal and text', () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        const base64 = full.encodeBase64(bytes);
        expect(plain.encodeBase64(bytes)).toBe(base64);
        expect(plain.encodeHex(bytes)).toBe(full.encodeHex(bytes));
        expect(numbers(plain.decodeBase64(base64))).toEqual([...bytes]);
        const text = String.fromCharCode(...bytes);
        expect(plain.latin1Bytes(text)).toEqual(Uint8Array.from(bytes));
        expect(numbers(full.latin1Bytes(text))).toEqual([...bytes]);
      }),
      { seed: 20261124 },
    );
    expect(plain.encodeHex(Uint8Array.of(0, 9, 10, 15, 16, 255))).toBe('00090a0f10ff');
  });

  it('a part of a larger memory', () => {
    const part = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4);
    for (const { encodeBase64, encodeHex } of [full, plain]) {
      expect(encodeBase64(part)).toBe('AgME');
      expect(encodeHex(part)).toBe('020304');
    }
  });

  it.each([
    '',
    'AAAA',
    'AAA=',
    'AA==',
    'A',
    'AA',
    '====',
    'AAAA\u0141',
    'AB==',
    'AAB=',
    'AA-_',
    'AAAA=',
    'AAAA\n',
    ' AAAA',
  ])('base64, or what looks like it: %j', (text) => {
    const expected = full.decodeBase64(text);
    expect(numbers(plain.decodeBase64(text))).toEqual(numbers(expected));
    for (let length = 0; length <= 4; length++)
      expect(plain.isBase64Of(length, `:/${text}`, 2)).toBe(expected?.length === length);
  });
});
