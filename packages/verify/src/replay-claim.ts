import type { ReplayClaim } from './replay.js';

/** One call that is being handled. */
export class PendingClaim implements ReplayClaim {
  readonly state = 'claimed';
  /** The first 16 octets of the verified signature, one a character. */
  readonly key: string;
  /** The number of the span of Dates that the call belongs to. */
  readonly generation: number;
  readonly #end: (claim: PendingClaim, handled: boolean) => void;
  #open = true;
  #settled: Promise<void> | undefined;
  #settle: (() => void) | undefined;

  /** @param end - told once how it ended. */
  constructor(key: string, generation: number, end: (claim: PendingClaim, handled: boolean) => void) {
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
