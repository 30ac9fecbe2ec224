/** What a process keeps of verified calls at one time, at the most. */
export interface AdmissionLimits {
  /** Bytes of bodies, of all calls together. */
  readonly maxBufferedBytes: number;
  /** Calls that are read or handled, with those whose handler runs on after its time. */
  readonly maxConcurrentCalls: number;
}

/** The room that one call takes, until it leaves. */
export interface Place {
  /** The body turned out to have so many bytes. */
  resize(bytes: number): void;
  /** Gives the room back. From the second time on it does nothing. */
  leave(): void;
}

/** A call waits so long for room. A burst passes within it; longer, and the sender had better come again. */
const WAIT_MS = 2000;
const MAX_WAITING = 256;

interface Waiting {
  readonly bytes: number;
  readonly settle: (place: Place | undefined) => void;
}

/**
 * Lets so many verified calls in, with so many bytes of body in all, so that a burst of genuine calls, or handlers that
 * never end, cannot take all memory. Beyond that calls wait a short while, first come first served, then are sent away.
 * Forgeries never come here.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #waiting = new Set<Waiting>();
  #bytes = 0;
  #calls = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Bytes that are set aside or kept now. */
  get bufferedBytes(): number {
    return this.#bytes;
  }

  /** @returns a place; or, when there is no room, a promise of one, which gives undefined when none becomes free in time. */
  enter(bytes: number): Place | Promise<Place | undefined> {
    if (this.#waiting.size === 0 && this.#fits(bytes)) return this.#take(bytes);
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (place: Place | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(one);
        resolve(place);
      };
      const one: Waiting = { bytes, settle };
      const timer = setTimeout(() => {
        settle(undefined);
        // One that asked for more than there was stood in the way of those behind it.
        this.#wake();
      }, WAIT_MS);
      this.#waiting.add(one);
    });
  }

  #fits(bytes: number): boolean {
    return this.#calls < this.#limits.maxConcurrentCalls && this.#bytes + bytes <= this.#limits.maxBufferedBytes;
  }

  #take(bytes: number): Place {
    this.#bytes += bytes;
    this.#calls++;
    return new OnePlace(bytes, this);
  }

  /** @internal A place takes so many bytes more, or fewer. */
  change(bytes: number): void {
    this.#bytes += bytes;
    this.#wake();
  }

  /** @internal A call leaves, with the bytes that it held. */
  leave(bytes: number): void {
    this.#calls--;
    this.change(-bytes);
  }

  #wake(): void {
    for (const one of this.#waiting) {
      if (!this.#fits(one.bytes)) return;
      one.settle(this.#take(one.bytes));
    }
  }
}

/** A place for one call; a class, since every call takes one. */
class OnePlace implements Place {
  readonly #admission: Admission;
  #held: number;
  #open = true;

  constructor(bytes: number, admission: Admission) {
    this.#held = bytes;
    this.#admission = admission;
  }

  resize(actual: number): void {
    if (!this.#open || actual === this.#held) return;
    const more = actual - this.#held;
    this.#held = actual;
    this.#admission.change(more);
  }

  leave(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#admission.leave(this.#held);
  }
}
