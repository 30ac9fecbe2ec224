/** Events are taken ahead for so many milliseconds of work: one commit for many of them. */
const AHEAD_MS = 250;
const MEASURED_MS = 100;
const MAX_AHEAD = 500;

/**
 * How many events a worker should have at a time, running ones included. Many while handlers are quick, so that events are
 * taken in few commits; few while they are slow: what waits here another worker could have.
 */
export class Pace {
  readonly #least: number;
  readonly #now: () => number;
  #capacity: number;
  #started = 0;
  #since: number;

  /** @param now - in milliseconds. */
  constructor(concurrency: number, now: () => number = () => performance.now()) {
    this.#least = concurrency * 2;
    this.#capacity = Math.max(this.#least, Math.min(MAX_AHEAD, concurrency * 11));
    this.#now = now;
    this.#since = now();
  }

  /** An event has been started. */
  started(): void {
    this.#started++;
  }

  get capacity(): number {
    const passed = this.#now() - this.#since;
    if (passed >= MEASURED_MS) {
      const wanted = Math.round((this.#started / passed) * AHEAD_MS);
      this.#capacity = Math.max(this.#least, Math.min(MAX_AHEAD, wanted));
      this.#started = 0;
      this.#since += passed;
    }
    return this.#capacity;
  }
}
