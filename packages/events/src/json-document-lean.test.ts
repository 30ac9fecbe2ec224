import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, MAX_FIELDS } from './decode-error.js';
import type { readDocument } from './json-document.js';
import * as full from './json-document.js';
import * as lean from './json-document-lean.js';
import type { Problem } from './problem.js';

function outcome(read: typeof readDocument, text: string) {
  const problems: Problem[] = [];
  try {
    const value = read(Buffer.from(text), text, problems, { depth: MAX_DEPTH, fields: MAX_FIELDS });
    return { json: JSON.stringify(value), bare: Object.getPrototypeOf(Object(value)) === null, problems };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code, message };
  }
}
const same = (text: string) => {
  expect(outcome(lean.readDocument, text)).toEqual(outcome(full.readDocument, text));
};

const numbers = ['0', '-0', '1', '1.50', '1e2', '12345678901234567890', '0.1', '1e400', '007', '-', '1.', '100'];

describe('the JSON reader of a Worker', () => {
  it('makes of any document what the other makes of it', () => {
    const { document } = fc.letrec((tie) => ({
      document: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('true', 'false', 'null', '"a"', '"\\u00e9\\""', '"é"', ...numbers),
        fc.array(tie('document') as fc.Arbitrary<string>, { maxLength: 4 }).map((all) => `[${all.join(',')}]`),
        fc
          .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', '\\u0061'), tie('document') as fc.Arbitrary<string>), {
            maxLength: 4,
          })
          .map((all) => `{${all.map(([key, value]) => `"${key}": ${value}`).join(' , ')}}`),
      ),
    }));
    fc.assert(fc.property(document as fc.Arbitrary<string>, same), { numRuns: 3000 });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' '],
    ['something behind the end', '{} x'],
    ['a comma too many', '{"a":1,}'],
    ['an open text', '{"a":"b'],
    ['a control in a text', '{"a":"\u0001"}'],
    ['nested as deep as may be', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['nested too deep', `{"a":${'['.repeat(65)}${']'.repeat(65)}}`],
    ['nested too deep, and cut off', `{"a":${'['.repeat(65)}`],
    ['far too deep, and cut off', '['.repeat(100_000)],
    ['too many fields', `[${'1,'.repeat(20_000)}1]`],
    ['too many fields, and cut off', `[${'1,'.repeat(20_001)}`],
  ])('keeps to the same limits: %s', (_, text) => {
    same(text);
  });
});
