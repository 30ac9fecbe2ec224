import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { bundleSuite } from './bundle-suite.mjs';
import type { Outcome } from './run-suites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = 'test/anywhere/fixtures/every-outcome.ts';
const folder = mkdtempSync(join(tmpdir(), 'smtpeter-webhooks-anywhere-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program of Node's; gives what it wrote where it was told to. */
async function written(...args: string[]) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
  await once(child, 'exit');
  return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** What vitest itself says of the same file. */
async function fromVitest(): Promise<VitestReport> {
  const config = join(root, 'test/anywhere/fixtures/vitest.config.mjs');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  return written(vitest, 'run', '--config', config, '--reporter', 'json', '--outputFile', join(folder, 'result.json'));
}

async function fromBundles(...bundles: string[]): Promise<{ outcomes: Outcome[]; unhandled: string[] }> {
  return written('test/anywhere/run-bundles.mjs', join(folder, 'result.json'), ...bundles);
}

async function bundled(): Promise<string> {
  const { code, needs } = await bundleSuite(file);
  expect(needs.toSorted()).toEqual(['node:assert', 'vitest']);
  const bundle = join(folder, 'every-outcome.mjs');
  writeFileSync(bundle, code);
  return bundle;
}

it('a test comes to what it comes to in vitest, however often its file is evaluated', async () => {
  const report = await fromVitest();
  const expected = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file,
      name: [...ancestorTitles, title].join(' > '),
      status,
    })),
  );
  expect(expected).toHaveLength(12);
  const bundle = await bundled();
  const { outcomes } = await fromBundles(bundle, bundle);
  const tests = outcomes.filter(({ name }) => name !== 'with a last hook that fails');
  expect(tests.map(({ file, name, status }) => ({ file, name, status }))).toEqual([...expected, ...expected]);
  // What fails outside of a test is not lost.
  expect(outcomes.filter(({ name }) => name === 'with a last hook that fails')).toEqual([
    expect.objectContaining({ status: 'failed', error: expect.stringContaining('after all') }),
    expect.objectContaining({ status: 'failed', error: expect.stringContaining('after all') }),
  ]);
  for (const { status, error } of outcomes) expect(typeof error).toBe(status === 'failed' ? 'string' : 'undefined');
});

it('a file that throws, and one without a test, fail', async () => {
  const throwing = join(folder, 'throwing.mjs');
  writeFileSync(
    throwing,
    "export const name = 'throwing';\nexport default () => { throw new RangeError('early'); };\n",
  );
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, "export const name = 'empty';\nexport default () => {};\n");
  const { outcomes } = await fromBundles(throwing, empty);
  expect(outcomes).toEqual([
    { file: 'throwing', name: '', status: 'failed', error: expect.stringMatching(/^RangeError: early/) },
    { file: 'empty', name: '', status: 'failed', error: expect.stringContaining('No test') },
  ]);
});

it('what is thrown where nobody catches it is told', async () => {
  const bundle = join(folder, 'unhandled.mjs');
  writeFileSync(
    bundle,
    `export const name = 'unhandled';
export default (outside) => outside('vitest').it('passes', () => {
  void Promise.reject(new Error('nobody waits'));
  return new Promise(setImmediate);
});`,
  );
  const { outcomes, unhandled } = await fromBundles(bundle);
  expect(outcomes).toEqual([{ file: 'unhandled', name: 'passes', status: 'passed' }]);
  expect(unhandled).toEqual([expect.stringMatching(/^Error: nobody waits/)]);
});
