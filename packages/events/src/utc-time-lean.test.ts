import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readUtc } from './utc-time.js';
import { readUtc as lean } from './utc-time-lean.js';

const same = (text: string) => {
  expect(lean(text)?.getTime(), text).toBe(readUtc(text)?.getTime());
};

it('the reader of times of a Worker takes and refuses what the other does', () => {
  const of = (min: number, max: number, width: number) =>
    fc.integer({ min, max }).map((value) => String(value).padStart(width, '0'));
  const parts = fc.tuple(of(0, 9999, 4), of(0, 13, 2), of(0, 32, 2), of(0, 25, 2), of(0, 61, 2), of(0, 61, 2));
  fc.assert(
    fc.property(parts, fc.constantFrom(' ', 'T', 't', '  '), ([year, month, day, hour, minute, second], space) =>
      same(`${year}-${month}-${day}${space}${hour}:${minute}:${second}`),
    ),
    { numRuns: 3000 },
  );
  for (const year of ['0000', '0004', '0099', '1900', '2000', '2023', '2024', '2100'])
    for (const day of ['02-28', '02-29', '02-30', '04-31', '12-31']) same(`${year}-${day} 23:59:60`);
  for (const other of ['', '2024-01-01', '2024-01-01 00:00:00Z', '2024-01-01 00:00', '+024-01-01 00:00:00'])
    same(other);
});
