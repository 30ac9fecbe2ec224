import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * Beside a source its test gets sources alone: what the `imports` of a package name is built, and a second copy of it would
 * have classes and memories of its own.
 */
const importsFromSource = {
  name: 'imports-from-source',
  enforce: 'pre' as const,
  resolveId(id: string, importer: string | undefined) {
    const folder = id.startsWith('#') ? importer?.match(/^.*\/packages\/[a-z]+(?=\/src\/)/)?.[0] : undefined;
    if (folder === undefined) return undefined;
    const { imports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const built: string = imports[id].node ?? imports[id].default;
    return `${folder}/${built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`;
  },
};

export default defineConfig({
  plugins: [importsFromSource],
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    // Many tests wait for sockets and processes, so that two files at once fit on one core.
    maxWorkers: 2,
    // Only what hangs should end here: a busy machine may take its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env['CI'] ? ['dot'] : ['default'],
  },
});
