// Runs suites that are functions in one process, on whatever runtime this is: with vitest's own runner, without vitest.
import { getState, setState } from '@vitest/expect';
import { startTests } from '@vitest/runner';
import { getTestName } from '@vitest/runner/utils';
import * as vitest from './vitest.mjs';

const { expect, noAssertions } = vitest;

/** One `{ name, evaluate }` is a test file: to evaluate it is to call describe, it and the hooks. */
class Runner {
  constructor(suites, { timeoutMs = 120_000, stopAtFailure = false, only, onEvaluated, onStart, onTest }) {
    this.suites = new Map(suites.map(({ name, evaluate }) => [name, evaluate]));
    this.stopAtFailure = stopAtFailure;
    this.only = only;
    this.onEvaluated = onEvaluated;
    this.onStart = onStart;
    this.onTest = onTest;
    this.stopped = false;
    this.config = {
      root: '/',
      setupFiles: [],
      name: undefined,
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 5,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: true,
    };
  }

  importFile(name) {
    return this.suites.get(name)(vitest);
  }

  onCollected(files) {
    this.onEvaluated?.();
    if (this.only === undefined) return;
    for (const test of files.flatMap(testsOf)) if (!this.only.has(getTestName(test))) test.mode = 'skip';
  }

  onBeforeRunSuite(suite) {
    if (this.stopped) suite.mode = 'skip';
  }

  onBeforeRunTask(test) {
    if (this.stopped) test.mode = 'skip';
    else this.onStart?.(getTestName(test));
  }

  onBeforeTryTask(test) {
    setState({ ...noAssertions, currentTestName: getTestName(test) }, expect);
  }

  onAfterTryTask() {
    const state = getState(expect);
    if (state.expectedAssertionsNumber !== null && state.assertionCalls !== state.expectedAssertionsNumber)
      throw state.expectedAssertionsNumberErrorGen();
    if (state.isExpectingAssertions && state.assertionCalls === 0) throw state.isExpectingAssertionsError;
  }

  onAfterRunTask(test) {
    if (this.stopAtFailure && test.result?.state === 'fail') this.stopped = true;
    this.onTest?.(getTestName(test), test.result?.state, test.result?.duration);
  }

  extendTaskContext(context) {
    return Object.assign(context, { expect });
  }
}

/**
 * Runs suites one after another, and gives what each test came to. What failed outside of a test, in a hook or while it
 * was evaluated, has a row of its own with the name of its `describe`, or none.
 *
 * @param suites - `{ name, evaluate }` of each: the name of its file, and a function that gets what stands in for
 *   `vitest`. It may be called again and again.
 * @param options - `timeoutMs` of a test or hook (120 s); `stopAtFailure` skips everything after the first failure;
 *   `only.has(name)` says which tests are run (all); `onEvaluated` is called when a file has been evaluated and none of its
 *   tests has begun, `onStart` with the name of each that begins, `onTest` with name, state and duration (ms) of each that
 *   ends.
 * @returns `{ file, name, status, error }` of each: `passed`, `failed` or `skipped`; names are joined by ` > `.
 */
export async function runSuites(suites, options = {}) {
  const runner = new Runner(suites, options);
  const found = [];
  // Each is evaluated when the one before has ended, as vitest does it.
  for (const { name } of suites) {
    const [file] = await startTests([name], runner);
    found.push(...outcomes(file, name));
  }
  return found;
}

const testsOf = (task) => (task.type === 'test' ? [task] : task.tasks.flatMap(testsOf));

function outcomes(task, file) {
  if (task.type === 'test') return [{ file, name: getTestName(task), ...outcome(task) }];
  const own = task.result?.errors?.length
    ? [{ file, name: task === task.file ? '' : getTestName(task), ...outcome(task) }]
    : [];
  return [...own, ...task.tasks.flatMap((inner) => outcomes(inner, file))];
}

function outcome({ result }) {
  if (result?.state === 'pass') return { status: 'passed' };
  if (result?.state !== 'fail') return { status: 'skipped' };
  return { status: 'failed', error: (result.errors ?? []).map(textOf).join('\n') };
}

const textOf = ({ name, message, stack, diff }) => [stack ?? `${name}: ${message}`, diff].filter(Boolean).join('\n');
