// The suites of test files: bundled once, and evaluated anew for each run.
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleSuite } from '../anywhere/bundle-suite.mjs';
import { fakeTimers } from './fake-timers.mjs';

const require = createRequire(import.meta.url);

export function testFilesIn(root, folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
}

/** `{ name, evaluate }` of each file below `root`, a copy of the repository whose sources hold the mutants. */
export function bundleSuites(root, files) {
  return Promise.all(files.map((name) => bundle(root, name)));
}

async function bundle(root, name) {
  const { code, needs } = await bundleSuite(join(root, name), { plugins: [sources(root)] });
  const outside = new Map();
  for (const need of needs) if (need !== 'vitest') outside.set(need, require(need));
  const { default: evaluate } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return {
    name,
    evaluate(vitest) {
      const ones = new Map([...outside, ['vitest', { ...vitest, vi: { ...vitest.vi, ...fakeTimers } }]]);
      if (ones.has('node:crypto'))
        ones.set('node:crypto', { ...ones.get('node:crypto'), generateKeyPairSync: keyPairs() });
      return evaluate((need) => ones.get(need));
    },
  };
}

/** What is built holds no mutants; what the reference sender has of it stays so. */
const sources = (root) => ({
  name: 'sources',
  resolveId(id, importer) {
    const name = id.match(/^@smtpeter-webhooks\/(verify|events)$/)?.[1];
    return name && importer?.startsWith(root) ? join(root, 'packages', name, 'src/index.ts') : undefined;
  },
});

const made = new Map();

/** Key pairs take the most time: what a file asks for first in one run, it gets again as its first in the next. */
function keyPairs() {
  const asked = new Map();
  return (...args) => {
    const what = JSON.stringify(args);
    const times = asked.get(what) ?? 0;
    asked.set(what, times + 1);
    const key = `${times} ${what}`;
    if (!made.has(key)) made.set(key, generateKeyPairSync(...args));
    return made.get(key);
  };
}
