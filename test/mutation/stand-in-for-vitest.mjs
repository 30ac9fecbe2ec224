// What test files import as 'vitest', of vitest's own parts: no worker and no server of vitest stands between.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  ChaiStyleAssertions,
  chai,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { format } from '@vitest/pretty-format';
import { fn, restoreAllMocks, spyOn } from '@vitest/spy';

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

for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) chai.use(plugin);

export const expect = Object.assign((value, message) => chai.expect(value, message), chai.expect, {
  getState: () => getState(expect),
  setState: (state) => setState(state, expect),
});
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);

chai.util.addMethod(chai.Assertion.prototype, 'toMatchInlineSnapshot', function (text) {
  const lines = text.split('\n').map((line) => line.trim());
  const mine = format(this._obj, { printBasicPrototype: false, escapeString: false })
    .split('\n')
    .map((line) => line.trim());
  chai.expect(mine.join('\n').trim()).toBe(lines.join('\n').trim());
});

/** As expect(value), asked again every few milliseconds until it holds or a second is over. */
expect.poll = (get, { timeout = 1000, interval = 10 } = {}) => {
  const until = performance.now() + timeout;
  const asking = (path) =>
    new Proxy(() => undefined, {
      get: (_, name) => (name === 'then' ? undefined : asking([...path, name])),
      async apply(_, __, args) {
        for (;;) {
          try {
            let at = expect(await get());
            for (const name of path.slice(0, -1)) at = at[name];
            return await at[path.at(-1)](...args);
          } catch (error) {
            if (performance.now() > until) throw error;
            await new Promise((resolve) => setTimeout(resolve, interval));
          }
        }
      },
    });
  return asking([]);
};

export const vi = { fn, restoreAllMocks, spyOn };
