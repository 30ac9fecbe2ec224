import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startSweeps } from './sweeps.js';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000_000 }));
afterEach(() => vi.useRealTimers());

const DAY = 86_400_000;

it('sweeps every minute, as often as there is more, and stops', async () => {
  const asked: number[] = [];
  let left = 3;
  const sweeps = startSweeps({ sweep: async (before) => asked.push(before) > 0 && --left > 0 }, DAY);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(Array(3).fill(1_000_060_000 - DAY));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(4);
  sweeps.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(4);
});

it('deletes nothing that is handled when it is to be kept for ever, and outlives a failure', async () => {
  const asked: number[] = [];
  const store = {
    sweep: async (before: number) => {
      asked.push(before);
      throw new Error('the disk is away');
    },
  };
  const sweeps = startSweeps(store, Number.POSITIVE_INFINITY);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toEqual([0, 0]);
  sweeps.stop();
});

it('does not start again while one is under way, and lets go of it when it is stopped', async () => {
  let finish: (more: boolean) => void = () => {};
  let asked = 0;
  const store = {
    sweep: () => {
      asked++;
      return new Promise<boolean>((resolve) => {
        finish = resolve;
      });
    },
  };
  const sweeps = startSweeps(store, DAY);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked).toBe(1);
  sweeps.stop();
  finish(true);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked).toBe(1);
});
