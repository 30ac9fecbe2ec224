import { describe, expect, it } from 'vitest';
import { type KeyCacheOptions, readKeyCacheOptions } from './key-cache-options.js';

describe('the options of a key cache', () => {
  it('have the defaults that their descriptions state', () => {
    expect(readKeyCacheOptions({})).toEqual({
      timeoutMs: 2000,
      cacheMs: 600_000,
      negativeMs: 10_000,
      staleMs: 86_400_000,
      refreshIntervalMs: 5000,
      newNamesPerSecond: 10,
      maxKeys: 256,
      maxNegatives: 1024,
      clock: Date.now,
      onKey: expect.any(Function),
    });
    expect(readKeyCacheOptions({}).onKey({ change: 'seen', keyId: '', thumbprints: [], previous: [] })).toBeUndefined();
  });

  it('may be given as functions', () => {
    const clock = () => 1;
    const onKey = () => {};
    expect(readKeyCacheOptions({ clock, onKey })).toMatchObject({ clock, onKey });
  });

  const ranges = [
    ['timeoutMs', 'timeoutMs', 1, 100, 30_000],
    ['cacheSeconds', 'cacheMs', 1000, 1, 86_400],
    ['negativeCacheSeconds', 'negativeMs', 1000, 1, 86_400],
    ['maxStaleSeconds', 'staleMs', 1000, 0, 604_800],
    ['refreshIntervalSeconds', 'refreshIntervalMs', 1000, 1, 3600],
    ['newNamesPerSecond', 'newNamesPerSecond', 1, 1, 1000],
    ['maxKeys', 'maxKeys', 1, 1, 100_000],
    ['maxNegatives', 'maxNegatives', 1, 1, 1_000_000],
  ] as const;

  it.each(ranges)('%s may be anything in its range, the ends of it too', (option, setting, unit, min, max) => {
    for (const value of [min, max]) {
      expect(readKeyCacheOptions({ [option]: value })).toMatchObject({ [setting]: value * unit });
    }
  });

  it.each(ranges)('%s is a TypeError that names the range for anything else', (option, _setting, _unit, min, max) => {
    const wrong = [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY, String(min), true, { valueOf: () => min }];
    for (const value of wrong) {
      const read = () => readKeyCacheOptions({ [option]: value } as KeyCacheOptions);
      expect(read).toThrow(new TypeError(`${option}: give a number from ${min} to ${max}.`));
    }
  });
});
