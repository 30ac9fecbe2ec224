import type { AcceptSettings } from './accept-options.js';
import { apart } from './apart.js';
import { InboxError } from './errors.js';
import { Gather } from './gather.js';
import type { InboxStore, NewCall } from './store.js';

const MAX_GATHERED = 256;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const COUNT_MS = 500;

/** Lets calls into a store: many in one commit, none twice, no more than may wait, each in its time. */
export class Admission {
  readonly #store: InboxStore<unknown>;
  readonly #settings: AcceptSettings;
  readonly #gather: Gather<NewCall, boolean | Error>;
  #bytes = 0;
  #pending = 0;
  #waiting = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #idle: (() => void)[] = [];

  constructor(store: InboxStore<never> | InboxStore<unknown>, settings: AcceptSettings) {
    this.#store = store as InboxStore<unknown>;
    this.#settings = settings;
    this.#gather = new Gather((calls) => this.#keep(calls), MAX_GATHERED);
  }

  /** Resolves once the call is safe: true when it is new. @throws InboxError, as a rejection. */
  async add(call: NewCall): Promise<boolean> {
    const size = call.body.length + 2048;
    if (this.#bytes + size > MAX_WAITING_BYTES) throw new InboxError('ERR_INBOX_BUSY');
    this.#bytes += size;
    this.#pending++;
    // Late or not, its bytes are held until the store has spoken.
    const kept = this.#gather.add(call).finally(() => {
      this.#bytes -= size;
      if (--this.#pending === 0) for (const resolve of this.#idle.splice(0)) resolve();
    });
    const isNew = await inTime(kept, this.#settings.acceptTimeoutMs);
    if (isNew instanceof Error) throw isNew;
    return isNew;
  }

  /** Resolves when no call is on its way into the store. */
  async idle(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #keep(calls: readonly NewCall[]): Promise<readonly (boolean | Error)[]> {
    await this.#checkRoom();
    const seen = new Set<string>();
    const fresh = calls.map((call) => {
      const keys = [`r${Buffer.from(call.replayKey).toString('latin1')}`];
      if (call.eventKeyUntil !== null) keys.push(`e${call.eventKey}`);
      const isFresh = !keys.some((key) => seen.has(key));
      for (const key of keys) seen.add(key);
      return isFresh;
    });
    const distinct = calls.filter((_, i) => fresh[i]);
    const stored = await apart(distinct, (some) => this.#store.accept(some));
    const repeats = calls.length - stored.length;
    // Only a count: the calls themselves are safe.
    if (repeats > 0) await this.#store.countRepeats(repeats).catch(() => {});
    this.#waiting += stored.filter((one) => one === true).length;
    let next = 0;
    return fresh.map((isFresh) => isFresh && (stored[next++] ?? false));
  }

  async #checkRoom(): Promise<void> {
    const { maxWaiting } = this.#settings;
    if (maxWaiting === Number.POSITIVE_INFINITY) return;
    const now = performance.now();
    if (now - this.#countedAt > COUNT_MS) {
      this.#waiting = await this.#store.countWaiting(maxWaiting);
      this.#countedAt = now;
    }
    if (this.#waiting >= maxWaiting) throw new InboxError('ERR_INBOX_FULL', { detail: `${maxWaiting} events wait` });
  }
}

function inTime<T>(promise: Promise<T>, waitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new InboxError('ERR_INBOX_SLOW')), waitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
