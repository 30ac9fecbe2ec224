import { expect, it } from 'vitest';
import { Pace } from './pace.js';

it('takes many ahead of quick handlers, and few ahead of slow ones', () => {
  let now = 0;
  const pace = new Pace(10, () => now);
  const run = (events: number, ms: number) => {
    for (let i = 0; i < events; i++) pace.started();
    now += ms;
    return pace.capacity;
  };
  expect(pace.capacity).toBe(110);
  expect(run(50, 99)).toBe(110);
  expect(run(50, 1)).toBe(250);
  expect(run(100_000, 100)).toBe(500);
  expect(run(10, 1000)).toBe(20);
  expect(run(0, 3_600_000)).toBe(20);
  expect(new Pace(400).capacity).toBe(800);
});
