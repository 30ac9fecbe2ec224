// Runs bundled suites in workerd, one request each: run-suites-in-workerd.mjs <file for the outcomes> <plan>. The plan has
// `suites` (files of test/), names of tests in `leftOut` that are not run, and the `files` and folders that they read, which
// the Worker finds where it stands itself.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare, Response } from 'miniflare';
import { bundleSuite } from '../anywhere/bundle-suite.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [, , result, plan] = process.argv;
const { suites, leftOut, files } = JSON.parse(readFileSync(plan, 'utf8'));
const { compatibilityDate } = JSON.parse(readFileSync(new URL('worker-settings.json', import.meta.url), 'utf8'));

const conditions = ['workerd', 'worker', 'browser'];
const bundles = await Promise.all(
  suites.map((file) => bundleSuite(file, { conditions, whole: true, place: '/bundle' })),
);
const needs = [...new Set(bundles.flatMap((bundle) => bundle.needs))].filter((name) => name !== 'vitest');
const entry = `
import { runSuites } from './test/anywhere/run-suites.mjs';
${needs.map((name, i) => `import * as outside${i} from '${name}';`).join('\n')}
${bundles.map((_, i) => `import evaluate${i}, { name as name${i} } from './suite${i}.mjs';`).join('\n')}
const modules = { ${needs.map((name, i) => `'${name}': outside${i}.default ?? outside${i}`).join(', ')} };
const suites = { ${bundles.map((_, i) => `[name${i}]: evaluate${i}`).join(', ')} };
const leftOut = new Set(${JSON.stringify(leftOut)});
const unhandled = [];
addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason?.stack ?? reason)));
export default {
  async fetch(request) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const evaluate = (vitest) => suites[name]((id) => (id === 'vitest' ? vitest : modules[id]));
    const outcomes = await runSuites([{ name, evaluate }], { timeoutMs: 30_000, only: { has: (test) => !leftOut.has(test) } });
    return Response.json({ outcomes, unhandled: unhandled.splice(0) });
  },
};`;
const built = await build({
  stdin: { contents: entry, resolveDir: root },
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2024',
  conditions,
  external: ['node:*', './suite*'],
  logLevel: 'error',
});

function* below(path) {
  if (!statSync(join(root, path)).isDirectory()) yield path;
  else for (const name of readdirSync(join(root, path))) yield* below(join(path, name));
}

const worker = new Miniflare({
  modulesRoot: '/',
  modules: [
    { type: 'ESModule', path: '/worker.mjs', contents: built.outputFiles[0].text },
    ...bundles.map(({ code }, i) => ({ type: 'ESModule', path: `/suite${i}.mjs`, contents: code })),
    ...files.flatMap((path) =>
      [...below(path)].map((file) => ({
        type: 'Data',
        path: `/${relative(root, join(root, file))}`,
        contents: readFileSync(join(root, file)),
      })),
    ),
  ],
  compatibilityDate,
  compatibilityFlags: ['nodejs_compat'],
  bindings: { PROPERTY_RUNS: process.env.PROPERTY_RUNS },
  // No test asks for anything outside; what does anyway gets an answer at once.
  outboundService: () => new Response('There is nothing outside.', { status: 502 }),
});
const all = { outcomes: [], unhandled: [] };
for (const suite of suites) {
  const startedAt = performance.now();
  let response = new Response('It did not come to an end.', { status: 504 });
  try {
    const signal = AbortSignal.timeout(60_000);
    response = await worker.dispatchFetch(`http://localhost/${encodeURIComponent(suite)}`, { signal });
  } catch {
    // It hangs, or workerd itself says so and ends it.
  }
  const text = await response.text();
  console.log(`${suite}: ${response.status}, ${Math.round(performance.now() - startedAt)} ms`);
  if (!response.ok) {
    all.outcomes.push({ file: suite, name: '', status: 'failed', error: text });
    continue;
  }
  const { outcomes, unhandled } = JSON.parse(text);
  all.outcomes.push(...outcomes);
  all.unhandled.push(...unhandled);
}
await worker.dispose();
writeFileSync(result, JSON.stringify(all));
