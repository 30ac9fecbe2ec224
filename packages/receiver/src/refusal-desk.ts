import type { Endpoint, WebhookRejectedError } from '@smtpeter-webhooks/verify';
import { proxyHint } from '#proxy-hint';
import type { Complain } from './complaints.js';
import { before } from './deadline.js';
import type { IncomingCall } from './incoming-call.js';
import type { Logger } from './log.js';
import type { LogSampler } from './log-sampler.js';
import { isPromiseLike } from './promise-like.js';
import type { CallRefusedError } from './refusals.js';
import { type Rejection, rejectionOf } from './rejection.js';
import { rejectionLine } from './rejection-line.js';

/** Tells the operator of refused calls, and finds the status to answer. */
export interface RefusalDesk {
  /** Gives a promise only where the user's hook does. Never throws, never rejects. */
  refuse(
    error: WebhookRejectedError | CallRefusedError,
    call: Pick<IncomingCall, 'head' | 'remoteAddress'>,
    receivedAt: Date,
  ): number | Promise<number>;
}

/** The hook may take so long. */
const HOOK_MS = 1000;

/** Where refusals end: a sampled log line each, and the user's hook, which may choose the status. */
export function createRefusalDesk(
  settings: {
    readonly endpoints: readonly Endpoint[];
    readonly log: Logger;
    readonly onRejected: ((rejection: Rejection) => unknown) | undefined;
  },
  sampler: LogSampler,
  complain: Complain,
): RefusalDesk {
  const { endpoints, log, onRejected } = settings;

  /** What the hook says, if it says it in time; else the status of the table. */
  function askHook(hook: NonNullable<typeof onRejected>, rejection: Rejection): number | Promise<number> {
    const failed = (error: unknown) => complain('onRejected failed', error);
    const chosen = (said: unknown) => statusFrom(said, rejection);
    try {
      const said = hook(rejection);
      return isPromiseLike(said) ? before(Promise.resolve(said), HOOK_MS).catch(failed).then(chosen) : chosen(said);
    } catch (error) {
      failed(error);
      return rejection.status;
    }
  }

  function statusFrom(said: unknown, rejection: Rejection): number {
    return typeof said === 'number' && Number.isInteger(said) && said >= 400 && said <= 599 ? said : rejection.status;
  }

  return {
    refuse(error, call, receivedAt) {
      const leftOut = sampler.admit(error.code);
      // Of most calls in a flood nobody is told: then there is nothing to describe.
      const told = leftOut !== undefined || onRejected !== undefined;
      const rejection = told
        ? rejectionOf(error, call, receivedAt, proxyHint(error.code, call.head, endpoints))
        : undefined;
      if (rejection !== undefined && leftOut !== undefined)
        log[error.status === 500 ? 'error' : 'warn'](rejectionLine(rejection, leftOut));
      if (error.code === 'ERR_INTERNAL') complain('the cause', error.cause);
      return rejection === undefined || onRejected === undefined ? error.status : askHook(onRejected, rejection);
    },
  };
}
