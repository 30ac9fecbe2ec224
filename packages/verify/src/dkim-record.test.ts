import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDkimRecord } from './dkim-record.js';
import { rsaPssKey } from './rsa-pss-key.testing.js';
import { importDkimKey } from './signature-algorithm.js';

const der = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'der' });
const spki = der(2048);
const p = spki.toString('base64');
const ed25519 = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='; // RFC 8463 appendix A.2
const wide = der(4096).toString('base64');

/** What the record comes to: the kind, or for a key its type once it is imported. */
async function verdict(text: string): Promise<string> {
  const record = parseDkimRecord(text);
  if (record.kind !== 'key') return record.kind;
  return importDkimKey(record.type, record.data).then(
    (key) => `${key.type} ${key.bits}`,
    () => 'unusable',
  );
}

// The shapes of records on which dkimpy 1.1.4, Mail::DKIM 1.20230212 and mailauth 4.13.3 agree, measured with each.
describe('as dkimpy, Mail::DKIM and mailauth agree, a record', () => {
  it.each([
    ['with v, k and p', `v=DKIM1; k=rsa; p=${p}`, 'rsa 2048'],
    ['of 1024 bits', `v=DKIM1; k=rsa; p=${der(1024).toString('base64')}`, 'rsa 1024'],
    ['with a semicolon at the end', `v=DKIM1; k=rsa; p=${p};`, 'rsa 2048'],
    ['without v', `k=rsa; p=${p}`, 'rsa 2048'],
    ['of p alone', `p=${p}`, 'rsa 2048'],
    ['with V, a tag that is not known', `V=DKIM1; k=rsa; p=${p}`, 'rsa 2048'],
    ['with white space round the equals signs', `v = DKIM1 ; k = rsa ; p = ${p}`, 'rsa 2048'],
    ['with h that includes sha256', `v=DKIM1; h=sha1:sha256; k=rsa; p=${p}`, 'rsa 2048'],
    ['with s=email', `v=DKIM1; s=email; k=rsa; p=${p}`, 'rsa 2048'],
    ['with t=y', `v=DKIM1; t=y; k=rsa; p=${p}`, 'rsa 2048'],
    ['with t=s', `v=DKIM1; t=s; k=rsa; p=${p}`, 'rsa 2048'],
    ['with g=*', `v=DKIM1; g=*; k=rsa; p=${p}`, 'rsa 2048'],
    ['with an empty g', `v=DKIM1; g=; k=rsa; p=${p}`, 'rsa 2048'],
    ['folded over lines', `v=DKIM1;\r\n k=rsa;\r\n p=${p.slice(0, 100)}\r\n ${p.slice(100)}`, 'rsa 2048'],
    [
      'with octets behind the key',
      `v=DKIM1; k=rsa; p=${Buffer.concat([spki, Buffer.from([17, 34, 51, 68])]).toString('base64')}`,
      'rsa 2048',
    ],
  ])('%s is taken', async (_, text, expected) => {
    expect(await verdict(text)).toBe(expected);
  });

  it.each([
    ['of another version', `v=DKIM2; k=rsa; p=${p}`],
    ['with an empty p', 'v=DKIM1; k=rsa; p=;'],
    ['without p', 'v=DKIM1; k=rsa'],
    ['whose key is cut', `v=DKIM1; k=rsa; p=${spki.subarray(0, 250).toString('base64')}`],
    ['whose base64 lacks a character', `v=DKIM1; k=rsa; p=${p.slice(0, -1)}`],
    ['in the other base64 alphabet', `v=DKIM1; k=rsa; p=-_${p.slice(2)}`],
    ['whose k does not fit its key', `v=DKIM1; k=ed25519; p=${p}`],
    [
      'with a key for elliptic curves',
      `v=DKIM1; k=rsa; p=${generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
    ],
    ['with k=ecdsa', `v=DKIM1; k=ecdsa; p=${p}`],
    ['of something else', 'google-site-verification=abc'],
  ])('%s is not', async (_, text) => {
    expect(await verdict(text)).toMatch(/^(unusable|revoked|other)$/);
  });
});

describe('where they do not agree, a record', () => {
  it.each([
    [
      'k=RSA is taken, as mailauth does: ABNF strings are of any case (RFC 5234 section 2.3)',
      `v=DKIM1; k=RSA; p=${p}`,
      'rsa 2048',
    ],
    ['with p twice is refused, as dkimpy does: RFC 6376 section 3.2 says so', `v=DKIM1; p=AAAA; p=${p}`, 'unusable'],
    [
      'with s=other is taken, as dkimpy and mailauth do: no service type is registered for HTTP',
      `v=DKIM1; s=other; p=${p}`,
      'rsa 2048',
    ],
    [
      'with foreign characters in base64 is refused, as Mail::DKIM and mailauth do',
      `v=DKIM1; k=rsa; p=!!!!${p}`,
      'unusable',
    ],
    [
      'without base64 padding is taken, as mailauth does: the grammar of RFC 6376 section 3.2 leaves it open',
      `v=DKIM1; p=${wide.replaceAll('=', '')}`,
      'rsa 4096',
    ],
    ['with Ed25519 is taken, as dkimpy and mailauth do: RFC 8463', `v=DKIM1; k=ed25519; p=${ed25519}`, 'ed25519 256'],
    [
      'with Ed25519 as SubjectPublicKeyInfo is taken, as mailauth does',
      `v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA${ed25519}`,
      'ed25519 256',
    ],
    [
      'with an RSASSA-PSS key is refused, as dkimpy and mailauth do',
      `v=DKIM1; p=${rsaPssKey.toString('base64')}`,
      'unusable',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await verdict(text)).toBe(expected);
  });
});

describe('a record', () => {
  it.each([
    ['h= without sha256', `v=DKIM1; h=sha1; p=${p}`, 'unusable'],
    ['empty p after white space', 'v=DKIM1; p= \r\n ', 'revoked'],
    ['p alone and empty', 'p=', 'revoked'],
    ['more tags than anyone writes', `v=DKIM1; ${'a=b; '.repeat(70)}`, 'unusable'],
    ['more characters than any key has', `v=DKIM1; p=${'A'.repeat(20_000)}`, 'unusable'],
    ['a mail policy', 'v=spf1 include:_spf.example.com ~all', 'other'],
    ['a report policy', 'v=DMARC1; p=none', 'other'],
    ['an empty text', '', 'other'],
    ['a tag without a value sign', `v=DKIM1; nonsense; p=${p}`, 'unusable'],
  ])('with %s is judged', async (_, text, expected) => {
    expect(await verdict(text)).toBe(expected);
  });

  it.each([
    ['longer than 16384 characters', `v=DKIM1; p=${'A'.repeat(16_374)}`],
    ['more than 64 tags', `v=DKIM1${'; a=b'.repeat(64)}`],
    ['not a list of tag=value', 'v=DKIM1; nonsense'],
    ['not a list of tag=value', 'v=DKIM1; 1a=b; p=AAAA'],
    ['not a list of tag=value', 'v=DKIM1; a-b=c; p=AAAA'],
    ['not a list of tag=value', 'v=DKIM1;; p=AAAA'],
    ['not a list of tag=value', '  v  =  DKIM1;nonsense'],
    ['not a list of tag=value', 'k=rsa; nonsense'],
    ['not a list of tag=value', '  p  =AAAA;nonsense'],
    ['not a list of tag=value', 't=s;  k  =rsa; nonsense'],
    ['not a list of tag=value', 't=s;p=AAAA;nonsense'],
    ['the tag p came twice', 'v=DKIM1; p=AAAA; p=AAAA'],
    ['the tag abcdefghijklmnop came twice', 'v=DKIM1; abcdefghijklmnopq=; abcdefghijklmnopq='],
    ['v= is not DKIM1', `v=DKIM2; p=${p}`],
    ['p= is missing', 'v=DKIM1; k=rsa'],
    ['k= is neither rsa nor ed25519', `v=DKIM1; k=dsa; p=${p}`],
    ['h= does not include sha256', `v=DKIM1; h=sha1:sha2566; p=${p}`],
    ['p= is not base64', 'v=DKIM1; p=A'],
  ])('is not usable: %s (%#)', (reason, text) => {
    expect(parseDkimRecord(text)).toEqual({ kind: 'unusable', reason });
  });

  it.each([
    ['v=DKIM12; nonsense'],
    ['xv=DKIM1; nonsense'],
    ['nonsense p=AAAA; more'],
    ['a=b; c=d; p=AAAA; nonsense'],
    ['a=b; q=c; nonsense'],
    ['k=rsa'],
    ['v=xDKIM; p=AAAA'],
  ])('is no DKIM record: %s', (text) => {
    expect(parseDkimRecord(text)).toEqual({ kind: 'other' });
  });

  it.each([
    ['16,384 characters', `v=DKIM1; p=AAAA${' '.repeat(16_384 - 15)}`],
    ['64 tags', `v=DKIM1; p=AAAA; ${Array.from({ length: 62 }, (_, i) => `a${i}=`).join(';')}`],
    ['names of letters, digits and underscores', 'v=DKIM1; aB_9=1; p=AAAA'],
    ['a semicolon and white space at its end', 'v=DKIM1; p=AAAA; \r\n '],
    ['equals signs in a value', 'v=DKIM1; n=a=b; p=AAAA'],
    ['white space inside its base64', 'v=DKIM1; p= A A\tA\r\n A '],
    ['hashes in any case, and white space round them', 'v=DKIM1; h= sha1 : SHA256 ; p=AAAA'],
  ])('may have %s', (_, text) => {
    expect(parseDkimRecord(text)).toEqual({ kind: 'key', type: 'rsa', data: Buffer.alloc(3) });
  });

  it('is the same key in any order of tags and with any white space', () => {
    const space = fc.constantFrom('', ' ', '\t', '\r\n ', '  ');
    const order = fc.shuffledSubarray(['v=DKIM1', 'k=rsa', `p=${p}`, 't=s', 'n=a note'], { minLength: 5 });
    fc.assert(
      fc.property(order, space, space, fc.boolean(), (tags, before, after, semicolon) => {
        const text =
          tags.map((tag) => `${before}${tag.replace('=', `${after}=${before}`)}${after}`).join(';') +
          (semicolon ? ';' : '');
        const record = parseDkimRecord(text);
        expect(record.kind === 'key' && Buffer.from(record.data).equals(spki)).toBe(true);
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.array(
      fc.constantFrom('v', '=', 'DKIM1', ';', 'p', 'k', 'rsa', ' ', '\0', 'AAAA', 'h', 'sha256', ':'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((list) => list.join('')),
        ),
        (text) => {
          expect(['key', 'revoked', 'unusable', 'other']).toContain(parseDkimRecord(text).kind);
        },
      ),
      { seed: 20261123, numRuns: 3_000 },
    );
  });
});
