import { describe, expect, it } from 'vitest';
import { type EventFields, encodeForm } from './encode-body.js';

// What PHP 8.2's http_build_query makes of the same structures, measured with php-cli.
describe('a form is written as http_build_query writes it', () => {
  it.each<[string, EventFields, string]>([
    ['single values', { a: 'x', b: 2, c: '' }, 'a=x&b=2&c='],
    ['spaces and signs', { a: "a b+c&d=e'f~g*h(i)" }, 'a=a+b%2Bc%26d%3De%27f%7Eg%2Ah%28i%29'],
    ['letters beyond ASCII', { ü: 'é€😀' }, '%C3%BC=%C3%A9%E2%82%AC%F0%9F%98%80'],
    ['true, false and null', { a: true, b: false, c: null, d: 'x' }, 'a=1&b=0&d=x'],
    ['a list', { a: ['x', 'y'] }, 'a%5B0%5D=x&a%5B1%5D=y'],
    ['nested names', { a: { 'b c': { d: 'x' } } }, 'a%5Bb+c%5D%5Bd%5D=x'],
    ['what is empty', { a: [], b: {}, c: 'x' }, 'c=x'],
  ])('%s', (_, event, expected) => {
    expect(Buffer.from(encodeForm(event)).toString()).toBe(expected);
  });
});
