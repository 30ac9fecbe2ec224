import { type RejectionKind, rejections } from '#rejections';

export { type RejectionKind, rejections };

/** The stable code of a refusal. */
export type RejectionCode = keyof typeof rejections;

/** A definite answer that there is no usable key. */
export type KeyRefusalCode = 'ERR_KEY_NOT_FOUND' | 'ERR_KEY_REVOKED' | 'ERR_KEY_UNUSABLE';

/** No answer about the key could be had. */
export type KeyUnavailableCode = 'ERR_KEY_LOOKUP_FAILED' | 'ERR_KEY_LOOKUP_LIMITED' | 'ERR_KEY_REFRESH_BARRED';

/** What was seen and what was expected, by name: texts and numbers, never a body, a key or a signature. */
export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The call was refused by one of the checks. */
export class WebhookRejectedError extends Error {
  override readonly name = 'WebhookRejectedError';
  /** Which refusal it is. Stable; the message is not. */
  readonly code: RejectionCode;
  /** The id of the check that refused, for instance `digest-match`. */
  readonly check: string;
  /** The HTTP status that fits. 503 and 500 mean: the sender should try again. */
  readonly status: RejectionKind['status'];
  /** For 503: after how many seconds to try again. */
  readonly retryAfterSeconds: number | undefined;
  /** What came and what was expected. For logs and tools, never for the caller. */
  readonly evidence: Evidence;

  constructor(
    code: RejectionCode,
    check: string,
    evidence: Evidence = {},
    options: { readonly retryAfterSeconds?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(rejections[code].meaning, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.check = check;
    this.status = rejections[code].status;
    this.retryAfterSeconds = this.status === 503 ? (options.retryAfterSeconds ?? 5) : undefined;
    this.evidence = evidence;
  }
}
