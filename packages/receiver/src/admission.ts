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
    let held = bytes;
    let open = true;
    this.#bytes += held;
    this.#calls++;
    return {
      resize: (actual) => {
        if (!open) return;
        this.#bytes += actual - held;
        held = actual;
        this.#wake();
      },
      leave: () => {
        if (!open) return;
        open = false;
        this.#bytes -= held;
        this.#calls--;
        this.#wake();
      },
    };
  }

  #wake(): void {
    for (const one of this.#waiting) {
      if (!this.#fits(one.bytes)) return;
      one.settle(this.#take(one.bytes));
    }
  }
}
