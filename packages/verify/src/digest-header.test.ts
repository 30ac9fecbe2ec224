import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigestHeader } from './digest-header.js';

/** `{"hello": "world"}`: draft-cavage-http-signatures-10 appendix C and RFC 9530 appendix B. */
const sha256 = 'X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=';
const sha512 = 'WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==';

describe('a Digest header is read', () => {
  it.each([
    ['one value', `SHA-256=${sha256}`, [{ algorithm: 'sha-256', base64: sha256 }], []],
    ['any case', `sHa-256=${sha256}`, [{ algorithm: 'sha-256', base64: sha256 }], []],
    [
      'several values',
      `SHA-512=${sha512}, sha-256=${sha256}`,
      [
        { algorithm: 'sha-512', base64: sha512 },
        { algorithm: 'sha-256', base64: sha256 },
      ],
      [],
    ],
    [
      'weak ones beside it',
      `MD5=Sd/dVLAcvNLSq16eXua5uQ==,SHA-256=${sha256},UNIXsum=30637`,
      [{ algorithm: 'sha-256', base64: sha256 }],
      ['md5', 'unixsum'],
    ],
    ['weak ones alone', 'SHA=07CavjDP4u3/TungoUHJO/Wzr4c=', [], ['sha']],
  ])('with %s', (_, text, values, ignored) => {
    expect(parseDigestHeader(text)).toEqual({ values, ignored });
  });

  it.each([
    ['nothing', ''],
    ['no algorithm', sha256],
    ['no padding', `SHA-256=${sha256.slice(0, -1)}`],
    ['padding bits that are not zero', `SHA-256=${sha256.replace(/E=$/, 'F=')}`],
    ['the other alphabet', `SHA-256=${sha256.replaceAll('+', '-').slice(0, 4)}-${sha256.slice(5)}`],
    ['white space in the value', `SHA-256=${sha256.slice(0, 9)} ${sha256.slice(9)}`],
    ['a value of another length', `SHA-256=${sha512}`],
    ['hexadecimal', `SHA-256=${Buffer.from(sha256, 'base64').toString('hex')}`],
    ['an empty element', `SHA-256=${sha256},`],
    ['a quoted value', `SHA-256="${sha256}"`],
    ['more values than anyone sends', Array.from({ length: 17 }, () => 'md5=x').join(',')],
    ['more characters than anyone sends', `md5=${'x'.repeat(3000)}`],
  ])('not with %s', (_, text) => {
    expect(parseDigestHeader(text)).toHaveProperty('problem');
  });

  it.each([
    ['no algorithm', sha256, 'algorithm=value was expected'],
    ['no value', 'SHA-256', 'algorithm=value was expected'],
    ['nothing before the sign', '=x', 'algorithm=value was expected'],
    ['a name of other characters', 'sha.256=x', 'algorithm=value was expected'],
    ['a space within a name', 'md 5=x', 'algorithm=value was expected'],
    ['white space around the sign', `SHA-256 = ${sha256}`, 'algorithm=value was expected'],
    ['SHA-256 that is too short', 'SHA-256=AAAA', 'the sha-256 value is not base64 of 32 octets'],
    ['SHA-512 that is too short', `SHA-512=${sha256}`, 'the sha-512 value is not base64 of 64 octets'],
    ['a wrong one after a right one', `SHA-256=${sha256},SHA-512=`, 'the sha-512 value is not base64 of 64 octets'],
  ])('not with %s, and it is said why', (_, text, problem) => {
    expect(parseDigestHeader(text)).toEqual({ problem });
  });

  it('up to 2048 characters, 16 values, and 32 characters a name', () => {
    const values = (count: number) => Array.from({ length: count }, () => 'md5=x').join(',');
    expect(parseDigestHeader(`md5=${'x'.repeat(2044)}`)).toEqual({ values: [], ignored: ['md5'] });
    expect(parseDigestHeader(`md5=${'x'.repeat(2045)}`)).toEqual({ problem: 'longer than 2048 characters' });
    expect(parseDigestHeader(values(16))).toEqual({ values: [], ignored: Array.from({ length: 16 }, () => 'md5') });
    expect(parseDigestHeader(values(17))).toEqual({ problem: 'more than 16 values' });
    const name = 'a'.repeat(32);
    expect(parseDigestHeader(`${name}=x`)).toEqual({ values: [], ignored: [name] });
    expect(parseDigestHeader(`a${name}=x`)).toEqual({ problem: 'algorithm=value was expected' });
  });

  it('with spaces and tabs around a value', () => {
    const values = [{ algorithm: 'sha-256', base64: sha256 }];
    expect(parseDigestHeader(` \tMD5=x , SHA-256=${sha256}\t`)).toEqual({ values, ignored: ['md5'] });
  });

  it('whatever the text, without throwing', () => {
    const pieces = fc
      .array(fc.constantFrom('SHA-256', '=', ',', ' ', sha256, 'md5', '\0', 'é'))
      .map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), pieces), (text) => {
        const parsed = parseDigestHeader(text);
        if ('values' in parsed)
          for (const { base64 } of parsed.values) expect(base64).toBe(Buffer.from(base64, 'base64').toString('base64'));
      }),
      { seed: 20261123, numRuns: 3_000 },
    );
  });
});
