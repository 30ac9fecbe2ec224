import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSuite } from '../anywhere/bundle-suite.mjs';
import type { Outcome } from '../anywhere/run-suites.mjs';
import { root } from '../packages/packed.js';
import { compareOutcomes } from './compare-outcomes.js';
import { bin, here, passed, versionOf } from './platform.js';
import { exceptions, unitSuites } from './unit-suites.js';

/*
 * The tests themselves of the verification, the events and the Fetch door, on every runtime: by vitest on Node.js, and
 * elsewhere as bundles of what each file imports, by vitest's runner. On a runtime every test passes that passes on
 * Node.js 20, but for what unit-suites.ts names with a reason; and nothing of that passes.
 */
const folder = join(here, '.run/unit-suites');
mkdirSync(folder, { recursive: true });

interface Ran {
  readonly outcomes: readonly Outcome[];
  readonly unhandled: readonly string[];
}

/** Runs a program that writes a result, and ends with another status than 0 when a test fails. */
async function written<T>(result: string, program: string, args: readonly string[]): Promise<T> {
  const env = { ...process.env, MUTATION_RUNS: '300', PROPERTY_RUNS: '300', NO_COLOR: '1' };
  const output = await new Promise<string>((resolve) => {
    execFile(program, [...args], { cwd: root, env, maxBuffer: 1e9 }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
  if (!existsSync(result)) throw new Error(`${program} wrote no result.\n${output.slice(-4000)}`);
  return JSON.parse(readFileSync(result, 'utf8'));
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}
const statuses: Readonly<Record<string, Outcome['status']>> = { passed: 'passed', failed: 'failed' };

async function inVitest(name: string, program: string, suites: readonly string[]): Promise<Ran> {
  const result = join(folder, `${name}.json`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--reporter', 'json', '--outputFile', result, ...suites];
  const { testResults } = await written<VitestReport>(result, program, args);
  const outcomes = testResults.flatMap(({ name, message, assertionResults }): Outcome[] => {
    const file = name.slice(root.length).replace(/^\//, '');
    if (assertionResults.length === 0) return [{ file, name: '', status: 'failed', error: message }];
    return assertionResults.map(({ ancestorTitles, title, status, failureMessages }) => ({
      file,
      name: [...ancestorTitles, title].join(' > '),
      status: statuses[status] ?? 'skipped',
      ...(failureMessages?.length && { error: failureMessages.join('\n') }),
    }));
  });
  return { outcomes, unhandled: [] };
}

async function inBundles(name: string, command: readonly string[], suites: readonly string[]): Promise<Ran> {
  const result = join(folder, `${name}.json`);
  const bundles: string[] = [];
  for (const file of suites) {
    const { code } = await bundleSuite(file, { conditions: [name, 'node', 'import'] });
    const bundle = join(folder, `${name}-${file.replaceAll('/', '-')}.mjs`);
    writeFileSync(bundle, code);
    bundles.push(bundle);
  }
  const [program = '', ...args] = command;
  return written(result, program, [...args, join(root, 'test/anywhere/run-bundles.mjs'), result, ...bundles]);
}

async function inWorkerd(suites: readonly string[]): Promise<Ran> {
  const result = join(folder, 'workerd.json');
  const plan = join(folder, 'workerd-plan.json');
  const leftOut = (exceptions['workerd'] ?? []).flatMap(({ tests, leftOut }) => (leftOut && tests) ?? []);
  writeFileSync(plan, JSON.stringify({ suites, leftOut, files: ['test/events/corpus', 'test/vectors'] }));
  return written(result, process.execPath, [join(here, 'run-suites-in-workerd.mjs'), result, plan]);
}

const deno = [bin.deno, 'run', '-A', '--quiet', '--no-lock', '--node-modules-dir=manual'];
interface Runtime {
  readonly from: string;
  readonly run: (suites: readonly string[]) => Promise<Ran>;
}
const runtimes: Readonly<Record<string, Runtime>> = {
  'Node.js 20': { from: 'node20', run: (suites) => inVitest('node20', bin.node20, suites) },
  'Node.js 22': { from: 'node22', run: (suites) => inVitest('node22', bin.node22, suites) },
  'Node.js 24': { from: 'node24', run: (suites) => inVitest('node24', bin.node24, suites) },
  Deno: { from: '@deno/linux-x64-glibc', run: (suites) => inBundles('deno', deno, suites) },
  Bun: { from: '@oven/bun-linux-x64', run: (suites) => inBundles('bun', [bin.bun], suites) },
  workerd: { from: 'miniflare', run: inWorkerd },
};

let reference: readonly Outcome[] | undefined;
beforeAll(async () => {
  if (!existsSync(bin.node20)) return;
  const { outcomes } = await inVitest('node20', bin.node20, unitSuites);
  reference = outcomes;
}, 900_000);

describe.each(Object.entries(runtimes))('%s', (platform, { from, run }) => {
  const version = versionOf(from);
  const absent = version === undefined;
  const listed = exceptions[platform] ?? [];
  const left = new Set(listed.filter(({ tests }) => tests === undefined).map(({ file }) => file));

  it.skipIf(absent)(
    `runs the tests of the verification, the events and the Fetch door${absent ? ' (could not be fetched)' : ''}`,
    async () => {
      const suites = unitSuites.filter((file) => !left.has(file));
      const { outcomes, unhandled } =
        platform === 'Node.js 20' && reference !== undefined
          ? { outcomes: reference, unhandled: [] }
          : await run(suites);
      expect(unhandled).toEqual([]);
      expect(compareOutcomes(reference ?? outcomes, outcomes, listed)).toEqual([]);
      const tests = outcomes.filter(({ status }) => status === 'passed').length;
      passed({ platform, version: version ?? '', door: 'verify, events, receiver/fetch', tests });
    },
    900_000,
  );
});
