import { expect, it } from 'vitest';
import { isPromiseLike, whenThere } from './promise-like.js';

const callable = Object.assign(() => {}, { then: () => {} });

it.each<[string, unknown]>([
  ['a promise', Promise.resolve()],
  ['an object with a then', { then: () => {} }],
  ['a function with a then, as calls between Workers give', callable],
])('%s must be waited for', (_, value) => {
  expect(isPromiseLike(value)).toBe(true);
});

it.each<[string, unknown]>([
  ['null', null],
  ['undefined', undefined],
  ['a text', 'then'],
  ['a number', 1],
  ['an object', {}],
  ['a function', () => {}],
  ['an object whose then is a value', { then: 'later' }],
])('%s is there already', (_, value) => {
  expect(isPromiseLike(value)).toBe(false);
});

it('what is there is gone on with at once, and what is not, once it is', async () => {
  expect(whenThere(1, (one) => one + 1)).toBe(2);
  const later = whenThere(Promise.resolve(1), (one) => one + 1);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(2);
});
