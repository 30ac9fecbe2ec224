/**
 * The part of a call that is there before its body: all that the signature covers.
 *
 * Everything is "as received": nothing decoded, folded, lower-cased or joined, because the signature was made
 * over these very characters.
 */
export interface RequestHead {
  /** The request method, for instance `POST`. */
  readonly method: string;
  /** The request target in origin form as it stood in the request line: `/path?query`. */
  readonly target: string;
  /**
   * The header lines in order, as alternating names and values (the shape of node:http's `rawHeaders`). A header
   * that came twice is there twice. Each character of a value stands for one octet (Latin-1).
   */
  readonly headers: readonly string[];
  /** True when the call came over TLS, as far as the server or a proxy that it trusts can tell. */
  readonly secure: boolean;
}

/** A whole call: its head, and the exact bytes of its body. */
export interface SignedRequest extends RequestHead {
  readonly body: Uint8Array;
}
