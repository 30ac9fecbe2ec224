/** The right to handle one call, held until it is either done or given back. Exactly one of the two is called, once. */
export interface ReplayClaim {
  readonly state: 'claimed';
  /** The call was handled: from now on it is a repeat. */
  confirm(): void | Promise<void>;
  /** The call was not handled: an honest retry may be. */
  release(): void | Promise<void>;
}

/** What a replay memory says of a call. */
export type ReplayAnswer =
  | ReplayClaim
  /** It was handled before. */
  | { readonly state: 'repeat' }
  /** It is being handled right now; ask again once `settled` resolves. It never rejects. */
  | { readonly state: 'pending'; readonly settled: Promise<void> }
  /** It is older than what the memory still holds. */
  | { readonly state: 'forgotten' };

/** Remembers which calls were handled. In memory here; an inbox on disk is another one. */
export interface ReplayMemory {
  /**
   * One atomic step: asks, and claims if the call is new.
   *
   * @param key - the first 16 bytes of the verified signature.
   * @param date - the instant in the call's Date header, in milliseconds since 1970.
   */
  claim(key: Uint8Array, date: number): ReplayAnswer | Promise<ReplayAnswer>;
  /** Gives up what it holds open. */
  close?(): void | Promise<void>;
}
