import { Gather } from './gather.js';
import type { InboxStore, Outcome } from './store.js';

const MAX_TOGETHER = 256;
const TRIES = 5;

/** Writes down how attempts ended, many in one commit. */
export class Settling {
  readonly #store: Pick<InboxStore, 'settle'>;
  readonly #onError: (error: unknown) => void;
  readonly #gather: Gather<Outcome, boolean>;

  constructor(store: Pick<InboxStore, 'settle'>, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
    this.#gather = new Gather((outcomes) => this.#settle(outcomes), MAX_TOGETHER);
  }

  /** False when the lease was lost, or when it cannot be written down: then the lease runs out, and it is tried again. */
  settle(outcome: Outcome): Promise<boolean> {
    return this.#gather.add(outcome).catch((error: unknown) => {
      this.#onError(error);
      return false;
    });
  }

  async #settle(outcomes: readonly Outcome[]): Promise<readonly boolean[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#store.settle(outcomes);
      } catch (error) {
        if (tries >= TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tries));
      }
    }
  }
}
