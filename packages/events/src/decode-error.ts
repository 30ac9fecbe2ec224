/** Why a body is no event of a known kind. */
export interface UnknownReason {
  readonly code: UnknownCode;
  /** For people. */
  readonly text: string;
}

/** Why an event is `unknown`, for programs. */
export type UnknownCode = 'unknown-type' | DecodeErrorCode;

/** Why a body cannot be read. */
export type DecodeErrorCode =
  | 'unsupported-content-type'
  | 'empty-body'
  | 'too-large'
  | 'invalid-json'
  | 'not-an-object'
  | 'too-deep'
  | 'too-many-fields'
  | 'field-name-too-long';

/** A body could not be decoded. Of an event it makes an `unknown` one, with this as its reason. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: DecodeErrorCode;
  constructor(code: DecodeErrorCode, message: string) {
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
/** How many bytes are decoded at all; a JavaScript string cannot hold much more. */
export const MAX_BYTES = 256 * 1024 * 1024;
