import type { Explanation } from './explain.js';
import type { KeySource } from './key-source.js';
import type { PublicJwkSet } from './pinned-keys.js';
import type { ReplayAnswer, ReplayMemory } from './replay.js';
import type { RequestHead, SignedRequest } from './signed-request.js';

/** One address that the vendor calls: whose calls, and where. */
export interface Endpoint {
  /** Your X-Copernica-ID: `environment-1234` (SMTPeter) or `account-1234` (Marketing Suite). */
  readonly id: string;
  /** The callback URL, exactly as typed into the dashboard. Its scheme, host and path are checked against each call. */
  readonly url: string;
}

/** How old, and how far in the future, a call's Date may be: seconds in both directions, or one figure for each. */
export type Tolerance = number | { readonly past: number; readonly future: number };

/** What a verifier is given. */
export interface VerifierOptions {
  /** One or more. A genuine call for one endpoint's `id` is refused at another's `url`. */
  readonly endpoints: readonly Endpoint[];
  /** Default 300. Above 0; `Infinity` is for tools that look at old calls, `0` is refused as a likely mistake. */
  readonly toleranceSeconds?: Tolerance;
  /**
   * Which URL the signing string is built from. `received` (the default): the Host header and target that came.
   * `configured`: host and path of the endpoint's `url` with the query that came, for servers behind a proxy that
   * rewrites Host or path.
   */
  readonly signedUrl?: 'received' | 'configured';
  /** Where keys come from. Default: DNS. A JWK set is short for `pinnedKeys` of it. */
  readonly keys?: KeySource | PublicJwkSet;
  /** Default: a memory of this process. */
  readonly replay?: ReplayMemory;
  /** The present, in milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
  /** The zone that every keyId must be below. Default `copernica.com`; anything else is for tests only. */
  readonly keyZone?: string;
}

/** What the signature says of a call, and nothing that it does not cover. */
export interface VerifiedHead {
  /** Whose call it is, in one spelling: `environment-1234`, `account-1234`. */
  readonly identity: string;
  /** The endpoint that it is for, as configured. */
  readonly endpoint: Endpoint;
  readonly method: string;
  /** The URL that was signed: scheme of the endpoint, host and target of the signing string. */
  readonly url: string;
  /** The instant in the Date header, in milliseconds since 1970. */
  readonly date: number;
  /** The key's name in DNS: lower-case, no trailing dot. */
  readonly keyId: string;
  /** RFC 7638 thumbprint of the key that verified the signature. */
  readonly keyThumbprint: string;
  readonly algorithm: 'rsa-sha256' | 'ed25519';
  /** The first 16 bytes of the signature: the same for every copy of this call, and for no other call. */
  readonly replayKey: Uint8Array;
  /** The value of a header that the signature covers (any case); undefined for every other header. */
  header(name: string): string | undefined;
}

/** A verified head with the body that belongs to it. */
export interface VerifiedRequest extends VerifiedHead {
  /** The exact bytes that were signed. */
  readonly body: Uint8Array;
  /**
   * The event's key, 64 hexadecimal digits: SHA-256 over the identity, a line feed, and the SHA-256 of the body in
   * lower-case hexadecimal. The same event, signed and sent again, has the same key.
   */
  readonly eventKey: string;
}

/** For calls that are verified later than they came. */
export interface ReceivedOptions {
  /** When the call came in; default the present. */
  readonly receivedAt?: Date;
}

/** The checklist in its parts, for who reads the body only of calls that are genuine so far. Made by `createCallVerifier`. */
export interface CallVerifier {
  /**
   * Runs every check that needs no body: all of them, key and signature included, but the digest and the replay
   * claim. Answers at once while the key is cached.
   *
   * @throws WebhookRejectedError, thrown or as a rejection.
   */
  verifyHead(head: RequestHead): VerifiedHead | Promise<VerifiedHead>;
  /**
   * Checks the body against the digest that was signed.
   *
   * @throws WebhookRejectedError, thrown or as a rejection.
   */
  verifyBody(head: VerifiedHead, body: Uint8Array): VerifiedRequest | Promise<VerifiedRequest>;
  /**
   * Claims the call in the replay memory.
   *
   * @throws WebhookRejectedError with `ERR_REPLAY_HORIZON`.
   */
  claim(head: VerifiedHead): ReplayAnswer | Promise<ReplayAnswer>;
  /** True when the path of a request target is that of a configured URL. For doors that must choose their calls. */
  hasPath(target: string): boolean;
  /** Ends look-ups and timers. Rejects with what a source or memory of yours throws. */
  close(): Promise<void>;
}

/** Verifies calls. Made by `createVerifier`. */
export interface Verifier extends CallVerifier {
  /**
   * The whole checklist in one step, replay included: a call that was seen before is refused with `ERR_REPLAYED`.
   *
   * @param options.receivedAt - for a call that waited in a queue: when it came in, as your own server noted it. It
   *   stands for the clock. Repeats are then not looked for, since the queue itself may repeat: tell them by `eventKey`.
   * @throws WebhookRejectedError
   */
  verify(request: SignedRequest, options?: ReceivedOptions): Promise<VerifiedRequest>;
  /**
   * Runs the whole checklist, also after a failure, and reports on each check. Nothing is claimed in the replay memory.
   * Never rejects.
   */
  explain(request: SignedRequest, options?: ReceivedOptions): Promise<Explanation>;
}
