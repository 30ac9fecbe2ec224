import { defineConfig } from 'vitest/config';

/** `npm run test:packages`: what takes too long, or needs the registry, for every run. */
export default defineConfig({
  test: {
    include: ['test/packages/*.check.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
