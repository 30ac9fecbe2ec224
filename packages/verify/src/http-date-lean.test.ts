import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate } from './http-date.js';
import { parseHttpDate as lean } from './http-date-lean.js';

const same = (text: string) => {
  expect(lean(text), text).toBe(parseHttpDate(text));
};

describe('the reader of dates of a Worker', () => {
  it('takes every instant that the other takes, as the same', () => {
    const seconds = fc.integer({ min: -100_000_000, max: 253_402_300_799 });
    fc.assert(fc.property(seconds, (at) => same(new Date(at * 1000).toUTCString())));
    same('Sat, 31 Dec 2016 23:59:60 GMT');
    same('Sat, 31 Dec 2016 23:58:60 GMT');
    expect(lean('Thu, 01 Jan 1970 00:00:00 GMT')).toBe(0);
  });

  it('refuses whatever the other refuses', () => {
    const text = 'Sun, 06 Nov 1994 08:49:37 GMT';
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom(...'0123456789:, GMTsunov+-\0é'));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const characters = [...text];
        for (const [at, character] of changes) characters[at] = character;
        same(characters.join(''));
      }),
      { numRuns: 2000 },
    );
    for (const year of [253_402_300_800, 600_000_000_000, 8_640_000_000_000]) same(new Date(year * 1000).toUTCString());
    for (const other of ['', 'now', '0', text.slice(1), `${text} `, 'Sunday, 06-Nov-94 08:49:37 GMT']) same(other);
    for (const day of ['Mon, 30 Feb 2026', 'Tue, 29 Feb 2100', 'Sat, 31 Apr 2027', 'Sun, 00 Nov 1994'])
      same(`${day} 00:00:00 GMT`);
    for (const time of ['24:00:00', '23:60:00', '23:59:61', '23:59:60']) same(`Sun, 06 Nov 1994 ${time} GMT`);
  });
});
