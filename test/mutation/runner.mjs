// A runner of tests for Stryker: each mutant meets the tests that reach it, in one process that lives on.
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { loadSuites, testFilesIn } from './suites.mjs';

/** The quickest first: the first test that fails is the last one that is asked. */
const folders = ['packages/verify/src', 'packages/events/src', 'test/vectors', 'test/keys'];

const statuses = { pass: TestStatus.Success, fail: TestStatus.Failed };
const separator = ' # ';

class SuitesRunner {
  #space;
  #root = process.cwd();
  #suites;
  #files;
  /** What was thrown where no test was waiting: vitest, too, fails for it. */
  #stray;

  constructor(namespace) {
    this.#space = globalThis[namespace] ??= {};
    const note = (error) => {
      this.#stray ??= error instanceof Error ? error.message : String(error);
    };
    process.on('unhandledRejection', note).on('uncaughtException', note);
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.#files = testFilesIn(this.#root, folders);
    this.#suites = await loadSuites(this.#root, this.#files);
  }

  async #run(wanted, { bail, collected }) {
    const tests = [];
    this.#stray = undefined;
    for (const file of wanted?.keys() ?? this.#files) {
      const name = file.slice(this.#root.length + 1);
      const id = (test) => `${name}${separator}${test}`;
      const failed = () => tests.some(({ status }) => status === TestStatus.Failed);
      const results = await this.#suites.run(
        file,
        {
          collected,
          enough: () => bail && this.#failed,
          before: (test) => {
            this.#space.currentTestId = id(test);
          },
          after: (_, state) => {
            this.#space.currentTestId = undefined;
            if (state === 'fail') this.#failed = true;
          },
        },
        wanted?.get(file),
      );
      for (const { name: test, state, error, duration } of results) {
        const status = statuses[state] ?? TestStatus.Skipped;
        if (duration > 100) this.#slow.add(`${file}${separator}${test}`);
        tests.push({
          id: id(test),
          name: id(test),
          fileName: file,
          timeSpentMs: duration ?? 0,
          status,
          failureMessage: error ?? 'failed',
        });
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#stray !== undefined) {
        const what = { id: id('outside of its tests'), name: id('outside of its tests'), timeSpentMs: 0 };
        tests.push({ ...what, status: TestStatus.Failed, failureMessage: this.#stray });
      }
      if (bail && failed()) break;
    }
    return tests;
  }

  #failed = false;

  /** Tests that wait for what must not come, or work long: they are asked last. */
  #takeSlow(wanted) {
    const slow = new Map();
    for (const [file, tests] of wanted) {
      const ones = [...tests].filter((test) => this.#slow.has(`${file}${separator}${test}`));
      if (ones.length === 0) continue;
      slow.set(file, new Set(ones));
      for (const one of ones) tests.delete(one);
      if (tests.size === 0) wanted.delete(file);
    }
    return slow;
  }
  #slow = new Set();

  async dryRun() {
    this.#space.activeMutant = undefined;
    this.#space.mutantCoverage = undefined;
    this.#failed = false;
    const tests = await this.#run(undefined, { bail: false });
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#space.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail }) {
    const wanted = testFilter && new Map(this.#files.map((file) => [file, new Set()]));
    for (const id of testFilter ?? []) {
      const [name, test] = id.split(separator);
      wanted.get(`${this.#root}/${name}`).add(test);
    }
    for (const [file, tests] of wanted ?? []) if (tests.size === 0) wanted.delete(file);
    const slow = wanted && this.#takeSlow(wanted);
    const activate = () => {
      this.#space.activeMutant = activeMutant.id;
    };
    Object.assign(this.#space, { hitCount: hitLimit && 0, hitLimit, activeMutant: undefined });
    this.#failed = false;
    if (mutantActivation === 'static') activate();
    const tests = await this.#run(wanted, { bail: !disableBail, collected: activate });
    if (slow?.size > 0 && !this.#failed && this.#stray === undefined) {
      tests.push(...(await this.#run(slow, { bail: !disableBail, collected: activate })));
    }
    const timeout = determineHitLimitReached(this.#space.hitCount, hitLimit);
    this.#space.activeMutant = undefined;
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }
}

const make = () => new SuitesRunner('__stryker__');
make.inject = [];
export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'suites', make)];
