import { expect, it } from 'vitest';
import { lasts } from './lasts.js';

it.each([
  [99, false],
  [100, true],
  [149, true],
  [150, false],
  [Number.NaN, false],
])('what lasts for 50 from 100 on, at %d: %s', (now, expected) => {
  expect(lasts(100, 50, now)).toBe(expected);
});
