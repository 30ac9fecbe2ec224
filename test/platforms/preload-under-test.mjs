// Preloaded into an example beside preload-dns.mjs: what the copies of test/platforms give their receivers besides. Its
// key is pinned, for with keys out of DNS a forgery within moments of another is told to come again. More options come
// as JSON.
import { appendFileSync } from 'node:fs';

const { TEST_KEYS, TEST_HANDLED, TEST_OPTIONS = '{}' } = process.env;
globalThis.underTest = {
  keys: JSON.parse(TEST_KEYS),
  on: { '*': () => appendFileSync(TEST_HANDLED, '.') },
  ...JSON.parse(TEST_OPTIONS),
};
