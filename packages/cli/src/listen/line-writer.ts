import type { Writable } from 'node:stream';

/** Writes lines, and knows when they are really out. */
export class LineWriter {
  readonly #stream: Writable;
  readonly #onGone: (error: Error) => void;

  /** @param onGone - told once when nobody takes the output any more. */
  constructor(stream: Writable, onGone: (error: Error) => void) {
    this.#stream = stream;
    this.#onGone = onGone;
  }

  /** Resolves once the system has taken the line. @throws the stream's error, as a rejection. */
  write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(`${line}\n`, (error) => {
        if (error === undefined || error === null) return resolve();
        this.#onGone(error);
        reject(error);
      });
    });
  }

  /** For lines that no answer waits for. */
  tell(line: string): void {
    this.write(line).catch(() => {});
  }
}
