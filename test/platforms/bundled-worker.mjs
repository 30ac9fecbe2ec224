// Makes one text of the Worker of a folder, as its bundler would.
import { join } from 'node:path';
import { build } from 'esbuild';

export async function bundledWorker(folder) {
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
  return built.outputFiles[0].text;
}
