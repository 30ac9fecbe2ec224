import type { ClaimedEvent, InboxStore } from './store.js';

/** The events that a worker has; keeps their leases alive. */
export class HeldEvents {
  readonly #store: Pick<InboxStore, 'renew'>;
  readonly #leaseMs: number;
  readonly #onLost: (id: number) => void;
  readonly #events = new Map<number, ClaimedEvent>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(store: Pick<InboxStore, 'renew'>, leaseMs: number, onLost: (id: number) => void) {
    this.#store = store;
    this.#leaseMs = leaseMs;
    this.#onLost = onLost;
  }

  get size(): number {
    return this.#events.size;
  }

  add(event: ClaimedEvent): void {
    this.#events.set(event.id, event);
    this.#schedule();
  }

  delete(id: number): void {
    this.#events.delete(id);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = setTimeout(() => void this.#renew(), Math.floor(this.#leaseMs / 3));
  }

  async #renew(): Promise<void> {
    if (this.#events.size > 0) {
      const leases = [...this.#events.values()].map(({ id, lease }) => ({ id, lease }));
      try {
        for (const id of await this.#store.renew(leases, this.#leaseMs)) {
          // One that was settled meanwhile is not lost.
          if (this.#events.delete(id)) this.#onLost(id);
        }
      } catch {
        // Tried again at the next turn; if it goes on so, the leases run out, and others take over.
      }
    }
    this.#timer = undefined;
    if (this.#events.size > 0) this.#schedule();
  }
}
