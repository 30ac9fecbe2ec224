/** Some runtimes end timers together with the request that began them: one that is overdue by so long will not come. */
const LATE_MS = 100;

/**
 * Lets names that nobody has seen before be looked up at a bounded rate, so that random names cannot turn this process
 * into a DNS flood. When the rate is spent, names wait a short while; the name that was asked for most goes first, because
 * genuine calls share one name while a flood needs ever new ones. What was asked for is counted on while nobody waits, so
 * that no flood can keep a name out for good: it must spend ever more calls on each of its own.
 */
export class LookupGate {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #maxWaiting: number;
  readonly #maxWaitMs: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #demand: Demand;
  #tokens: number;
  #countedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #timerDue = 0;

  constructor(options: { perSecond: number; burst: number; maxWaiting: number; maxWaitMs: number }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#maxWaiting = options.maxWaiting;
    this.#maxWaitMs = options.maxWaitMs;
    this.#tokens = options.burst;
    this.#demand = new Demand(4 * options.maxWaiting);
  }

  /**
   * Asks to look a name up.
   *
   * @returns true: at once; false: not now; a promise of either: the name waits. A name may ask only once until then.
   */
  enter(name: string): boolean | Promise<boolean> {
    this.#count();
    this.#sendLateAway();
    if (this.#tokens >= 1 && this.#waiting.size === 0) {
      this.#tokens--;
      return true;
    }
    this.#demand.add(name);
    if (this.#waiting.size >= this.#maxWaiting && !this.#makeRoomFor(name)) return false;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#leave(waiting, false), this.#maxWaitMs);
      const waiting: Waiting = { name, resolve, timer, due: this.#countedAt + this.#maxWaitMs };
      this.#waiting.set(name, waiting);
      this.#schedule();
    });
  }

  /** Takes a look-up that no name waits for, for another purpose. False when there is none. */
  takeSpare(): boolean {
    this.#count();
    this.#sendLateAway();
    if (this.#tokens < 1 || this.#waiting.size > 0) return false;
    this.#tokens--;
    return true;
  }

  /** One more call waits for a name. */
  join(name: string): void {
    if (this.#waiting.has(name)) this.#demand.add(name);
  }

  /** Sends everyone away. */
  close(): void {
    clearTimeout(this.#timer);
    for (const waiting of this.#waiting.values()) this.#leave(waiting, false);
  }

  /** Those whose own timers have not done so. Who came first is the first to be late. */
  #sendLateAway(): void {
    for (const waiting of this.#waiting.values()) {
      if (this.#countedAt < waiting.due + LATE_MS) return;
      this.#leave(waiting, false);
    }
  }

  #leave({ name, timer, resolve }: Waiting, admitted: boolean): void {
    this.#waiting.delete(name);
    clearTimeout(timer);
    resolve(admitted);
  }

  #count(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#countedAt) / 1000) * this.#perSecond);
    this.#countedAt = now;
  }

  #schedule(): void {
    if (this.#waiting.size === 0) return;
    if (this.#timer !== undefined && this.#countedAt < this.#timerDue + LATE_MS) return;
    clearTimeout(this.#timer);
    const waitMs = Math.max(1, ((1 - this.#tokens) / this.#perSecond) * 1000);
    this.#timerDue = this.#countedAt + waitMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#count();
      while (this.#tokens >= 1) {
        const next = this.#mostWanted();
        if (next === undefined) return;
        this.#tokens--;
        this.#demand.forget(next.name);
        this.#leave(next, true);
      }
      this.#schedule();
    }, waitMs);
  }

  /** Of those that wait for as many calls, the one that came first. */
  #mostWanted(): Waiting | undefined {
    let best: Waiting | undefined;
    let calls = -1;
    for (const waiting of this.#waiting.values()) {
      const wanted = this.#demand.of(waiting.name);
      if (wanted > calls) {
        best = waiting;
        calls = wanted;
      }
    }
    return best;
  }

  /** Sends a name away that is wanted less. */
  #makeRoomFor(name: string): boolean {
    const wanted = this.#demand.of(name);
    // Most are wanted once. Looking at a few each time is enough to find one, and costs little in a flood.
    let looks = 8;
    for (const other of this.#waiting.values()) {
      if (looks-- === 0) return false;
      if (this.#demand.of(other.name) < wanted) {
        this.#leave(other, false);
        return true;
      }
    }
    return false;
  }
}

interface Waiting {
  readonly name: string;
  readonly resolve: (admitted: boolean) => void;
  readonly timer: NodeJS.Timeout;
  /** When the timer is due. */
  readonly due: number;
}

/**
 * Counts the names that are asked for most, in bounded room (Misra and Gries, 1982): when there is no more room each
 * count goes down by one, so that names asked for once give way and those asked for again and again stay.
 */
class Demand {
  readonly #counts = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string): void {
    const count = this.#counts.get(name);
    if (count !== undefined || this.#counts.size < this.#max) {
      this.#counts.set(name, (count ?? 0) + 1);
      return;
    }
    for (const [other, wanted] of this.#counts) {
      if (wanted > 1) this.#counts.set(other, wanted - 1);
      else this.#counts.delete(other);
    }
  }

  forget(name: string): void {
    this.#counts.delete(name);
  }
}
