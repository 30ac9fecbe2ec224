import { describe, expect, it } from 'vitest';
import { buildSigningString, parseCoveredList } from './signing-string.js';

const headers: Record<string, string> = {
  host: 'example.com',
  date: 'Sun, 05 Jan 2014 21:31:40 GMT',
  'content-length': '18',
  empty: '',
};
const parts = {
  method: 'POST',
  target: '/foo?param=value&pet=dog',
  created: '1402170695',
  expires: undefined,
  value: (name: string) => headers[name],
};

describe('a signing string is', () => {
  it('a line a name, as draft-cavage-http-signatures-10 appendix C.2 has it', () => {
    expect(buildSigningString(['(request-target)', 'host', 'date'], parts)).toEqual({
      text: '(request-target): post /foo?param=value&pet=dog\nhost: example.com\ndate: Sun, 05 Jan 2014 21:31:40 GMT',
    });
  });

  it('with a colon and a space after a name whose value is empty', () => {
    expect(buildSigningString(['empty', 'host'], parts)).toEqual({ text: 'empty: \nhost: example.com' });
  });

  it('with (created) and (expires) from the parameters', () => {
    expect(buildSigningString(['(created)', '(expires)'], { ...parts, expires: '1402170995' })).toEqual({
      text: '(created): 1402170695\n(expires): 1402170995',
    });
  });

  it('never made of a header whose name is written in parentheses', () => {
    const value = () => 'forged';
    expect(buildSigningString(['(unknown)'], { ...parts, expires: '1402170995', value })).toEqual({
      absent: '(unknown)',
    });
    expect(buildSigningString(['(expires)'], { ...parts, value })).toEqual({ absent: '(expires)' });
  });

  it('not there when a name has no value', () => {
    expect(buildSigningString(['host', 'x-nonce'], parts)).toEqual({ absent: 'x-nonce' });
    expect(buildSigningString(['(expires)'], parts)).toEqual({ absent: '(expires)' });
    expect(buildSigningString(['(unknown)'], parts)).toEqual({ absent: '(unknown)' });
  });
});

describe('a list of covered headers is', () => {
  const complete = '(request-target) host date x-copernica-id digest';

  it('read in any case, with any white space between', () => {
    expect(parseCoveredList('(Request-Target)  Host\n\t Date X-Copernica-ID Digest X-nonce')).toEqual({
      names: ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest', 'x-nonce'],
      missing: [],
      repeated: undefined,
    });
  });

  it('read with white space at its ends, and each of the four kinds alone between two names', () => {
    expect(parseCoveredList(' \t a b\tc\rd\ne\r\n')?.names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('read with 64 names, each up to 128 characters long or 32 in parentheses', () => {
    const longest = ['x'.repeat(128), `(${'x'.repeat(32)})`];
    expect(parseCoveredList(longest.join(' '))?.names).toEqual(longest);
    expect(parseCoveredList('x '.repeat(64))?.names).toHaveLength(64);
  });

  it('told what it does not cover', () => {
    expect(parseCoveredList('host date')?.missing).toEqual(['(request-target)', 'x-copernica-id', 'digest']);
    expect(parseCoveredList(undefined)?.names).toEqual(['date']);
  });

  it('told which name it lists twice, in another case too', () => {
    expect(parseCoveredList(`${complete} Host`)?.repeated).toBe('host');
  });

  it.each([
    '',
    '   ',
    'host: date',
    'host\0',
    'höst',
    '()',
    'a,b',
    'x '.repeat(65),
    'x'.repeat(129),
    `(${'x'.repeat(33)})`,
  ])('not read from %j', (text) => {
    expect(parseCoveredList(text)).toBeUndefined();
  });
});
