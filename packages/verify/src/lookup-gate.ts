/**
 * Lets names that nobody has seen before be looked up at a bounded rate, so that random names cannot turn this process
 * into a DNS flood. When the rate is spent, names wait a short while; the name with the most calls waiting goes first,
 * because genuine calls share one name while a flood has many.
 */
export class LookupGate {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #maxWaiting: number;
  readonly #maxWaitMs: number;
  readonly #waiting = new Map<string, Waiting>();
  #tokens: number;
  #countedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { perSecond: number; burst: number; maxWaiting: number; maxWaitMs: number }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#maxWaiting = options.maxWaiting;
    this.#maxWaitMs = options.maxWaitMs;
    this.#tokens = options.burst;
  }

  /**
   * Asks to look a name up.
   *
   * @returns true: at once; false: not now; a promise of either: the name waits. A name may ask only once until then.
   */
  enter(name: string): boolean | Promise<boolean> {
    this.#count();
    if (this.#tokens >= 1 && this.#waiting.size === 0) {
      this.#tokens--;
      return true;
    }
    if (this.#waiting.size >= this.#maxWaiting) return false;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#leave(name, false), this.#maxWaitMs);
      this.#waiting.set(name, { calls: 1, resolve, timer });
      this.#schedule();
    });
  }

  /** One more call waits for a name. */
  join(name: string): void {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) waiting.calls++;
  }

  /** Sends everyone away. */
  close(): void {
    clearTimeout(this.#timer);
    for (const name of [...this.#waiting.keys()]) this.#leave(name, false);
  }

  #leave(name: string, admitted: boolean): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    clearTimeout(waiting?.timer);
    waiting?.resolve(admitted);
  }

  #count(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#countedAt) / 1000) * this.#perSecond);
    this.#countedAt = now;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting.size === 0) return;
    const waitMs = Math.max(1, ((1 - this.#tokens) / this.#perSecond) * 1000);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#count();
      while (this.#tokens >= 1 && this.#waiting.size > 0) {
        this.#tokens--;
        this.#leave(this.#mostWanted(), true);
      }
      this.#schedule();
    }, waitMs);
  }

  #mostWanted(): string {
    let best = '';
    let calls = 0;
    for (const [name, waiting] of this.#waiting) {
      if (waiting.calls > calls) {
        best = name;
        calls = waiting.calls;
      }
    }
    return best;
  }
}

interface Waiting {
  calls: number;
  readonly resolve: (admitted: boolean) => void;
  readonly timer: NodeJS.Timeout;
}
