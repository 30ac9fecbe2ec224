import fc from 'fast-check';
import { expect, it } from 'vitest';
import { askedDelay, retryDelay } from './retry-delay.js';

const settings = { retryMs: 1000, maxRetryMs: 3_600_000 };

it('doubles with each attempt, up to the longest', () => {
  const delays = [1, 2, 3, 4, 12, 13, 25, 1000].map((attempt) => retryDelay(attempt, settings, () => 1));
  expect(delays).toEqual([1000, 2000, 4000, 8000, 2_048_000, 3_600_000, 3_600_000, 3_600_000]);
});

it('lies between half of it and all of it, whole, for any settings', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 86_400_000 }),
      fc.integer({ min: 0, max: 30 * 86_400_000 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, retryMs, maxRetryMs, random) => {
        const whole = Math.min(maxRetryMs, retryMs * 2 ** (attempt - 1));
        const delay = retryDelay(attempt, { retryMs, maxRetryMs }, () => random);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(whole / 2));
        expect(delay).toBeLessThanOrEqual(Math.ceil(whole));
      },
    ),
  );
});

it('spreads what failed together', () => {
  const delays = new Set(Array.from({ length: 100 }, () => retryDelay(5, settings)));
  expect(delays.size).toBeGreaterThan(50);
});

it('waits as long as an error asks for, up to thirty days, and for no nonsense', () => {
  const days = 30 * 86_400_000;
  const asked = (afterSeconds: unknown) => askedDelay(Object.assign(new Error(), { afterSeconds }));
  expect([2, 0.0015, '3', 1e300, Number.POSITIVE_INFINITY].map(asked)).toEqual([2000, 2, 3000, days, days]);
  expect([-1, Number.NaN, 'soon', undefined, {}].map(asked)).toEqual([0, 0, 0, 0, 0]);
  expect(askedDelay(new Error())).toBe(0);
  expect(askedDelay({ afterSeconds: 5 })).toBe(0);
});
