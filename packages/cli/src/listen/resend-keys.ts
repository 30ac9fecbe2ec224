import { emitKeypressEvents } from 'node:readline';
import { safeText } from '../terminal-text.js';

/** A call that can be sent again. */
export interface Resendable {
  readonly label: string;
  /** Sends it, and says how it went. */
  resend(): Promise<string>;
}

const REMEMBERED = 50;

/** On a terminal: arrows select one of the last calls, `r` sends it again, `q` ends. */
export class ResendKeys {
  readonly #calls: Resendable[] = [];
  readonly #say: (text: string) => void;
  #selected = -1;
  #followsNewest = true;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  add(call: Resendable): void {
    this.#calls.push(call);
    if (this.#calls.length > REMEMBERED) {
      this.#calls.shift();
      this.#selected = Math.max(0, this.#selected - 1);
    }
    if (this.#followsNewest) this.#selected = this.#calls.length - 1;
  }

  /** Takes over the keyboard. `stop` is called for `q` and Ctrl-C, which the terminal no longer turns into a signal. */
  listen(input: NodeJS.ReadStream, stop: () => void): void {
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', (_, key: { name?: string; ctrl?: boolean }) => {
      if (key.name === 'q' || (key.ctrl === true && (key.name === 'c' || key.name === 'd'))) stop();
      else if (key.name === 'up') this.#select(-1);
      else if (key.name === 'down') this.#select(1);
      else if (key.name === 'r') void this.#resend();
    });
    process.once('exit', () => input.setRawMode(false));
    this.#say('keys: r sends the selected call again, up and down select, q ends');
  }

  #select(step: number): void {
    if (this.#calls.length === 0) return;
    this.#selected = Math.min(this.#calls.length - 1, Math.max(0, this.#selected + step));
    this.#followsNewest = this.#selected === this.#calls.length - 1;
    this.#say(`selected: ${safeText(this.#calls[this.#selected]?.label ?? '')}`);
  }

  async #resend(): Promise<void> {
    const call = this.#calls[this.#selected];
    if (call === undefined) return this.#say('there is no call yet');
    this.#say(`again: ${safeText(call.label)} -> ${await call.resend().catch((error) => safeText(String(error)))}`);
  }
}
