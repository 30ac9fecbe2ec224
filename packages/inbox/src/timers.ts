/** Timers that end together. */
export class Timers {
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #stopped = false;

  later(ms: number, run: () => void): void {
    if (this.#stopped) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        run();
      },
      // A longer one would end at once.
      Math.min(ms, 2_147_483_647),
    );
    this.#timers.add(timer);
  }

  every(ms: number, run: () => void): void {
    this.later(ms, () => {
      run();
      this.every(ms, run);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
