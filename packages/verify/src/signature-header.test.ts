import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SIGNATURE_HEADER, parseSignatureHeader, readSignatureHeader } from './signature-header.js';

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

  it.each([' ', '\t', '\r', '\n', ','])('with %j alone between two parameters', (between) => {
    expect(parseSignatureHeader(`keyId="a"${between}signature="b"`)).toEqual({
      ...nothing,
      keyId: 'a',
      signature: 'b',
    });
  });

  it.each(['az', 'AZ', '09', 'a.b', 'a-b', 'a_b'])(
    'with letters, digits, dots, dashes and underscores: %s',
    (token) => {
      expect(parseSignatureHeader(`${token}=${token},keyId=${token}`)).toEqual({ ...nothing, keyId: token });
    },
  );

  it.each(['@', '[', '`', '{', '/', ':', '+', '~'])('without quotes not with %s', (character) => {
    expect(parseSignatureHeader(`keyId=a${character}`)).toEqual({
      problem: 'a comma or white space was expected',
      at: 7,
    });
  });

  it.each([
    ['a parameter twice', 'keyId="a",keyId="b"', 'the parameter keyid came twice', 10],
    ['a parameter twice in another case', 'keyId="a",keyid="a"', 'the parameter keyid came twice', 10],
    ['an unknown parameter twice', 'foo="a",foo="b"', 'the parameter that is not known came twice', 8],
    ['no separator', 'keyId="a"signature="b"', 'a comma or white space was expected', 9],
    ['no equals sign', 'keyId "a"', 'an equals sign was expected after keyid', 6],
    ['a signature for a name', 'Zm9v', 'an equals sign was expected after that is not known', 4],
    ['no value', 'keyId=,signature="b"', 'a value was expected for keyid', 6],
    ['no end of a quoted value', 'keyId="a', 'the quoted value of keyid does not end', 6],
    ['an escape at the very end', 'keyId="a\\', 'the quoted value of keyid does not end', 6],
    ['an escaped quote at the very end', 'keyId="a\\"', 'the quoted value of keyid does not end', 6],
    ['a backslash in a known value', 'keyId="a\\b"', 'the value of keyid holds a backslash', 6],
    ['a value without a name', '="a"', 'a parameter name was expected', 0],
    ['a quote without a name', '"a"', 'a parameter name was expected', 0],
    ['a scheme before it', 'Signature keyId="a"', 'an equals sign was expected after signature', 10],
    ['a NUL', 'keyId="a",\0="b"', 'a parameter name was expected', 10],
  ])('not with %s, and it is said what is wrong and where', (_, text, problem, at) => {
    expect(parseSignatureHeader(text)).toEqual({ problem, at });
  });

  it('not when it is longer than any genuine one', () => {
    const longest = `keyId="${'a'.repeat(MAX_SIGNATURE_HEADER - 8)}"`;
    expect(parseSignatureHeader(longest)).toHaveProperty('keyId');
    expect(parseSignatureHeader(`${longest},`)).toEqual({ problem: 'longer than 8192 characters', at: 0 });
  });

  it('not with more than 16 parameters', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `p${i}="x"`).join(',');
    expect(parseSignatureHeader(many(16))).toEqual(nothing);
    expect(parseSignatureHeader(many(17))).toEqual({ problem: 'more than 16 parameters', at: many(16).length + 1 });
  });

  it.each([
    ['quoted', 'signature="Zm9v"', 11],
    ['not quoted', 'signature=Zm9v', 10],
    ['between others', 'keyId="k" , SIGNATURE = "Zm9v" , headers="date"', 25],
    ['absent', 'keyId="k"', 0],
  ])('and it is known where a signature is that is %s', (_, text, signatureAt) => {
    expect(readSignatureHeader(text)).toMatchObject({ signatureAt });
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
