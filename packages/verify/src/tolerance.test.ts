import { expect, it } from 'vitest';
import { readTolerance } from './tolerance.js';
import type { Tolerance } from './verifier.js';

it.each<[Tolerance, object]>([
  [300, { past: 300, future: 300 }],
  [0.5, { past: 0.5, future: 0.5 }],
  [Number.POSITIVE_INFINITY, { past: Number.POSITIVE_INFINITY, future: Number.POSITIVE_INFINITY }],
  [
    { past: 60, future: 0 },
    { past: 60, future: 0 },
  ],
])('a tolerance of %j is one in each direction', (tolerance, expected) => {
  expect(readTolerance(tolerance)).toEqual(expected);
});

it.each<[unknown]>([
  [0],
  [-1],
  [Number.NaN],
  [null],
  ['300'],
  [{}],
  [{ past: 0, future: 300 }],
  [{ past: 300, future: -0.1 }],
  [{ past: 300 }],
  [{ future: 300 }],
  [{ past: '300', future: 300 }],
  [{ past: 300, future: '300' }],
])('a tolerance of %j is refused, with what to give', (tolerance) => {
  expect(() => readTolerance(tolerance as Tolerance)).toThrow(
    new TypeError('toleranceSeconds: give seconds above 0, or { past, future }, past above 0 and future at least 0.'),
  );
});
