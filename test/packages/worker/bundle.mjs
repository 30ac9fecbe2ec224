// Bundles the files of this folder for a Worker, with esbuild and with rollup; prints their sizes in bytes as JSON.
// node bundle.mjs FOLDER: a folder that has the packed packages in its node_modules and these files beside it.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';

const folder = process.argv[2];
const conditions = ['workerd', 'worker', 'browser'];
const without = ['tweetnacl'];
const sizes = (code) => ({ minified: code.length, gzip: gzipSync(code, { level: 9 }).length });
const result = {};

for (const name of ['worker-pinned', 'worker', 'verify']) {
  const entry = join(folder, `${name}.js`);
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions,
    external: ['node:*', ...without],
    logLevel: 'error',
  });
  result[`${name} esbuild`] = sizes(Buffer.from(built.outputFiles[0].contents));

  const warnings = [];
  const bundle = await rollup({
    input: entry,
    external: [/^node:/, ...without],
    plugins: [nodeResolve({ exportConditions: conditions })],
    onwarn: (warning) => warnings.push(warning.message),
  });
  const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true, generatedCode: 'es2015' });
  const small = await transform(output[0].code, { minify: true, format: 'esm', target: 'es2022' });
  result[`${name} rollup`] = sizes(Buffer.from(small.code));
  if (warnings.length > 0) throw new Error(`rollup warns: ${warnings.join('; ')}`);
}
console.log(JSON.stringify(result));
