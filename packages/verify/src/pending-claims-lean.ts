import type { ReplayKey } from './replay-key-lean.js';

interface Keyed {
  readonly key: ReplayKey;
}

/** Claims by their key. */
export class PendingClaims<C extends Keyed> {
  readonly #claims = new Map<string, C>();

  get({ text }: ReplayKey): C | undefined {
    return this.#claims.get(text);
  }

  add(claim: C): void {
    this.#claims.set(claim.key.text, claim);
  }

  delete({ key }: C): void {
    this.#claims.delete(key.text);
  }
}
