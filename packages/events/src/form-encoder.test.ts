import { describe, expect, it } from 'vitest';
import { decodeForm, encodeForm, type RawObject, type RawValue } from './index.js';

const write = (fields: RawObject) => new TextDecoder().decode(encodeForm(fields));

describe('fields are written as a form', () => {
  it.each<[string, RawObject, string]>([
    ['single values', { a: 'x', b: 2, c: '', d: -1.5 }, 'a=x&b=2&c=&d=-1.5'],
    ['true and false', { a: true, b: false }, 'a=1&b=0'],
    ['a list, with its indices', { a: ['x', 'y', ['z']] }, 'a%5B0%5D=x&a%5B1%5D=y&a%5B2%5D%5B0%5D=z'],
    ['an object in an object', { a: { b: { c: 'x' }, d: 'y' } }, 'a%5Bb%5D%5Bc%5D=x&a%5Bd%5D=y'],
    ['spaces and signs, in names too', { 'a b': 'c d+e%20&f=g' }, 'a+b=c+d%2Be%2520%26f%3Dg'],
    ['texts beyond ASCII', { ü: 'é€😀' }, '%C3%BC=%C3%A9%E2%82%AC%F0%9F%98%80'],
    ['half a character, as U+FFFD', { a: 'x\ud83dy\ude00' }, 'a=x%EF%BF%BDy%EF%BF%BD'],
    ['nothing of what a form cannot say', { a: null, b: [], c: {}, d: [null, 'x'] }, 'd%5B1%5D=x'],
    ['nothing at all', {}, ''],
  ])('%s', (_, fields, expected) => {
    expect(write(fields)).toBe(expected);
  });

  it('without a field that a program left undefined', () => {
    expect(write({ a: undefined as unknown as RawValue, b: 'x' })).toBe('b=x');
  });

  it('and read again as they were', () => {
    const fields = { a: 'x', b: ['1', { c: ['2', '3'] }], d: { 'e f': { '0': '4', g: 'é' } } };
    expect(JSON.parse(JSON.stringify(decodeForm(encodeForm(fields)).fields))).toEqual(fields);
  });
});

describe('a name that would be read as another is refused', () => {
  it.each<[string, RawObject]>([
    ['', { '': 'x' }],
    [' a', { ' a': 'x' }],
    ['a[b]', { 'a[b]': 'x' }],
    ['a > ', { a: { '': 'x' } }],
    ['a >  ', { a: { ' ': 'x' } }],
    ['a > b]', { a: { 'b]': 'x' } }],
    ['a > b][c', { a: { 'b][c': 'x' } }],
    ['[a] > b', { '[a]': { b: 'x' } }],
    ['a > b > c] > 0', { a: { b: { 'c]': ['x'] } } }],
  ])('%j', (path, fields) => {
    expect(() => write(fields)).toThrow(new TypeError(`A form cannot say this field's name: ${JSON.stringify(path)}.`));
  });

  it('with no more of it in the message than a line holds', () => {
    expect(() => write({ a: { [`]${'b'.repeat(200)}`]: 'x' } })).toThrow(
      new TypeError(`A form cannot say this field's name: "a > ]${'b'.repeat(95)}".`),
    );
  });

  it('and what is nested deeper than can be read', () => {
    const nested = (depth: number): RawObject => (depth === 1 ? { a: 'x' } : { a: nested(depth - 1) });
    expect(decodeForm(encodeForm(nested(64))).problems).toEqual([]);
    expect(() => write(nested(65))).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'too-deep' }));
  });
});
