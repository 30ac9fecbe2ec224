import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVerificationName, namesMeantBy, problemOfName, realNameOf } from './verification-name.js';

describe('the real name of a download', () => {
  it.each([
    'smtpeter-abc.txt',
    'smtpeter-abc (1).txt',
    'smtpeter-abc(12).txt',
    'smtpeter-abc.txt.txt',
    'smtpeter-abc - Copy.txt',
    'smtpeter-abc - Copy (2).txt',
    'smtpeter-abc - Kopie.txt',
    'smtpeter-abc – Kopie.txt',
    'smtpeter-abc – Kopie (2).txt',
    'smtpeter-abc copy.txt',
    'smtpeter-abc copy 2.txt',
    'smtpeter-abc kopie.txt',
    'Copy of smtpeter-abc.txt',
    'smtpeter-abc (1) (1).txt',
    'smtpeter-abc (1).txt.txt',
    'smtpeter-abc.txt (1).txt',
    'smtpeter-abc.txt.1',
    'smtpeter-abc.txt - Copy',
  ])('%s', (name) => expect(realNameOf(name)).toBe('smtpeter-abc.txt'));

  it.each([
    'smtpeter-.txt',
    'smtpeter.txt',
    'smtpeter-a b.txt',
    'smtpeter-é.txt',
    'smtpeter-abc.html',
    'smtpeter-abc.TXT',
    'smtpeter-abc_(1).txt',
    'smtpeter-abc.txt_(1)',
    'Smtpeter-abc.txt',
    'smtpeter-abc.txt.exe',
    'smtpeter-../x.txt',
    'smtpeter-abc.txt\n',
    '.smtpeter-abc.txt',
    '',
  ])('%j has none', (name) => expect(realNameOf(name)).toBeUndefined());

  it.each([
    ['smtpeter-abc.TXT', ['smtpeter-abc.txt']],
    ['smtpeter-abc (1).Txt', ['smtpeter-abc.txt']],
    ['smtpeter-abc_(1).txt', ['smtpeter-abc.txt', 'smtpeter-abc_.txt']],
    ['smtpeter-abc_(1).TXT', ['smtpeter-abc.txt', 'smtpeter-abc_.txt']],
    ['abc.txt', []],
    [`smtpeter-${'a'.repeat(300)}.TXT`, []],
  ])('%s may be meant for %j', (name, meant) => expect(namesMeantBy(name)).toEqual(meant));

  it('whatever comes in, what comes out is a name that the vendor gives', () => {
    const pieces = fc.constantFrom(
      'smtpeter-',
      'abc',
      '.txt',
      ' (1)',
      '(2)',
      ' - Copy',
      ' copy',
      'Copy of ',
      '/',
      '..',
      '\0',
      '\n',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
          fc.string(),
        ),
        (name) => {
          const real = realNameOf(name);
          if (real !== undefined) expect(real).toMatch(/^smtpeter-[A-Za-z0-9_-]+\.txt$/);
          if (isVerificationName(name)) expect(real).toBe(name);
        },
      ),
      { numRuns: 2000, seed: 5 },
    );
  });

  it('is quick for any name', () => {
    expect(realNameOf(`smtpeter-abc${' '.repeat(100_000)}.txt`)).toBeUndefined();
    expect(realNameOf(`smtpeter-abc${' (1)'.repeat(40)}.txt`)).toBeUndefined();
  });
});

it.each([
  'x',
  'a/b.txt',
  'a\\b.txt',
  '.a.txt',
  '..txt/../x.txt',
  'a\0.txt',
  'a\n.txt',
  '\u202ea.txt',
  'a:b.txt',
  `${'a'.repeat(300)}.txt`,
])('%j cannot be given', (name) => expect(problemOfName(name)).toBeTypeOf('string'));
