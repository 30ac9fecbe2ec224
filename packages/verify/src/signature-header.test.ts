import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SIGNATURE_HEADER, parseSignatureHeader } from './signature-header.js';

const nothing = {
  keyId: undefined,
  algorithm: undefined,
  headers: undefined,
  signature: undefined,
  created: undefined,
  expires: undefined,
};

describe('a Signature header is read', () => {
  it('as drafts 10 and 11 write it', () => {
    expect(
      parseSignatureHeader('keyId="a.example",algorithm="rsa-sha256",headers="(request-target) date",signature="Zm9v"'),
    ).toEqual({
      ...nothing,
      keyId: 'a.example',
      algorithm: 'rsa-sha256',
      headers: '(request-target) date',
      signature: 'Zm9v',
    });
  });

  it('as the vendor prints it: mixed case, runs of white space, a comma missing', () => {
    const text =
      'keyId="k",algorithm="rsa-sha256",\n     headers="(request-target) Host\n   X-nonce"\n     signature="Zm9v"';
    expect(parseSignatureHeader(text)).toMatchObject({
      headers: '(request-target) Host\n   X-nonce',
      signature: 'Zm9v',
    });
  });

  it.each([
    [
      'numbers without quotes',
      'created=1402170695, expires=1402170995',
      { created: '1402170695', expires: '1402170995' },
    ],
    ['names in any case', 'KEYID="a",Signature="b"', { keyId: 'a', signature: 'b' }],
    ['white space round the equals sign', 'keyId = "a"', { keyId: 'a' }],
    ['empty list elements', ',, keyId="a" ,,', { keyId: 'a' }],
    ['an empty value', 'keyId=""', { keyId: '' }],
    ['an unknown parameter, read over', 'foo="x\\"y,keyId=\\"evil\\"",keyId="a"', { keyId: 'a' }],
    ['a name that only ends in a known one', 'foo-keyId="evil",keyId="a"', { keyId: 'a' }],
    ['nothing at all', '', {}],
  ])('with %s', (_, text, expected) => {
    expect(parseSignatureHeader(text)).toEqual({ ...nothing, ...expected });
  });

  it.each([
    ['a parameter twice', 'keyId="a",keyId="b"', 11],
    ['a parameter twice in another case', 'keyId="a",keyid="a"', 11],
    ['an unknown parameter twice', 'foo="a",foo="b"', 9],
    ['no separator', 'keyId="a"signature="b"', 9],
    ['no equals sign', 'keyId "a"', 6],
    ['no value', 'keyId=,signature="b"', 6],
    ['no end of a quoted value', 'keyId="a', 6],
    ['an escape at the very end', 'keyId="a\\', 6],
    ['a backslash in a known value', 'keyId="a\\b"', 6],
    ['a quote without a name', '"a"', 0],
    ['a scheme before it', 'Signature keyId="a"', 10],
    ['a NUL', 'keyId="a",\0="b"', 10],
  ])('not with %s', (_, text) => {
    expect(parseSignatureHeader(text)).toHaveProperty('problem');
  });

  it('not when it is longer than any genuine one, or has more parameters', () => {
    expect(parseSignatureHeader(`keyId="${'a'.repeat(MAX_SIGNATURE_HEADER)}"`)).toHaveProperty('problem');
    const many = Array.from({ length: 17 }, (_, i) => `p${String.fromCharCode(97 + i)}="x"`).join(',');
    expect(parseSignatureHeader(many)).toHaveProperty('problem');
  });

  it('whatever the text, without throwing', () => {
    const pieces = fc.array(
      fc.constantFrom('keyId', 'signature', '=', '"', ',', ' ', '\\', 'x', '\t', 'created=1', '""'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((list) => list.join('')),
        ),
        (text) => {
          const parsed = parseSignatureHeader(text);
          expect('problem' in parsed ? typeof parsed.problem : 'read').toMatch(/string|read/);
        },
      ),
      { seed: 20261123, numRuns: 5_000 },
    );
  });

  it('in any order of parameters and with any separators to the same values', () => {
    const values = { keyId: 'a.b', algorithm: 'hs2019', headers: 'date host', signature: 'Zm9v' };
    const order = fc.shuffledSubarray(Object.entries(values), { minLength: 4, maxLength: 4 });
    const separator = fc.constantFrom(',', ' ', ', ', ' ,\t', '  ');
    fc.assert(
      fc.property(order, separator, (entries, between) => {
        const text = entries.map(([name, value]) => `${name}="${value}"`).join(between);
        expect(parseSignatureHeader(text)).toEqual({ ...nothing, ...values });
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });
});
