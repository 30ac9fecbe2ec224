import { type Evidence, type RejectionCode, rejections, type WebhookRejectedError } from '@smtpeter-webhooks/verify';
import type { IncomingCall } from './incoming-call.js';
import { type CallRefusedError, type RefusalCode, refusals } from './refusals.js';

/** A call that was refused, with all that is known: for hooks, logs and tools, never for the caller. */
export interface Rejection {
  readonly code: RejectionCode | RefusalCode;
  readonly status: number;
  /** One sentence for people. */
  readonly reason: string;
  /** What the operator can do. */
  readonly remedy: string;
  /** Set when it looks as if a proxy in front of this server were the cause. */
  readonly hint?: string;
  /** The check that failed, for instance `digest-match`. */
  readonly check?: string;
  /** What came and what was expected. Texts are as they were received: clean them before you print them. */
  readonly evidence: Evidence;
  readonly receivedAt: Date;
  readonly method: string;
  readonly target: string;
  readonly remoteAddress?: string;
}

/** Both tables in one, made once: a flood asks for it with every call. */
const kinds = { ...rejections, ...refusals };

/** Describes a refusal. */
export function rejectionOf(
  error: WebhookRejectedError | CallRefusedError,
  call: Pick<IncomingCall, 'head' | 'remoteAddress'>,
  receivedAt: Date,
  hint?: string,
): Rejection {
  const { meaning, remedy } = kinds[error.code];
  return {
    code: error.code,
    status: error.status,
    reason: meaning,
    remedy,
    ...(hint !== undefined && { hint }),
    ...('check' in error && { check: error.check }),
    evidence: error.evidence,
    receivedAt,
    method: call.head.method,
    target: call.head.target,
    ...(call.remoteAddress !== undefined && { remoteAddress: call.remoteAddress }),
  };
}
