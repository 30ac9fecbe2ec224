// Stands in for `vitest` where vitest itself cannot run, or is too slow to start: made of vitest's own parts, so that
// describe, it, expect and the hooks mean what they mean there. What the tests of this repository do not use is left out.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  ChaiStyleAssertions,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { getCurrentTest } from '@vitest/runner';
import { clearAllMocks, fn, isMockFunction, resetAllMocks, restoreAllMocks, spyOn } from '@vitest/spy';
import { poll } from './poll.mjs';
import { snapshotMatchers } from './snapshots.mjs';

export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  onTestFailed,
  onTestFinished,
  suite,
  test,
} from '@vitest/runner';
export { expectTypeOf } from 'expect-type';

for (const part of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) chai.use(part);

/** Counted anew in each test. */
export const noAssertions = {
  assertionCalls: 0,
  isExpectingAssertions: false,
  isExpectingAssertionsError: null,
  expectedAssertionsNumber: null,
  expectedAssertionsNumberErrorGen: null,
};

export function expect(value, message) {
  setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect);
  const assertion = chai.expect(value, message);
  const test = getCurrentTest();
  return test === undefined ? assertion : assertion.withTest(test);
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT], {
  poll: (read, options) => poll(expect, read, options),
  extend: (matchers) => chai.expect.extend(expect, matchers),
  addEqualityTesters: (testers) => addCustomEqualityTesters(testers),
  getState: () => getState(expect),
  setState: (state) => setState(state, expect),
  unreachable: (message) =>
    chai.assert.fail(`expected ${message === undefined ? '' : `"${message}" `}not to be reached`),
  assertions(expected) {
    const errorOf = () => new Error(`expected ${expected} assertions, but got ${getState(expect).assertionCalls}`);
    setState({ expectedAssertionsNumber: expected, expectedAssertionsNumberErrorGen: errorOf }, expect);
  },
  hasAssertions() {
    const error = new Error('expected any number of assertions, but got none');
    setState({ isExpectingAssertions: true, isExpectingAssertionsError: error }, expect);
  },
});
setState(noAssertions, expect);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true });
expect.extend(customMatchers);
expect.extend(snapshotMatchers);

export const vi = {
  fn,
  spyOn,
  isMockFunction,
  clearAllMocks,
  resetAllMocks,
  restoreAllMocks,
  /** There are no others here. */
  useRealTimers() {},
  /** Time-outs are set by whoever runs the suites. */
  setConfig() {},
};
