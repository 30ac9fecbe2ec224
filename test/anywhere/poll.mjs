import { chai } from '@vitest/expect';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * `expect.poll`: an assertion whose matchers are tried again on what `read` gives until one holds; the last failure is
 * told when none does in time.
 */
export function poll(expect, read, { interval = 50, timeout = 1000, message } = {}) {
  const assertion = expect(null, message).withContext({ poll: true });
  const polling = new Proxy(assertion, {
    get(target, key, receiver) {
      const matcher = Reflect.get(target, key, receiver);
      if (typeof matcher !== 'function') return matcher instanceof chai.Assertion ? polling : matcher;
      if (key === 'assert') return matcher;
      return async (...args) => {
        const end = Date.now() + timeout;
        for (;;) {
          const last = Date.now() >= end;
          try {
            chai.util.flag(assertion, 'object', await read());
            return await matcher.call(assertion, ...args);
          } catch (error) {
            if (last) throw error;
            await wait(interval);
          }
        }
      };
    },
  });
  return polling;
}
