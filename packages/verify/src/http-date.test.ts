import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate } from './http-date.js';

describe('a Date is', () => {
  it('an IMF-fixdate: the example of RFC 9110 section 5.6.7', () => {
    expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(784_111_777_000);
  });

  it('every second that JavaScript writes as UTC string', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        expect(parseHttpDate(new Date(seconds * 1000).toUTCString())).toBe(seconds * 1000);
      }),
      { seed: 20261123, numRuns: 2_000 },
    );
  });

  it('a leap second, as the second after it', () => {
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2017, 0, 1));
  });

  it.each([
    ['the obsolete RFC 850 form', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['the obsolete asctime form', 'Sun Nov  6 08:49:37 1994'],
    ['another zone', 'Sun, 06 Nov 1994 08:49:37 UTC'],
    ['an offset', 'Sun, 06 Nov 1994 08:49:37 +0000'],
    ['an ISO date', '1994-11-06T08:49:37Z'],
    ['words that PHP takes', 'now'],
    ['words that PHP takes, relative', '+1 year'],
    ['a wrong day name', 'Mon, 06 Nov 1994 08:49:37 GMT'],
    ['a day that does not exist', 'Thu, 31 Nov 1994 08:49:37 GMT'],
    ['an hour that does not exist', 'Sun, 06 Nov 1994 24:49:37 GMT'],
    ['a minute that does not exist', 'Sun, 06 Nov 1994 08:60:37 GMT'],
    ['a second that does not exist', 'Sun, 06 Nov 1994 08:49:61 GMT'],
    ['a day of one digit', 'Sun, 6 Nov 1994 08:49:37 GMT'],
    ['other case', 'sun, 06 nov 1994 08:49:37 gmt'],
    ['more white space', 'Sun,  06 Nov 1994 08:49:37 GMT'],
    ['something behind it', 'Sun, 06 Nov 1994 08:49:37 GMT '],
    ['digits that are not ASCII', 'Sun, ٠٦ Nov 1994 08:49:37 GMT'],
    ['nothing', ''],
    ['something before the zone', 'Sun, 06 Nov 1994 08:49:37 +0200 GMT'],
    ['no month, with the day name of the month before January', 'Mon, 06 nov 1994 08:49:37 GMT'],
    ['a day 0, with the day name of the day before the first', 'Mon, 00 Nov 1994 08:49:37 GMT'],
    ['the last second before 1970', 'Wed, 31 Dec 1969 23:59:59 GMT'],
    ['a day whole weeks before 1970', 'Thu, 25 Dec 1969 00:00:00 GMT'],
    ['a day of the month after', 'Wed, 29 Feb 2023 00:00:00 GMT'],
  ])('not %s', (_, text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});
