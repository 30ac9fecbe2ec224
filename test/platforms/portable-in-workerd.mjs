// Bundles the suite of a folder as for a Worker, gives it the corpus in workerd, and prints what it answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const [, , folder] = process.argv;
const { compatibilityDate } = JSON.parse(readFileSync(new URL('worker-settings.json', import.meta.url), 'utf8'));
const built = await build({
  entryPoints: [join(folder, 'worker.js')],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['node:*'],
  logLevel: 'error',
});
const worker = new Miniflare({ modules: true, script: built.outputFiles[0].text, compatibilityDate });
const response = await worker.dispatchFetch('http://localhost/', {
  method: 'POST',
  body: readFileSync(join(folder, 'corpus.json')),
});
console.log(await response.text());
await worker.dispose();
