import { PendingClaims } from '#pending-claims';
import { ReplayGeneration } from '#replay-generation';
import { ReplayKey } from '#replay-key';
import type { ReplayAnswer, ReplayMemory } from './replay.js';
import { PendingClaim } from './replay-claim.js';
import { readTolerance } from './tolerance.js';
import type { Tolerance } from './verifier.js';

/** The settings of {@link createReplayMemory}. */
export interface ReplayMemoryOptions {
  /** The same as the verifier's, default 300: a call is kept until its Date is older than `past`. */
  readonly toleranceSeconds?: Tolerance;
  /**
   * How many handled calls are kept, default 4,194,304; at least 1,024. Each takes some 30 bytes once it is there;
   * nothing is set aside before. When more come within the tolerance, those with the oldest Dates are forgotten first,
   * and calls dated before the newest forgotten one get 503: forgetting never opens a hole.
   */
  readonly maxEntries?: number;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
}

/** A handled call is kept in one of about so many generations; a whole generation is forgotten at once. */
const GENERATIONS = 60;

/**
 * A replay memory in this process: it protects this one process, since its start. Several processes, or one that
 * restarts, need a memory that they share.
 *
 * @throws TypeError when an option is out of range.
 */
export function createReplayMemory(options: ReplayMemoryOptions = {}): ReplayMemory {
  const { maxEntries = 4_194_304, clock = Date.now } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1024) {
    throw new TypeError('maxEntries: give a whole number of at least 1024.');
  }
  return new InProcessReplayMemory(readTolerance(options.toleranceSeconds ?? 300), maxEntries, clock);
}

class InProcessReplayMemory implements ReplayMemory {
  readonly #past: number;
  readonly #future: number;
  readonly #width: number;
  readonly #maxEntries: number;
  readonly #clock: () => number;
  /** By the number of the span of Dates that each one holds. */
  readonly #generations = new Map<number, ReplayGeneration>();
  /** Calls that are being handled. */
  readonly #pending = new PendingClaims();
  #entries = 0;
  /** Calls dated before this instant may have been forgotten early. */
  #horizon = Number.NEGATIVE_INFINITY;
  #oldest = Number.POSITIVE_INFINITY;
  #newestDate = Number.NEGATIVE_INFINITY;

  constructor(tolerance: { past: number; future: number }, maxEntries: number, clock: () => number) {
    const seconds = tolerance.past + tolerance.future;
    this.#past = tolerance.past * 1000;
    this.#future = tolerance.future * 1000;
    // At least a second, because Dates have no parts of one; and without a limit on age, an hour.
    this.#width = Number.isFinite(seconds) ? Math.ceil(seconds / GENERATIONS) * 1000 : 3_600_000;
    this.#maxEntries = maxEntries;
    this.#clock = clock;
  }

  claim(octets: Uint8Array, date: number): ReplayAnswer {
    if (date < this.#horizon) return { state: 'forgotten' };
    const number = Math.floor(date / this.#width);
    const key = new ReplayKey(octets);
    if (this.#generations.get(number)?.has(key)) return { state: 'repeat' };
    const pending = this.#pending.get(key);
    if (pending !== undefined) return { state: 'pending', settled: pending.settled };
    this.#newestDate = Math.max(this.#newestDate, date);
    const claim = new PendingClaim(key, number, this.#ended);
    this.#pending.add(claim);
    return claim;
  }

  /** One function for all claims, so that a claim costs none of its own. */
  readonly #ended = (claim: PendingClaim, handled: boolean): void => {
    this.#pending.delete(claim);
    if (handled) this.#remember(claim.key, claim.generation);
  };

  #remember(key: ReplayKey, number: number): void {
    const generation = this.#generations.get(number) ?? this.#begin(number);
    generation.add(key);
    this.#entries++;
    while (this.#entries > this.#maxEntries) {
      this.#horizon = Math.max(this.#horizon, (this.#oldest + 1) * this.#width);
      this.#drop(this.#oldest);
    }
  }

  /** Of Dates before the horizon, too, when a handler took very long: that generation is the next to go. */
  #begin(number: number): ReplayGeneration {
    // Often enough: Dates go on, and as generations begin others expire.
    this.#dropExpired();
    const generation = new ReplayGeneration();
    this.#generations.set(number, generation);
    this.#oldest = Math.min(this.#oldest, number);
    return generation;
  }

  /** Forgets the generations whose every Date is older than the tolerance allows: such calls are refused anyway. */
  #dropExpired(): void {
    // A clock that jumped ahead must not make us forget, and refuse, what is still the present once it is set right.
    const now = Math.min(this.#clock(), this.#newestDate + this.#future);
    const expired = now - this.#past;
    while ((this.#oldest + 1) * this.#width < expired) {
      // The clock may be set back later; calls dated in what is forgotten here must not become acceptable again.
      this.#horizon = Math.max(this.#horizon, (this.#oldest + 1) * this.#width);
      this.#drop(this.#oldest);
    }
  }

  #drop(number: number): void {
    this.#entries -= this.#generations.get(number)?.size ?? 0;
    this.#generations.delete(number);
    this.#oldest = Number.POSITIVE_INFINITY;
    for (const one of this.#generations.keys()) this.#oldest = Math.min(this.#oldest, one);
  }
}
