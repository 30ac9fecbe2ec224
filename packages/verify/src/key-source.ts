import type { KeyRefusalCode, KeyUnavailableCode } from './errors.js';

/** A public key, ready to verify with. Made by `importDkimKey` or `importJwkKey`; its material is opaque. */
export interface VerificationKey {
  /** The key's own type. It alone decides the algorithm; the request has no say. */
  readonly type: 'rsa' | 'ed25519';
  /** Size in bits: of the modulus for RSA (1024 to 8192), 256 for Ed25519. */
  readonly bits: number;
  /** RFC 7638 SHA-256 thumbprint, base64url: the name of the key in reports. */
  readonly thumbprint: string;
  /** What `signature-algorithm.ts` verifies with. */
  readonly material: unknown;
}

/** The name has at least one usable key. */
export interface KeysFound {
  readonly outcome: 'found';
  /** One or more keys, at most 4; a signature holds when any of them verifies it. */
  readonly keys: readonly VerificationKey[];
  /** False when this answer was fetched for the very call that asked (or one that waited for the same look-up). */
  readonly cached: boolean;
  /** True when the answer is older than its time to live, and is used because no newer one can be had. */
  readonly stale: boolean;
}

/** It is certain that the name has no usable key: the call is refused. */
export interface KeysRefused {
  readonly outcome: 'refused';
  readonly code: KeyRefusalCode;
  /** For the log and for reports, never for the caller. */
  readonly detail: string;
}

/** It is not known whether the name has a key: the sender should try again later. */
export interface KeysUnavailable {
  readonly outcome: 'unavailable';
  readonly code: KeyUnavailableCode;
  readonly detail: string;
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;
}

/** What a look-up of a key came to. */
export type KeyLookup = KeysFound | KeysRefused | KeysUnavailable;

/**
 * Where public keys come from. Both methods answer at once when they need not wait: with a cached key the whole
 * head of a call is verified without a promise. They never throw or reject for anything that a name or the network
 * does.
 */
export interface KeySource {
  /**
   * Finds the keys of a name.
   *
   * @param keyId - a strict host name, lower-case, without a trailing dot.
   */
  find(keyId: string): KeyLookup | Promise<KeyLookup>;
  /**
   * Asks again, because a signature failed under keys that were found in a cache: the key may have been rotated
   * under the same name. Sources whose keys cannot change leave it out.
   *
   * @param failed - what `find` gave.
   */
  refresh?(keyId: string, failed: KeysFound): KeyLookup | Promise<KeyLookup>;
  /** Drops caches, and ends what is under way. */
  close?(): void;
}
