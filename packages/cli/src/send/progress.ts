const WIDTH = 30;
const AFTER_MS = 1000;
const EVERY_MS = 100;

/** A progress bar on stderr: on a terminal only, and only when it takes longer than a second. */
export class Progress {
  readonly #total: number;
  readonly #shown: boolean;
  readonly #startedAt = performance.now();
  #done = 0;
  #drawnAt = 0;

  constructor(total: number, shown: boolean) {
    this.#total = total;
    this.#shown = shown && process.stderr.isTTY === true;
  }

  step(): void {
    this.#done++;
    const now = performance.now();
    if (!this.#shown || now - this.#startedAt < AFTER_MS || now - this.#drawnAt < EVERY_MS) return;
    this.#drawnAt = now;
    const filled = Math.round((this.#done / this.#total) * WIDTH);
    process.stderr.write(`\r[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${this.#done} of ${this.#total}`);
  }

  end(): void {
    if (this.#drawnAt > 0) process.stderr.write('\r\u001b[K');
  }
}
