/**
 * Gathers what is asked for while the one before is under way, and does it in one go: many calls share one commit. What
 * comes while nothing is under way waits for nothing.
 */
export class Gather<T, R> {
  readonly #run: (items: readonly T[]) => Promise<readonly R[]>;
  readonly #maxItems: number;
  #waiting: { readonly item: T; resolve(result: R): void; reject(error: unknown): void }[] = [];
  #running = false;

  constructor(run: (items: readonly T[]) => Promise<readonly R[]>, maxItems: number) {
    this.#run = run;
    this.#maxItems = maxItems;
  }

  /** How many wait for the next turn. */
  get size(): number {
    return this.#waiting.length;
  }

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      // What else came with this turn of the event loop joins it.
      setImmediate(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const turn = this.#waiting.splice(0, this.#maxItems);
      try {
        const results = await this.#run(turn.map((one) => one.item));
        turn.forEach((one, i) => {
          one.resolve(results[i] as R);
        });
      } catch (error) {
        for (const one of turn) one.reject(error);
      }
    }
    this.#running = false;
  }
}
