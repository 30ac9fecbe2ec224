import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHostName, parseKeyId } from './key-id.js';

const read = (text: string) => parseKeyId(text, 'copernica.com');

describe('a keyId is', () => {
  it.each([
    ['the documented one', 'one._domainkey.copernica.com', 'one._domainkey.copernica.com'],
    ['in any case', 'One._DomainKey.Copernica.COM', 'one._domainkey.copernica.com'],
    ['with one trailing dot', 'one.copernica.com.', 'one.copernica.com'],
    ['with hyphens inside a label', 'a-b.copernica.com', 'a-b.copernica.com'],
    ['with a label of 63', `${'a'.repeat(63)}.copernica.com`, `${'a'.repeat(63)}.copernica.com`],
    ['with the first and last letters and digits', 'az09_.copernica.com', 'az09_.copernica.com'],
    ['with 253 characters', `${'a.'.repeat(120)}copernica.com`, `${'a.'.repeat(120)}copernica.com`],
    ['with 253 characters and a dot', `${'a.'.repeat(120)}copernica.com.`, `${'a.'.repeat(120)}copernica.com`],
  ])('a name below the zone, %s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['the zone itself', 'copernica.com'],
    ['a name that only ends so', 'one._domainkey.notcopernica.com'],
    ['another zone', 'one._domainkey.example.com'],
    ['the zone as a label of another', 'copernica.com.example.com'],
    ['two trailing dots', 'one.copernica.com..'],
    ['an empty label', 'one..copernica.com'],
    ['a leading dot', '.copernica.com'],
    ['a wildcard', '*.copernica.com'],
    ['a NUL', 'evil.example\0.copernica.com'],
    ['an escape', 'evil\\.example.copernica.com'],
    ['white space', 'one .copernica.com'],
    ['a line feed at the end', 'one.copernica.com\n'],
    ['a port', 'one.copernica.com:53'],
    ['a user name', 'one@x.copernica.com'],
    ['a label of 64', `${'a'.repeat(64)}.copernica.com`],
    ['254 characters', `aa.${'a.'.repeat(119)}copernica.com`],
    ['254 characters and a dot', `aa.${'a.'.repeat(119)}copernica.com.`],
    ['a character behind z', 'a{.copernica.com'],
    ['a slash', 'a/.copernica.com'],
    ['more than 253 characters', `${'a.'.repeat(121)}copernica.com`],
    ['a hyphen at the start of a label', '-a.copernica.com'],
    ['a hyphen at the end of a label', 'a-.copernica.com'],
    ['letters that are not ASCII', 'ö.copernica.com'],
    ['a letter that lower-cases to an ASCII one', '\u212aey.copernica.com'],
    ['nothing', ''],
  ])('not %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('never anything but a plain host name, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = read(`${text}.copernica.com`);
        if (name !== undefined) expect(name).toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.copernica\.com$/);
      }),
      { seed: 20261123, numRuns: 3_000 },
    );
  });
});

it.each(['a-', 'a.', 'a.b-', ''])('%j is no host name: its last label is none', (name) => {
  expect(isHostName(name)).toBe(false);
});
