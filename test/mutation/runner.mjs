// A runner of tests for Stryker: each mutant meets the tests that reach it, in one process that lives on. It takes some
// milliseconds, where a worker of vitest takes a second to come up.
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { runSuites } from '../anywhere/run-suites.mjs';
import { bundleSuites, testFilesIn } from './suites.mjs';

const folders = ['packages/verify/src', 'packages/events/src', 'test/vectors', 'test/keys'];
/** MUTATION_TESTS: what the paths of the tests to ask begin with, with commas between; all of them otherwise. */
const asked = process.env.MUTATION_TESTS?.split(',') ?? [''];
const slowMs = 100;

const statuses = { passed: TestStatus.Success, failed: TestStatus.Failed, skipped: TestStatus.Skipped };
const idOf = (file, test) => `${file} # ${test}`;
const filesOf = (ids) => ids && new Set([...ids].map((id) => id.slice(0, id.indexOf(' # '))));
const failed = (tests) => tests.some(({ status }) => status === TestStatus.Failed);

class SuitesRunner {
  /** Where the code that holds the mutants looks for the one that is active, and counts. */
  #space;
  #suites = [];
  /** Tests that wait for what must not come, or work long: a mutant meets them last. */
  #slow = new Set();
  /** What was thrown where no test was waiting: vitest, too, fails for it. */
  #stray;

  constructor() {
    globalThis.__stryker__ ??= {};
    this.#space = globalThis.__stryker__;
    const note = (error) => {
      this.#stray ??= String(error?.message ?? error);
    };
    process.on('unhandledRejection', note).on('uncaughtException', note);
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const root = process.cwd();
    const files = testFilesIn(root, folders).filter((file) => asked.some((start) => file.startsWith(start)));
    this.#suites = await bundleSuites(root, files);
  }

  async dryRun() {
    Object.assign(this.#space, { activeMutant: undefined, mutantCoverage: undefined });
    const tests = await this.#run({ has: () => true }, undefined, false);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#space.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail }) {
    const activate = () => {
      this.#space.activeMutant = activeMutant.id;
    };
    Object.assign(this.#space, { hitCount: hitLimit && 0, hitLimit, activeMutant: undefined });
    if (mutantActivation === 'static') activate();
    // A mutant of what is worked out at load is asked of every test.
    const wanted = testFilter && new Set(testFilter);
    const slow = new Set([...this.#slow].filter((id) => wanted?.has(id) ?? true));
    const quick = { has: (id) => (wanted?.has(id) ?? true) && !slow.has(id) };
    const tests = await this.#run(quick, filesOf(testFilter), !disableBail, activate);
    if (!failed(tests)) tests.push(...(await this.#run(slow, filesOf(slow), !disableBail, activate)));
    const timeout = determineHitLimitReached(this.#space.hitCount, hitLimit);
    this.#space.activeMutant = undefined;
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }

  async #run(wanted, files, stopAtFailure, onEvaluated) {
    const tests = [];
    for (const suite of this.#suites) {
      if (files?.has(suite.name) === false) continue;
      const durations = new Map();
      this.#stray = undefined;
      const outcomes = await runSuites([suite], {
        stopAtFailure,
        onEvaluated,
        only: { has: (test) => wanted.has(idOf(suite.name, test)) },
        onStart: (test) => {
          this.#space.currentTestId = idOf(suite.name, test);
        },
        onTest: (test, _, duration = 0) => {
          this.#space.currentTestId = undefined;
          durations.set(test, duration);
          if (duration > slowMs) this.#slow.add(idOf(suite.name, test));
        },
      });
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#stray !== undefined)
        outcomes.push({ name: 'outside of its tests', status: 'failed', error: this.#stray });
      tests.push(...outcomes.map((outcome) => resultOf(suite.name, outcome, durations.get(outcome.name))));
      if (stopAtFailure && failed(tests)) break;
    }
    return tests;
  }
}

function resultOf(fileName, { name, status, error }, timeSpentMs = 0) {
  const id = idOf(fileName, name);
  return { id, name: id, fileName, timeSpentMs, status: statuses[status], failureMessage: error };
}

const make = () => new SuitesRunner();
make.inject = [];
export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'suites', make)];
