import { WebhookRejectedError } from '@smtpeter-webhooks/verify';
import { type RefusalKind, refusals } from '#refusal-kinds';

export { type RefusalKind, refusals };

/** The stable code of a refusal of the receiver's own. */
export type RefusalCode = keyof typeof refusals;

/** The call was refused by the receiver, for a reason besides verification. */
export class CallRefusedError extends Error {
  override readonly name = 'CallRefusedError';
  readonly code: RefusalCode;
  readonly status: RefusalKind['status'];
  /** For 503: after how many seconds to try again. */
  readonly retryAfterSeconds: number | undefined;
  readonly evidence: Readonly<Record<string, string | number>>;

  constructor(
    code: RefusalCode,
    evidence: Readonly<Record<string, string | number>> = {},
    options: { readonly retryAfterSeconds?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(refusals[code].meaning, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = refusals[code].status;
    this.retryAfterSeconds = this.status === 503 ? (options.retryAfterSeconds ?? 5) : undefined;
    this.evidence = evidence;
  }
}

/** Whatever was thrown, as a refusal: what is none is our own mistake. */
export function toRefusal(error: unknown): WebhookRejectedError | CallRefusedError {
  if (error instanceof WebhookRejectedError || error instanceof CallRefusedError) return error;
  return new CallRefusedError('ERR_INTERNAL', {}, { cause: error });
}
