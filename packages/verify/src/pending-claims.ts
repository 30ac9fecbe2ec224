import type { PendingClaim } from './replay-claim.js';
import type { ReplayKey } from './replay-key.js';

/**
 * Claims by their key: chains, found by a word of it. A Map would cost a third of all that is done to remember a call.
 */
export class PendingClaims {
  #chains: (PendingClaim | undefined)[] = new Array(64).fill(undefined);
  #size = 0;

  get(key: ReplayKey): PendingClaim | undefined {
    let claim = this.#chains[this.#placeOf(key)];
    while (claim !== undefined && !claim.key.equals(key)) claim = claim.next;
    return claim;
  }

  /** Adds one whose key is not there yet. */
  add(claim: PendingClaim): void {
    if (++this.#size > this.#chains.length) this.#grow();
    this.#put(claim);
  }

  /** Takes one out that is there. */
  delete(claim: PendingClaim): void {
    const place = this.#placeOf(claim.key);
    let before = this.#chains[place];
    if (before === claim) {
      this.#chains[place] = claim.next;
    } else {
      while (before !== undefined && before.next !== claim) before = before.next;
      if (before === undefined) return;
      before.next = claim.next;
    }
    this.#size--;
  }

  #placeOf(key: ReplayKey): number {
    return key.c & (this.#chains.length - 1);
  }

  #put(claim: PendingClaim): void {
    const place = this.#placeOf(claim.key);
    claim.next = this.#chains[place];
    this.#chains[place] = claim;
  }

  #grow(): void {
    const old = this.#chains;
    this.#chains = new Array(old.length * 2).fill(undefined);
    for (const first of old) {
      for (let claim = first; claim !== undefined; ) {
        const { next } = claim;
        this.#put(claim);
        claim = next;
      }
    }
  }
}
