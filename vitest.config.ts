import { defineConfig } from 'vitest/config';
import { importsFromSource } from './test/imports-from-source.mjs';

export default defineConfig({
  plugins: [importsFromSource()],
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
