import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { importsFromSource } from '../imports-from-source.js';

const source = (path: string) => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url));

/** The quick tests of what is mutated, run against the sources: what is built holds no mutants. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [importsFromSource],
  resolve: {
    alias: {
      '@smtpeter-webhooks/verify': source('verify/src/index.ts'),
      '@smtpeter-webhooks/events': source('events/src/index.ts'),
    },
  },
  test: {
    include: ['packages/verify/src/**/*.test.ts', 'packages/events/src/**/*.test.ts', 'test/vectors/vectors.test.ts'],
    // One that asks what no other test of this process has loaded.
    exclude: ['packages/verify/src/rsa-keys-lean.test.ts'],
  },
});
