import { BoundedMap } from './bounded-map.js';
import type { LookupGate } from './lookup-gate.js';

/** From this part of the interval on, keys are looked up again early, if there is room for it. */
const EARLY_AT = 0.2;

/**
 * How often a failing signature may cause a fresh look-up of a name that has keys. A forgery must not hide a rotation for
 * the whole interval, nor cause queries that a stranger could not cause anyway: those before it come out of what new
 * names leave.
 */
export class RefreshLimit {
  readonly #intervalMs: number;
  readonly #gate: LookupGate;
  readonly #lastAt: BoundedMap<number>;

  constructor(intervalMs: number, maxNames: number, gate: LookupGate) {
    this.#intervalMs = intervalMs;
    this.#gate = gate;
    this.#lastAt = new BoundedMap(maxNames);
  }

  /** Counts a look-up that may begin; else says how long ago the last one was, and how long the name is barred yet. */
  enter(keyId: string, now: number): { readonly sinceMs: number; readonly leftMs: number } | undefined {
    const sinceMs = now - (this.#lastAt.get(keyId) ?? Number.NEGATIVE_INFINITY);
    const leftMs = this.#barredMs(sinceMs);
    if (leftMs > 0) return { sinceMs, leftMs };
    this.#lastAt.set(keyId, now);
    return undefined;
  }

  #barredMs(sinceMs: number): number {
    if (sinceMs < 0 || sinceMs >= this.#intervalMs) return 0;
    const early = this.#intervalMs * EARLY_AT;
    if (sinceMs < early) return early - sinceMs;
    return this.#gate.takeSpare() ? 0 : this.#intervalMs - sinceMs;
  }
}
