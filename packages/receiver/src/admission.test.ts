import { afterEach, expect, it, vi } from 'vitest';
import { Admission, type Place } from './admission.js';

afterEach(() => {
  vi.useRealTimers();
});

const limits = { maxBufferedBytes: 100, maxConcurrentCalls: 3 };

/** Enters where there is room. */
function enter(admission: Admission, bytes: number): Place {
  const place = admission.enter(bytes);
  if (place instanceof Promise) throw new Error('there was no room');
  return place;
}

/** Enters where there is none, and notes the order in which room is given. */
function wait(admission: Admission, bytes: number, name: string, order: string[]): Promise<Place> {
  const place = admission.enter(bytes);
  expect(place).toBeInstanceOf(Promise);
  return Promise.resolve(place).then((given) => {
    order.push(name);
    if (given === undefined) throw new Error(`${name} was sent away`);
    return given;
  });
}

it('lets so many bytes in, to the last one, and gives them back once', () => {
  const admission = new Admission(limits);
  const first = enter(admission, 60);
  const second = enter(admission, 40);
  expect(admission.bufferedBytes).toBe(100);
  first.leave();
  first.leave();
  expect(admission.bufferedBytes).toBe(40);
  second.leave();
  // A body that is there only after its call has left takes nothing.
  second.resize(70);
  expect(admission.bufferedBytes).toBe(0);
});

it('gives room to those who wait in the order in which they came, also where a later one would fit', async () => {
  const admission = new Admission(limits);
  const whole = enter(admission, 100);
  const order: string[] = [];
  const waiting = [wait(admission, 90, 'large', order), wait(admission, 10, 'small', order)];
  // There are bytes for the small one from now on; it came later.
  whole.resize(50);
  await Promise.resolve();
  expect(order).toEqual([]);
  whole.leave();
  const places = await Promise.all(waiting);
  expect(order).toEqual(['large', 'small']);
  expect(admission.bufferedBytes).toBe(100);
  for (const place of places) place.leave();
  expect(admission.bufferedBytes).toBe(0);
});

it('lets someone in when a body turns out to be smaller than was set aside for it', async () => {
  const admission = new Admission(limits);
  const place = enter(admission, 100);
  const order: string[] = [];
  const waiting = wait(admission, 70, 'next', order);
  place.resize(30);
  expect(await waiting).toBeDefined();
  expect(admission.bufferedBytes).toBe(100);
  (await waiting).leave();
  place.leave();
  expect(admission.bufferedBytes).toBe(0);
});

it('counts calls as well as bytes', async () => {
  const admission = new Admission(limits);
  const places = [enter(admission, 1), enter(admission, 1), enter(admission, 1)];
  const order: string[] = [];
  const waiting = wait(admission, 1, 'fourth', order);
  places[0]?.leave();
  (await waiting).leave();
  expect(order).toEqual(['fourth']);
});

it('sends the next one away at once while 256 are waiting', async () => {
  const admission = new Admission(limits);
  const whole = enter(admission, 100);
  const order: string[] = [];
  const waiting = Array.from({ length: 256 }, (_, i) => wait(admission, 1, String(i), order));
  expect(await admission.enter(1)).toBeUndefined();
  whole.leave();
  // Three at a time: each one that leaves lets the next one in.
  for (const one of waiting) (await one).leave();
  expect(order).toHaveLength(256);
  expect(admission.bufferedBytes).toBe(0);
});

it('sends one away that has waited for two seconds, and lets those in whom it kept from room', async () => {
  vi.useFakeTimers();
  const admission = new Admission(limits);
  const held = enter(admission, 60);
  let large: Place | undefined | 'waits' = 'waits';
  void Promise.resolve(admission.enter(50)).then((given) => {
    large = given;
  });
  const order: string[] = [];
  await vi.advanceTimersByTimeAsync(1000);
  const small = wait(admission, 40, 'small', order);
  await vi.advanceTimersByTimeAsync(999);
  expect([large, order]).toEqual(['waits', []]);
  await vi.advanceTimersByTimeAsync(1);
  expect([large, order]).toEqual([undefined, ['small']]);
  // Of neither is anything left that would run later.
  expect(vi.getTimerCount()).toBe(0);
  (await small).leave();
  held.leave();
  expect(admission.bufferedBytes).toBe(0);
});

it('gives a place that becomes free after the two seconds to those who still wait', async () => {
  vi.useFakeTimers();
  const admission = new Admission(limits);
  const held = enter(admission, 100);
  const late = admission.enter(100);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await late).toBeUndefined();
  const order: string[] = [];
  const next = wait(admission, 100, 'next', order);
  held.leave();
  await next;
  expect(admission.bufferedBytes).toBe(100);
  (await next).leave();
  expect(vi.getTimerCount()).toBe(0);
});
