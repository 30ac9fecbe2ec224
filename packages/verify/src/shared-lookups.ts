import type { KeyLookup, KeysUnavailable } from './key-source.js';
import { lasts } from './lasts.js';

/** Calls that wait for an answer at one time, of all names; beyond, a few of each name still may. */
const MAX_CALLS_WAITING = 1024;
const FEW_CALLS = 16;

const cutOff: KeysUnavailable = {
  outcome: 'unavailable',
  code: 'ERR_KEY_LOOKUP_FAILED',
  detail: 'the look-up was cut off',
  retryAfterSeconds: 5,
};

/** A name that is being asked about, and how many calls wait for the answer. */
export interface Underway {
  readonly answer: Promise<KeyLookup>;
  readonly since: number;
  calls: number;
}

/** The look-ups that are under way, a name each, shared by all calls that want the same name; so many calls and no more. */
export class SharedLookups {
  readonly #underway = new Map<string, Underway>();
  readonly #clock: () => number;
  readonly #overdueMs: number;
  #callsWaiting = 0;

  /** @param overdueMs - an answer that is not there by then will not come. */
  constructor(clock: () => number, overdueMs: number) {
    this.#clock = clock;
    this.#overdueMs = overdueMs;
  }

  /** True when a call that can do without an answer should not wait for one. */
  get isCrowded(): boolean {
    if (this.#callsWaiting >= MAX_CALLS_WAITING) this.#endOverdue();
    return this.#callsWaiting >= MAX_CALLS_WAITING;
  }

  /**
   * What is being asked about a name. Some runtimes end what a request has begun together with that request; an answer
   * that is long overdue will not come, and must not be waited for.
   */
  of(keyId: string): Underway | undefined {
    const underway = this.#underway.get(keyId);
    if (underway === undefined) return undefined;
    if (lasts(underway.since, this.#overdueMs, this.#clock())) return underway;
    this.#end(keyId, underway);
    return undefined;
  }

  /** Lets one more call wait for an answer, until that is overdue; undefined when too many do. */
  wait(underway: Underway): Promise<KeyLookup> | undefined {
    if (this.isCrowded && underway.calls >= FEW_CALLS) return undefined;
    underway.calls++;
    this.#callsWaiting++;
    const leftMs = underway.since + this.#overdueMs - this.#clock();
    return new Promise((resolve) => {
      // A timer of its own: of what the other call has begun nothing need go on.
      const timer = setTimeout(() => resolve(cutOff), leftMs);
      void underway.answer.then((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /** Shares an answer that is on its way, and never rejects, until it is there. The caller is the first who waits. */
  share(keyId: string, answer: Promise<KeyLookup>): Promise<KeyLookup> {
    this.#endOverdue();
    const shared = answer.finally(() => this.#end(keyId, underway));
    const underway: Underway = { answer: shared, calls: 1, since: this.#clock() };
    this.#callsWaiting++;
    this.#underway.set(keyId, underway);
    return shared;
  }

  /** Names that nobody asks about again would be kept, and their calls counted, for good. The oldest stand first. */
  #endOverdue(): void {
    for (const keyId of this.#underway.keys()) if (this.of(keyId) !== undefined) return;
  }

  #end(keyId: string, underway: Underway): void {
    if (this.#underway.get(keyId) !== underway) return;
    this.#underway.delete(keyId);
    this.#callsWaiting -= underway.calls;
  }
}
