import type { ReplayClaim } from './replay.js';
import type { ReplayKey } from './replay-key.js';

/** One call that is being handled. */
export class PendingClaim implements ReplayClaim {
  readonly state = 'claimed';
  readonly key: ReplayKey;
  /** The number of the span of Dates that the call belongs to. */
  readonly generation: number;
  /** Another one in the same place of {@link PendingClaims}. */
  next: PendingClaim | undefined;
  readonly #end: (claim: PendingClaim, handled: boolean) => void;
  #open = true;
  #settled: Promise<void> | undefined;
  #settle: (() => void) | undefined;

  /** @param end - told once how it ended. */
  constructor(key: ReplayKey, generation: number, end: (claim: PendingClaim, handled: boolean) => void) {
    this.key = key;
    this.generation = generation;
    this.#end = end;
  }

  /** Resolves when the call has been handled, or given back. Made only when somebody waits for it. */
  get settled(): Promise<void> {
    this.#settled ??= new Promise((resolve) => {
      this.#settle = resolve;
    });
    return this.#settled;
  }

  confirm(): void {
    this.#finish(true);
  }

  release(): void {
    this.#finish(false);
  }

  #finish(handled: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    this.#end(this, handled);
    this.#settle?.();
  }
}
