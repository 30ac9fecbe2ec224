import { createEventParser } from '@smtpeter-webhooks/events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { before, late } from './deadline.js';
import { Abort, dispatch } from './dispatch.js';
import type { HandlerContext } from './handlers.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const event = createEventParser()({
  body: Buffer.from('{"type":"open"}'),
  contentType: undefined,
  identity: 'a',
  key: 'k',
});
const run = (handler: () => unknown, abort = new Abort()) =>
  dispatch([handler], event, {} as HandlerContext<undefined>, abort, 50);

it('a handler has all of its time, and no more', async () => {
  const abort = new Abort();
  const ends: string[] = [];
  void Promise.resolve(run(() => new Promise(() => {}), abort)).then(({ ended }) => ends.push(ended));
  await vi.advanceTimersByTimeAsync(49);
  expect([ends, abort.signal.aborted]).toEqual([[], false]);
  await vi.advanceTimersByTimeAsync(1);
  expect([ends, abort.signal.aborted]).toEqual([['late'], true]);
  expect(vi.getTimerCount()).toBe(0);
});

it('nothing is left that would run later, however a handler ends', async () => {
  expect(await run(async () => {})).toEqual({ ended: 'done' });
  expect(await run(() => Promise.reject(new Error('no')))).toMatchObject({ ended: 'failed' });
  expect(vi.getTimerCount()).toBe(0);
});

it('the first reason to end is the one that a handler is told, also when it asks later', () => {
  const abort = new Abort();
  const [first, second] = [new Error('over its time'), new Error('shutting down')];
  abort.abort(first);
  abort.abort(second);
  expect(abort.signal.reason).toBe(first);
});

it('a deadline leaves no timer behind, and is met to the millisecond', async () => {
  expect(await before(Promise.resolve(1), 1000)).toBe(1);
  await expect(before(Promise.reject(new Error('no')), 1000)).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
  const outcome: unknown[] = [];
  void before(new Promise(() => {}), 1000).then((one) => outcome.push(one));
  await vi.advanceTimersByTimeAsync(999);
  expect(outcome).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome).toEqual([late]);
});
