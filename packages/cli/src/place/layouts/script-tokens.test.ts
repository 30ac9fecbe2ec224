import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scriptTokens } from './script-tokens.js';

/** The same as one pattern, which is plain to read, and takes quadratic time. */
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`/g;

it('finds what a pattern for comments and strings finds', () => {
  const pieces = fc.constantFrom('/', '*', "'", '"', '`', '\\', '\n', 'a', ' ', '//', '/*', '*/', '\\\\', "\\'");
  const text = fc.array(pieces, { maxLength: 24 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, (source) => {
      const found = scriptTokens(source).map(({ start, end }) => source.slice(start, end));
      expect(found).toEqual([...source.matchAll(token)].map(([one]) => one));
    }),
    { numRuns: 3_000 },
  );
});

it('tells comments from strings', () => {
  expect(scriptTokens("a // 'b'\n'c' /* d").map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ['comment', 2, 8],
    ['string', 9, 12],
    ['comment', 13, 17],
  ]);
});
