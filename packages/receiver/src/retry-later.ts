/**
 * A handler throws it to say: not now, send it again. The answer is 503 with Retry-After, in place of the 500 of any
 * other error. For instance while the database is away.
 */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  /** Seconds for the Retry-After header, default 30, at least 1. */
  readonly afterSeconds: number;

  constructor(
    message = 'Try again later.',
    options: { readonly afterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { afterSeconds = 30 } = options;
    this.afterSeconds = Number.isFinite(afterSeconds) && afterSeconds >= 1 ? Math.ceil(afterSeconds) : 1;
  }
}
