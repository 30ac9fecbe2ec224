const BURST = 5;
const INTERVAL_MS = 10_000;

/**
 * Lets so many lines of one kind through: five at once, then one in ten seconds, which tells how many were left out. A
 * flood of refused calls must not become a flood of log lines.
 */
export class LogSampler {
  readonly #kinds = new Map<string, { lines: number; since: number; left: number }>();
  readonly #clock: () => number;

  /** @param clock - milliseconds, going forward. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** @returns how many lines of this kind were left out before this one; undefined when this one is to be left out. */
  admit(kind: string): number | undefined {
    const now = this.#clock();
    let state = this.#kinds.get(kind);
    if (state === undefined) {
      state = { lines: BURST, since: now, left: 0 };
      this.#kinds.set(kind, state);
    }
    const earned = Math.floor((now - state.since) / INTERVAL_MS);
    if (earned > 0) {
      state.lines = Math.min(BURST, state.lines + earned);
      state.since += earned * INTERVAL_MS;
    }
    if (state.lines === 0) {
      state.left++;
      return undefined;
    }
    if (state.lines === BURST) state.since = now;
    state.lines--;
    const { left } = state;
    state.left = 0;
    return left;
  }
}
