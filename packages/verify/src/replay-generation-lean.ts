import type { ReplayKey } from './replay-key-lean.js';

/**
 * A set of keys, as replay-generation.ts is one, by the engine's own: more memory a key, and little code. One isolate of a
 * Worker sees only a part of the calls.
 */
export class ReplayGeneration {
  readonly #keys = new Set<string>();

  get size(): number {
    return this.#keys.size;
  }

  has({ text }: ReplayKey): boolean {
    return this.#keys.has(text);
  }

  add({ text }: ReplayKey): void {
    this.#keys.add(text);
  }
}
