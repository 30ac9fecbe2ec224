import { expect, it } from 'vitest';
import { BoundedMap } from './bounded-map.js';

const held = (map: BoundedMap<string>, ...keys: string[]) => keys.filter((key) => map.get(key) !== undefined);

it('a bounded map holds as many as it may, and then forgets what was set longest ago', () => {
  const map = new BoundedMap<string>(2);
  map.set('a', '1');
  map.set('b', '2');
  expect(held(map, 'a', 'b')).toEqual(['a', 'b']);
  map.set('c', '3');
  expect(held(map, 'a', 'b', 'c')).toEqual(['b', 'c']);
});

it('what is set again counts from then, and takes no second place', () => {
  const map = new BoundedMap<string>(2);
  map.set('a', '1');
  map.set('b', '2');
  map.set('a', '3');
  expect(map.get('a')).toBe('3');
  expect(held(map, 'a', 'b')).toEqual(['a', 'b']);
  map.set('c', '4');
  expect(held(map, 'a', 'b', 'c')).toEqual(['a', 'c']);
});

it('what was used stays once more, and the next one in line goes', () => {
  const used = new Set(['1', '2']);
  const map = new BoundedMap<string>(3, (value) => used.delete(value));
  for (const value of ['1', '2', '3', '4']) map.set(value, value);
  expect(held(map, '1', '2', '3', '4')).toEqual(['1', '2', '4']);
  // Those that stayed stand last now, and were asked.
  map.set('5', '5');
  expect(held(map, '1', '2', '4', '5')).toEqual(['1', '2', '5']);
  map.set('6', '6');
  expect(held(map, '1', '2', '5', '6')).toEqual(['2', '5', '6']);
});

it('one goes even when all were used', () => {
  const map = new BoundedMap<string>(2, (value) => value !== 'new');
  map.set('a', 'old');
  map.set('b', 'old');
  map.set('c', 'new');
  expect(held(map, 'a', 'b', 'c')).toEqual(['a', 'b']);
});

it('what is deleted or cleared is gone, and makes room', () => {
  const map = new BoundedMap<string>(2);
  map.set('a', '1');
  map.set('b', '2');
  map.delete('a');
  expect(held(map, 'a', 'b')).toEqual(['b']);
  map.set('c', '3');
  expect(held(map, 'b', 'c')).toEqual(['b', 'c']);
  map.clear();
  expect(held(map, 'b', 'c')).toEqual([]);
});
