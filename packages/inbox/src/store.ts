/** `waiting`: to be handled. `running`: a worker has it. `handled`: done. `dead`: parked after too many attempts, or by hand. */
export type EventState = 'waiting' | 'running' | 'handled' | 'dead';

/** A call to be kept. */
export interface NewCall {
  readonly body: Uint8Array;
  readonly contentType: string | null;
  readonly contentTypeSigned: boolean;
  /** Name, value, name, value, as they came. */
  readonly headers: readonly string[];
  readonly identity: string;
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** 64 hexadecimal digits. */
  readonly eventKey: string;
  /** Until when another call with this event key is a repeat, in milliseconds since 1970; null: never. */
  readonly eventKeyUntil: number | null;
  readonly replayKey: Uint8Array;
  /** Until when another call with this replay key is a repeat. */
  readonly replayUntil: number;
  readonly kind: string;
  readonly recipient: string | null;
  /** Events of one key are handled one after the other; null: whenever. */
  readonly orderKey: string | null;
}

/** An event that a worker has, until its lease ends. */
export interface ClaimedEvent extends Omit<NewCall, 'eventKeyUntil' | 'replayKey' | 'replayUntil' | 'recipient'> {
  /** Grows in order of arrival. */
  readonly id: number;
  /** Proof that it is this worker's. */
  readonly lease: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** What went wrong in an attempt. */
export interface AttemptError {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly attempt: number;
  readonly message: string;
}

/** An event as it lies in the store. */
export interface StoredEvent extends Omit<ClaimedEvent, 'lease' | 'attempt'> {
  readonly state: EventState;
  readonly recipient: string | null;
  readonly attempts: number;
  /** When it may be handled next. */
  readonly dueAt: number;
  /** When it was handled or parked; null before. */
  readonly settledAt: number | null;
  /** The last ten. */
  readonly errors: readonly AttemptError[];
}

/** How an attempt ended. */
export type Outcome = { readonly id: number; readonly lease: string } & (
  | { readonly to: 'handled' }
  /** Try again after so many milliseconds. Without an error it was not tried, and is not counted. */
  | { readonly to: 'waiting'; readonly afterMs: number; readonly error?: string }
  | { readonly to: 'dead'; readonly error: string }
);

/** Which events. All that is given must hold. */
export interface EventFilter {
  readonly ids?: readonly number[];
  readonly states?: readonly EventState[];
  readonly kind?: string;
  readonly recipient?: string;
  /** Received before, in milliseconds since 1970. */
  readonly receivedBefore?: number;
  /** A part of the text of its last error. */
  readonly error?: string;
}

/** A page of a walk through the store, in order of ids. */
export interface Page {
  /** Only ids above this one. */
  readonly after: number;
  /** At most so many. */
  readonly limit: number;
}

/** What a walk changed: how many on this page, and where to go on; `next` is null at the end. */
export interface PageChange {
  readonly changed: number;
  readonly next: number | null;
}

/** What is in the store, and has been. */
export interface StoreStats {
  /** Events that were ever kept. */
  readonly accepted: number;
  readonly waiting: number;
  readonly running: number;
  /** Events that were ever handled, pruned ones too. */
  readonly handled: number;
  readonly dead: number;
  /** Calls that came again, and were answered 200. */
  readonly duplicates: number;
  /** When the oldest waiting event was received, in milliseconds since 1970; null when none waits. */
  readonly oldestWaiting: number | null;
}

/** A handler's transaction with the store. */
export interface StoreTransaction<Tx> {
  readonly tx: Tx;
  /** False while the handler has done nothing in it: then it need not be committed, and its event is settled like others. */
  readonly isUsed: boolean;
  /** Commits what the handler did and marks the event as handled, both or none. False when the lease was lost: none. */
  commit(): Promise<boolean>;
  /** Undoes what the handler did. Never rejects. */
  rollback(): Promise<void>;
}

/** A claim ends with the event whose body reaches so many bytes, together with those before it: a worker holds them in memory. */
export const MAX_CLAIMED_BYTES = 16 * 1024 * 1024;

/** What a claim asks for. */
export interface ClaimRequest {
  /** Who takes them; see `ownerName`. */
  readonly owner: string;
  readonly limit: number;
  readonly leaseMs: number;
  /** Kinds of which there are enough already. */
  readonly exceptKinds: readonly string[];
}

/**
 * What an inbox needs of a database. Every method rejects with an `InboxError` when it cannot do its work, and has then
 * changed nothing. A store of your own is proved by `@smtpeter-webhooks/inbox/conformance`.
 */
export interface InboxStore<Tx = undefined> {
  /** Keeps calls durably, all or none. No two of them have the same event key or replay key. Gives, for each, whether it was new. */
  accept(calls: readonly NewCall[]): Promise<readonly boolean[]>;
  /** Counts repeats that were recognised before they came here. */
  countRepeats(count: number): Promise<void>;
  /** How many events wait, counting no further than `limit`. */
  countWaiting(limit: number): Promise<number>;
  /**
   * Takes events that are due, oldest first, and of each order key only the first, if no other of that key is running.
   * `more`: there may be others at once.
   */
  claim(request: ClaimRequest): Promise<{ readonly events: readonly ClaimedEvent[]; readonly more: boolean }>;
  /** Prolongs leases. Gives the ids that are lost. */
  renew(
    leases: readonly { readonly id: number; readonly lease: string }[],
    leaseMs: number,
  ): Promise<readonly number[]>;
  /** Writes down how attempts ended. Gives, for each, false when its lease was lost: then nothing changed. */
  settle(outcomes: readonly Outcome[]): Promise<readonly boolean[]>;
  /** Takes back events whose lease is over, and those of the owners named; parks those with `maxAttempts` or more. Gives how many. */
  expire(request: { readonly owners: readonly string[]; readonly maxAttempts: number }): Promise<number>;
  /** Those who have events now. */
  owners(): Promise<readonly string[]>;
  /** A transaction for an event's handler; undefined where there is none. */
  begin(event: ClaimedEvent): StoreTransaction<Tx> | undefined;
  /** Forgets keys that are over, and events handled before the time given, some at a time. True when there may be more. */
  sweep(handledBefore: number): Promise<boolean>;
  /** What is in the store now, and has been. */
  stats(): Promise<StoreStats>;
  /** The events of a page, in order of ids. */
  list(filter: EventFilter, page: Page): Promise<readonly StoredEvent[]>;
  /** Lets events be handled now: dead and waiting ones, and handled ones when the filter names that state. */
  retry(filter: EventFilter, page: Page): Promise<PageChange>;
  /** Parks waiting events as dead. */
  park(filter: EventFilter, page: Page): Promise<PageChange>;
  /** Deletes events, but for running ones. */
  prune(filter: EventFilter, page: Page): Promise<PageChange>;
  /**
   * Overwrites what deleted events leave behind in the engine's files, as far as it can. True when nothing of them is left
   * in these files; false when somebody else still reads there: try again. A store that cannot do it has no such method.
   */
  wipe?(): Promise<boolean>;
  /** Takes in events of another store, in their order; those that are here already are left out. Running ones wait. Gives how many are new. */
  import(events: readonly StoredEvent[]): Promise<number>;
  /** Calls back when events may have come to wait. Gives the way to stop it. */
  listen(tell: () => void): () => void;
  /** Ends connections and files. What is kept stays. */
  close(): Promise<void>;
}
