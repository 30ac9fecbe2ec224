import { readFileSync } from 'node:fs';
import { format, plugins } from '@vitest/pretty-format';
import { stripSnapshotIndentation } from '@vitest/snapshot';

const { ReactTestComponent, ReactElement, DOMElement, DOMCollection, Immutable, AsymmetricMatcher } = plugins;
const asInSnapshots = {
  escapeString: false,
  printFunctionName: false,
  printBasicPrototype: false,
  plugins: [ReactTestComponent, ReactElement, DOMElement, DOMCollection, Immutable, AsymmetricMatcher],
};

const compared = (what, text, kept) => ({
  pass: text === kept,
  message: () => `expected to match ${what}`,
  actual: text,
  expected: kept,
});

/** Snapshots are compared here, and never written: that is vitest's to do. */
export const snapshotMatchers = {
  toMatchFileSnapshot: (text, file) => compared(file, text, readFileSync(file, 'utf8')),
  toMatchInlineSnapshot: (value, kept) =>
    compared('the snapshot', format(value, asInSnapshots), stripSnapshotIndentation(kept).trim()),
};
