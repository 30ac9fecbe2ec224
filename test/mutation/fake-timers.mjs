// What `vi` has of fake timers: vitest brings the same ones, within itself.
import { install } from '@sinonjs/fake-timers';

let clock;
const end = () => {
  clock?.uninstall();
  clock = undefined;
};

export const fakeTimers = {
  useFakeTimers({ toFake } = {}) {
    end();
    clock = install({ toFake, now: Date.now() });
  },
  useRealTimers: end,
  advanceTimersByTimeAsync: (ms) => clock.tickAsync(ms),
  clearAllTimers: () => clock.reset(),
  getTimerCount: () => clock.countTimers(),
};
