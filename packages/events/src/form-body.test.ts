import { describe, expect, it } from 'vitest';
import { type DecodeError, decodeForm, type RawValue } from './index.js';

const read = (body: string | Uint8Array) => decodeForm(typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
/** Objects without prototypes are compared as the others. */
const fields = (body: string) => JSON.parse(JSON.stringify(read(body).fields));
const codeOf = (body: string): string | undefined => {
  try {
    read(body);
    return undefined;
  } catch (error) {
    return (error as DecodeError).code;
  }
};

describe('a form means what PHP makes of it', () => {
  it.each<[string, RawValue]>([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2', { a: '2' }],
    ['&&a=1&&', { a: '1' }],
    ['a', { a: '' }],
    ['a&b=1', { a: '', b: '1' }],
    ['=1', {}],
    ['+=1', {}],
    ['a=b=c', { a: 'b=c' }],
    ['a=x+y%2Bz', { a: 'x y+z' }],
    ['a%3Db=1', { 'a=b': '1' }],
    ['a[b]=1&a[c]=2', { a: { b: '1', c: '2' } }],
    ['a%5Bb%5D=1', { a: { b: '1' } }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[ ]=1', { a: ['1'] }],
    ['a[0]=x&a[1]=y', { a: ['x', 'y'] }],
    ['a[0]=x&a[0]=y', { a: ['y'] }],
    ['a[1]=x&a[]=y', { a: { 1: 'x', 2: 'y' } }],
    ['a[-5]=x&a[]=y', { a: { '-5': 'x', 0: 'y' } }],
    ['a[01]=x&a[]=y', { a: { '01': 'x', 0: 'y' } }],
    ['a[x]=1&a[]=2', { a: { x: '1', 0: '2' } }],
    ['a[x]=1&a[0]=2&a[]=3', { a: { x: '1', 0: '2', 1: '3' } }],
    ['a[]=1&a[]=2&a[x]=3&a[]=4', { a: { 0: '1', 1: '2', x: '3', 2: '4' } }],
    ['a[0]=x&a[2]=y', { a: { 0: 'x', 2: 'y' } }],
    ['a[0]=x&a[1]=y&a[0]=z&a[1]=w', { a: ['z', 'w'] }],
    ['a[0]=x&a[00]=y', { a: { 0: 'x', '00': 'y' } }],
    ['a[0]=x&a[-0]=y', { a: { 0: 'x', '-0': 'y' } }],
    ['a[0]=x&a[++]=y', { a: { 0: 'x', '  ': 'y' } }],
    ['a[0]=x&a[0.0]=y', { a: { 0: 'x', '0.0': 'y' } }],
    ['a[]=x&a[-1]=y&a[]=z', { a: { 0: 'x', '-1': 'y', 1: 'z' } }],
    ['a[9]=x&a[3]=y&a[]=z', { a: { 9: 'x', 3: 'y', 10: 'z' } }],
    ['a[7x]=x&a[]=y', { a: { '7x': 'x', 0: 'y' } }],
    ['a[x7]=x&a[]=y', { a: { x7: 'x', 0: 'y' } }],
    ['a[1e3]=x&a[]=y', { a: { '1e3': 'x', 0: 'y' } }],
    ['a[]=x&a[k][b]=y&a[][c]=z', { a: { 0: 'x', k: { b: 'y' }, 1: { c: 'z' } } }],
    ['a[0][b]=1&a[0][c]=2&a[1][b]=3', { a: [{ b: '1', c: '2' }, { b: '3' }] }],
    ['a[0][b]=1&a[0]=2&a[0][c]=3', { a: [{ c: '3' }] }],
    ['0=x&1=y', { 0: 'x', 1: 'y' }],
    ['a[9]=1&a[]=2', { a: { 9: '1', 10: '2' } }],
    ['a[10]=1&a[]=2', { a: { 10: '1', 11: '2' } }],
    ['a=1&a[b]=2', { a: { b: '2' } }],
    ['a[b]=1&a=2', { a: '2' }],
    ['a[b]=1&a[b][c]=2', { a: { b: { c: '2' } } }],
    ['a[b][c]=1&a[b]=2', { a: { b: '2' } }],
    ['a[][x]=1&a[][x]=2', { a: [{ x: '1' }, { x: '2' }] }],
    ['a[b]c=1', { a: { b: '1' } }],
    ['a[b[c]=1', { a: { 'b[c': '1' } }],
    ['a]b=1', { 'a]b': '1' }],
  ])('%s', (body, expected) => {
    expect(fields(body)).toEqual(expected);
  });

  it.each<[string, RawValue]>([
    ['a.b=1&c d=2', { 'a.b': '1', 'c d': '2' }],
    ['a[b=1', { 'a[b': '1' }],
    ['[a]=1', { '[a]': '1' }],
    ['a%00b=1', { 'a\0b': '1' }],
  ])('but for names, which stay as they are: %s', (body, expected) => {
    expect(fields(body)).toEqual(expected);
  });
});

it('ampersands alone are no fields, however many', () => {
  expect(fields('&'.repeat(20_001))).toEqual({});
});

it('an index counts up to 15 digits: one of more is a name', () => {
  expect(fields('a[999999999999999]=x&a[]=y')).toEqual({ a: { '999999999999999': 'x', '1000000000000000': 'y' } });
  expect(fields('a[1000000000000000]=x&a[]=y')).toEqual({ a: { '1000000000000000': 'x', 0: 'y' } });
});

describe('nothing of a form is lost', () => {
  it('a percent sign without digits stands for itself, and is told', () => {
    const { fields: got, problems } = read('a=100%&b=%zz&c=%4');
    expect({ ...got }).toEqual({ a: '100%', b: '%zz', c: '%4' });
    expect(problems).toEqual(['a', 'b', 'c'].map((field) => ({ code: 'bad-escape', field })));
  });

  it('what is wrong with a name and with its value is told, in this order, each time that it comes', () => {
    const body = '%e9%z=%e9%z';
    const ofOne = ['name-not-utf8', 'bad-escape', 'not-utf8', 'bad-escape'];
    expect(read(`${body}&${body}`).problems).toEqual([...ofOne, ...ofOne].map((code) => ({ code, field: 'é%z' })));
  });

  it('a text in UTF-8 with a percent sign is read as both', () => {
    expect(read('a=%C3%A9%&b=1')).toMatchObject({
      fields: { a: 'é%' },
      problems: [{ code: 'bad-escape', field: 'a' }],
    });
  });

  it('octets that are not UTF-8 come back out of the text', () => {
    const { fields: got, problems } = read('a=%ff\xe9&b=%C3%A9&%e9=1');
    expect(Buffer.from(got['a'] as string, 'latin1')).toEqual(Buffer.from([0xff, 0xe9]));
    expect(got['b']).toBe('é');
    expect(got['é']).toBe('1');
    expect(problems).toEqual([
      { code: 'not-utf8', field: 'a' },
      { code: 'name-not-utf8', field: 'é' },
    ]);
  });

  it('U+FFFD that was sent is none that was read wrong', () => {
    expect(read('a=%EF%BF%BD').problems).toEqual([]);
  });

  it('what is over a limit is refused as a whole', () => {
    expect(codeOf(`a${'[b]'.repeat(63)}=1`)).toBeUndefined();
    expect(codeOf(`a${'[b]'.repeat(64)}=1`)).toBe('too-deep');
    expect(codeOf('a=&'.repeat(20_000))).toBeUndefined();
    expect(codeOf('a=&'.repeat(20_001))).toBe('too-many-fields');
    expect(codeOf(`${'a'.repeat(2048)}=1`)).toBeUndefined();
    expect(codeOf(`${'a'.repeat(2049)}=1`)).toBe('field-name-too-long');
    expect(() => read(`${'a'.repeat(2049)}=1`)).toThrow('more than 2048 characters');
    expect(() => read('a=&'.repeat(20_001))).toThrow('more than 20000 fields');
  });

  it('a body over 256 MiB is not looked at', () => {
    const most = 256 * 1024 * 1024;
    // With more fields than are read at its start, so that the one byte fewer is told by another code, soon.
    const body = Buffer.alloc(most + 1);
    body.write('a=&'.repeat(20_001), 1);
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'too-large', message: expect.stringContaining(String(most)) }),
    );
    expect(() => read(body.subarray(1))).toThrow(expect.objectContaining({ code: 'too-many-fields' }));
  });

  it('names of prototypes are names', () => {
    const { fields: got } = read('__proto__[a]=1&constructor=2&x[__proto__]=3');
    expect(Object.keys(got)).toEqual(['__proto__', 'constructor', 'x']);
    expect('a' in {}).toBe(false);
  });

  it('bodies larger than the room at hand are read the same', () => {
    const long = 'ü'.repeat(100_000);
    const { fields: got } = read(Buffer.from(`a=${long}&b=1`));
    expect(got['a']).toBe(long);
    expect(got['b']).toBe('1');
  });
});

it('a form cannot ask for lists without end', () => {
  expect(codeOf(`a${'[]'.repeat(60)}=&`.repeat(400))).toBe('too-many-fields');
  // The first list is one that all others are in: it takes one of them.
  expect(codeOf('a[][]=&'.repeat(19_999))).toBeUndefined();
  expect(codeOf('a[][]=&'.repeat(20_000))).toBe('too-many-fields');
  expect(() => read('a[][]=&'.repeat(20_000))).toThrow('more than 20000 lists and objects');
});
