import { describe, expect, it } from 'vitest';
import { type DecodeError, decodeJson } from './index.js';

const read = (text: string) => decodeJson(Buffer.from(text));
const value = (text: string) => read(`{"a":${text}}`).fields['a'];
const codeOf = (text: string): string | undefined => {
  try {
    read(text);
    return undefined;
  } catch (error) {
    return (error as DecodeError).code;
  }
};

describe('JSON loses nothing', () => {
  it.each([
    '9007199254740993',
    '12345678901234567890',
    '-0',
    '1e400',
    '1e-400',
    '0.1234567890123456789',
    '1152921504606846976',
  ])('a number that a double cannot hold comes as its text: %s', (text) => expect(value(text)).toBe(text));

  it.each(['0', '1000', '1767323045', '-12', '9007199254740991', '1.5', '1e2', '0.1', '123.25'])(
    'any other is a number: %s',
    (text) => expect(value(text)).toBe(Number(text)),
  );

  it('a key that comes twice is told, wherever it stands', () => {
    const { fields, problems } = read('{"a":1,"b":{"c":[{"d":1,"d":2}]},"a":3}');
    expect(JSON.parse(JSON.stringify(fields))).toEqual({ a: 3, b: { c: [{ d: 2 }] } });
    expect(problems).toEqual([
      { code: 'duplicate-key', field: 'b[c][0][d]' },
      { code: 'duplicate-key', field: 'a' },
    ]);
  });

  it('also one that hides behind a number that is written short', () => {
    // As long as {"a":1000,…} without the double would be.
    expect(read('{"a":1e9,"b":0,"b":1}').problems).toEqual([{ code: 'duplicate-key', field: 'b' }]);
    expect(read('{"b":1,"b":2,"a":1e21}').problems).toEqual([{ code: 'duplicate-key', field: 'b' }]);
  });

  it('also one whose spelling differs by an escape', () => {
    expect(read('{"a":1,"\\u0061":2}').problems).toEqual([{ code: 'duplicate-key', field: 'a' }]);
  });

  it('a colon or a number in a text is a text', () => {
    const text = '{"a":"\\":1,\\"a\\":12345678901234567890\\\\","b":"\\\\"}';
    expect(read(text)).toEqual({ fields: { a: '":1,"a":12345678901234567890\\', b: '\\' }, problems: [] });
  });

  it('long texts with quotes and backslashes have their ends where they are', () => {
    const long = `${'x'.repeat(100)}\\"${'\\\\'.repeat(33)}\\":`;
    expect(read(`{ "a": "${long}", "b": 12345678901234567890 }`).fields['b']).toBe('12345678901234567890');
  });

  it('octets that are not UTF-8 come back out of the text', () => {
    const { fields, problems } = decodeJson(Buffer.from('{"a":"caf\xe9"}', 'latin1'));
    expect(fields['a']).toBe('café');
    expect(problems).toEqual([{ code: 'not-utf8', field: '' }]);
  });

  it('half a surrogate pair, and a byte order mark', () => {
    expect(value('"\\ud800"')).toBe('\ud800');
    expect(read('\ufeff{"a":"\ufeff"}').fields['a']).toBe('\ufeff');
  });

  it('no object has a prototype', () => {
    const { fields } = read('{"__proto__":{"a":1},"x":[{"constructor":2}]}');
    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(Object.keys(fields)).toEqual(['__proto__', 'x']);
    expect(Object.getPrototypeOf((fields['x'] as object[])[0])).toBeNull();
    expect('a' in {}).toBe(false);
  });
});

describe('what is no fields is refused', () => {
  it.each<[string, string]>([
    ['', 'invalid-json'],
    ['{', 'invalid-json'],
    ['{"a":1}x', 'invalid-json'],
    ['{"a":01}', 'invalid-json'],
    ['null', 'not-an-object'],
    ['[]', 'not-an-object'],
    ['12345678901234567890', 'not-an-object'],
    [`{"a":${'['.repeat(64)}${']'.repeat(64)}}`, ''],
    [`{"a":${'['.repeat(65)}${']'.repeat(65)}}`, 'too-deep'],
    [`{"a": ${'['.repeat(65)}12345678901234567890${']'.repeat(65)}}`, 'too-deep'],
    ['['.repeat(100_000), 'invalid-json'],
    [`{"a":[${'0,'.repeat(20_000)}0]}`, 'too-many-fields'],
    [`{"a":[${'0,'.repeat(20_000)}12345678901234567890]}`, 'too-many-fields'],
  ])('%.30s', (text, code) => {
    expect(codeOf(text) ?? '').toBe(code);
  });
});
