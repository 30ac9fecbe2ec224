/** What a receiver has seen since it was made. */
export interface ReceiverStats {
  /** Calls that reached the pipeline. */
  readonly received: number;
  /** Calls answered 200 for the first time. */
  readonly accepted: number;
  /** Repeats of handled calls, answered 200. */
  readonly duplicates: number;
  /** Refused calls by code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Genuine calls that had no handler, by kind; answered 200. */
  readonly unhandled: Readonly<Record<string, number>>;
  /** Handlers that failed or ran over their time. */
  readonly handlerErrors: number;
  /** Calls in the pipeline now, and handlers still running after their call was answered. */
  readonly inFlight: number;
  /** Bytes of bodies that are kept, or set aside for bodies on their way. */
  readonly bufferedBytes: number;
}

/** Counts. Codes and kinds are closed sets, so the records stay small. */
export class Counters {
  received = 0;
  accepted = 0;
  duplicates = 0;
  handlerErrors = 0;
  inFlight = 0;
  readonly rejected = new Map<string, number>();
  readonly unhandled = new Map<string, number>();

  /** Adds one, and tells whether it is the first. */
  static add(counts: Map<string, number>, name: string): boolean {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before === 0;
  }

  snapshot(bufferedBytes: number): ReceiverStats {
    const { received, accepted, duplicates, handlerErrors, inFlight } = this;
    return {
      received,
      accepted,
      duplicates,
      rejected: Object.fromEntries(this.rejected),
      unhandled: Object.fromEntries(this.unhandled),
      handlerErrors,
      inFlight,
      bufferedBytes,
    };
  }
}
