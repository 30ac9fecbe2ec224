/** What could not be read as it should be. The event is there all the same, and `raw` has what came. */
export interface Problem {
  readonly code: ProblemCode;
  /** The vendor's name of the field, or '' for the body as a whole. */
  readonly field: string;
}

export type ProblemCode =
  /** The bytes are not UTF-8; they were read as Latin-1. */
  | 'not-utf8'
  /** A JSON object had a key twice; the last one counts. */
  | 'duplicate-key'
  /** Not a number of seconds since 1970, or `YYYY-MM-DD HH:MM:SS`. */
  | 'bad-time'
  /** Not an IP address. */
  | 'bad-ip'
  /** Not a whole number. */
  | 'bad-number'
  /** Not an enhanced status code of RFC 3463. */
  | 'bad-status'
  /** Of another shape than documented: a list where a text was expected, say. */
  | 'bad-shape';

/** Why a body is no event of a known kind. */
export interface UnknownReason {
  readonly code: UnknownCode;
  /** For people. */
  readonly text: string;
}

export type UnknownCode =
  | 'unknown-type'
  | 'unsupported-content-type'
  | 'empty-body'
  | 'invalid-json'
  | 'not-an-object'
  | 'too-deep'
  | 'too-many-fields'
  | 'field-name-too-long';

/** A body could not be decoded. It never leaves the package: it becomes an `unknown` event. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: UnknownCode;
  constructor(code: UnknownCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** How deep values may be nested. */
export const MAX_DEPTH = 64;
/** How many fields, at all levels together. */
export const MAX_FIELDS = 20_000;
/** How many characters a field's name may have, brackets included. */
export const MAX_NAME = 2048;
