import { describe, expect, it } from 'vitest';
import { BAD_ESCAPE, NOT_ASCII, Unescaper } from './form-octets.js';

/** What becomes of a value, of which the octets are given as Latin-1. */
function readValue(text: string) {
  const body = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const octets = new Uint8Array(body.length);
  const unescaper = new Unescaper(body, octets);
  const flags = unescaper.value(0);
  return { text: String.fromCharCode(...octets.subarray(0, unescaper.at)), flags, end: unescaper.end };
}

describe('an escape is', () => {
  it('every octet, in small digits and in capitals', () => {
    for (let octet = 0; octet < 256; octet++) {
      const digits = octet.toString(16).padStart(2, '0');
      const [high, low] = digits as unknown as [string, string];
      const expected = { text: String.fromCharCode(octet), flags: octet < 128 ? 0 : NOT_ASCII, end: 3 };
      for (const written of [digits, digits.toUpperCase(), high.toUpperCase() + low, high + low.toUpperCase()])
        expect(readValue(`%${written}`), written).toEqual(expected);
    }
  });

  it('none with an octet that is no digit', () => {
    for (let octet = 0; octet < 256; octet++) {
      const character = String.fromCharCode(octet);
      if (/[0-9a-fA-F&+%]/.test(character)) continue;
      const flags = BAD_ESCAPE | (octet < 128 ? 0 : NOT_ASCII);
      for (const text of [`%${character}0`, `%0${character}`, `%${character}f`, `%f${character}`])
        expect(readValue(text), text).toEqual({ text, flags, end: 3 });
    }
  });

  it.each([
    ['%', '%', 1],
    ['%4', '%4', 2],
    ['%4&1', '%4', 2],
    ['%&41', '%', 1],
    ['%%41', '%A', 4],
    ['%4+', '%4 ', 3],
    ['%41%', 'A%', 4],
  ])('none where two digits are missing: %s', (written, text, end) => {
    expect(readValue(written)).toEqual({ text, flags: BAD_ESCAPE, end });
  });

  it('not read twice', () => {
    expect(readValue('%2541%2B+')).toEqual({ text: '%41+ ', flags: 0, end: 9 });
  });
});

describe('a part ends', () => {
  const body = new TextEncoder().encode('a%3D=b=c&d');
  const octets = new Uint8Array(body.length);
  const unescaper = new Unescaper(body, octets);
  const written = () => new TextDecoder().decode(octets.subarray(0, unescaper.at));

  it('at the first equals sign when it is a name, at an ampersand or the end when it is a value', () => {
    expect(unescaper.name(0)).toBe(0);
    expect([unescaper.end, written()]).toEqual([4, 'a=']);
    expect(unescaper.value(5)).toBe(0);
    expect([unescaper.end, written()]).toEqual([8, 'a=b=c']);
    expect(unescaper.name(9)).toBe(0);
    expect([unescaper.end, written()]).toEqual([10, 'a=b=cd']);
  });

  it('at an ampersand when it is a name without a value', () => {
    const reader = new Unescaper(new TextEncoder().encode('a&b=c'), new Uint8Array(5));
    reader.name(0);
    expect([reader.end, reader.at]).toEqual([1, 1]);
  });

  it('and what was wrong with one is not told of the next', () => {
    const mixed = Uint8Array.from('%é&b', (character) => character.charCodeAt(0));
    const reader = new Unescaper(mixed, new Uint8Array(mixed.length));
    expect(reader.value(0)).toBe(BAD_ESCAPE | NOT_ASCII);
    expect(reader.value(3)).toBe(0);
  });
});
