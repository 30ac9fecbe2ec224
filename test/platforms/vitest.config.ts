import { defineConfig } from 'vitest/config';

/** `npm run test:platforms`: runtimes and frameworks, out of an install of their own. */
export default defineConfig({
  test: {
    include: ['test/platforms/*.check.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    globalSetup: ['test/platforms/set-up.ts'],
  },
});
