// `npm run mutation -- --mutate packages/verify/src/host.ts` for less than all of it.
const here = new URL('.', import.meta.url).pathname;

export default {
  plugins: [`${here}runner.mjs`],
  testRunner: 'suites',
  coverageAnalysis: 'perTest',
  mutate: [
    'packages/events/src/form-*.ts',
    'packages/verify/src/*.ts',
    '!**/*.test.ts',
    '!**/*.testing.ts',
    '!**/index.ts',
  ],
  ignorePatterns: ['docs', 'packages/*/dist', 'bench/dist', 'examples/dist', '**/*.tsbuildinfo'],
  tempDirName: '.mutation',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'test/mutation/report.json' },
  // Only what was killed by a time-out runs longer than this.
  timeoutMS: 10_000,
  concurrency: Number(process.env.MUTATION_WORKERS ?? 2),
  thresholds: { high: 95, low: 95, break: 95 },
};
