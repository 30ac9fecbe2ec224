// Bundles the suite of a folder as for a Worker, gives it the corpus in workerd, and prints what it answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { bundledWorker } from './bundled-worker.mjs';

const [, , folder] = process.argv;
const { compatibilityDate } = JSON.parse(readFileSync(new URL('worker-settings.json', import.meta.url), 'utf8'));
const worker = new Miniflare({ modules: true, script: await bundledWorker(folder), compatibilityDate });
const response = await worker.dispatchFetch('http://localhost/', {
  method: 'POST',
  body: readFileSync(join(folder, 'corpus.json')),
});
console.log(await response.text());
await worker.dispose();
