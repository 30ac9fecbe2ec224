import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from './decode-error.js';
import * as full from './form-body.js';
import * as lean from './form-body-lean.js';
import type { Problem } from './problem.js';

type Decoder = Pick<full.FormDecoder, 'decode'>;

function outcome(decoder: Decoder, body: Uint8Array) {
  const problems: Problem[] = [];
  try {
    return { raw: JSON.stringify(decoder.decode(body, problems)), problems };
  } catch (error) {
    const { code, message } = error as DecodeError;
    return { code, message, isOurs: error instanceof DecodeError, problems };
  }
}

const remembering = new full.FormDecoder();
const same = (body: Uint8Array) => {
  const expected = outcome(new full.FormDecoder(), body);
  expect(outcome(new lean.FormDecoder(), body)).toEqual(expected);
  expect(outcome(remembering, body)).toEqual(expected);
};

const parts = [
  'a',
  'b',
  '[',
  ']',
  '[]',
  '=',
  '=',
  '&',
  '&',
  '+',
  '%',
  '%5B',
  '%5d',
  '%C3%A9',
  '%ff',
  '%0',
  '0',
  '1',
  ' ',
];
const octets = ['é', '\u0080', '\u0000', '\ufeff'].map((text) => Buffer.from(text, 'utf8'));

describe('the form decoder of a Worker', () => {
  it('makes of any body what the other makes of it', () => {
    const piece = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...parts).map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.constantFrom(...octets) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)) },
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => same(Buffer.concat(pieces))),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['as many fields as there may be', 'a[]=1&'.repeat(20_000)],
    ['one more', 'a[]=1&'.repeat(20_001)],
    ['ampersands alone', '&'.repeat(1_000_000)],
    ['too many branches', Array.from({ length: 400 }, (_, i) => `a${i}${'[x]'.repeat(60)}=1`).join('&')],
    ['a name as long as may be', `${'n'.repeat(2048)}=1`],
    ['a name that is too long', `${'n'.repeat(2049)}=1`],
    ['a name that is long in octets alone', `${'%F0%9F%98%80'.repeat(1024)}=1`],
    ['a name that is nothing but escapes, as long as may be', `${'%C3%A9'.repeat(2048)}=1`],
    ['a name that is nothing but escapes, and too long', `${'%C3%A9'.repeat(2049)}=1`],
    ['a name of octets that are not UTF-8, as long as may be', `${'%FF'.repeat(2048)}=1`],
    ['a name of octets that are not UTF-8, and too long', `${'%FF'.repeat(2049)}=1`],
    ['a name that is far too long', `${'n'.repeat(100_000)}=1`],
    ['nested as deep as may be', `a${'[x]'.repeat(63)}=1`],
    ['nested too deep', `a${'[x]'.repeat(64)}=1`],
  ])('keeps to the same limits: %s', (_, body) => {
    same(Buffer.from(body));
  });

  it('does not look at a body over 256 MiB', () => {
    const body = Buffer.alloc(256 * 1024 * 1024 + 1);
    // With more fields than are read at its start, so that the one byte fewer is told by another code, soon.
    body.write('a=&'.repeat(20_001), 1);
    same(body);
    same(body.subarray(1));
  });
});
