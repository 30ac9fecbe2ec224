/** A clock that only the test moves: a function that gives milliseconds since 1970, as options named `clock` take it. */
export interface TestClock {
  (): number;
  /** Sets it. */
  set(moment: Date): void;
  /** Moves it on, or back. */
  advance(milliseconds: number): void;
}

/** @throws TypeError when the moment is no valid Date. */
export function createTestClock(start: Date): TestClock {
  let now = valid(start);
  return Object.assign(() => now, {
    set(moment: Date) {
      now = valid(moment);
    },
    advance(milliseconds: number) {
      now = valid(new Date(now + milliseconds));
    },
  });
}

function valid(moment: Date): number {
  const time = moment.getTime();
  if (Number.isNaN(time)) throw new TypeError('A test clock needs a valid Date.');
  return time;
}
