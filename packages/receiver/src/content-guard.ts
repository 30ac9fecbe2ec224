import { createContentVerifier, type VerifiedHead, WebhookRejectedError } from '@smtpeter-webhooks/verify';
import { warningText } from '#warning-texts';
import { type Answer, answerWith } from './answer.js';
import { type Complain, createComplain } from './complaints.js';
import type { IncomingCall } from './incoming-call.js';
import { headerOf } from './incoming-call.js';
import { readLogger } from './log.js';
import { LogSampler } from './log-sampler.js';
import { type ReceiverOptions, readEndpoints } from './options.js';
import { createRefusalDesk } from './refusal-desk.js';
import { CallRefusedError } from './refusals.js';
import { type WarningId, warningsFor } from './warnings.js';

/** The options of the guards for pages that the vendor fetches. */
export interface ContentOptions
  extends Pick<
    ReceiverOptions,
    'id' | 'url' | 'endpoints' | 'toleranceSeconds' | 'signedUrl' | 'keys' | 'clock' | 'keyZone' | 'log' | 'onRejected'
  > {
  /**
   * What becomes of everyone but the vendor. `refuse` (the default): 401. `pass`: the page is given to them too, and
   * `contentRequestOf` tells them apart. A request that cannot be verified at the moment gets 503 in both cases.
   */
  readonly others?: 'refuse' | 'pass';
}

/** What becomes of a request for a page. */
export interface Admission {
  /** It is the vendor's. */
  readonly verified?: VerifiedHead;
  /** It is refused with this; without one, the page is given. */
  readonly answer?: Answer;
}

/** Guards pages that the vendor fetches for mailings. Every door has one of its own kind, named `contentRequests`. */
export interface ContentGuard {
  /** Never rejects. */
  admit(call: Pick<IncomingCall, 'head' | 'remoteAddress'>): Promise<Admission>;
  /** Logs a warning, once. */
  warn(id: WarningId): void;
  /** Logs, at a bounded rate, that a page failed. */
  readonly complain: Complain;
  /** Ends look-ups of keys. */
  close(): void;
}

/**
 * Makes the guard of pages that the vendor fetches, for a door of your own.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createContentGuard(options: ContentOptions): ContentGuard {
  const { others = 'refuse', clock = Date.now, toleranceSeconds, keyZone, onRejected } = options;
  if (others !== 'refuse' && others !== 'pass') throw new TypeError("others: give 'refuse' or 'pass'.");
  const endpoints = readEndpoints(options);
  const log = readLogger(options.log);
  const { signedUrl, keys } = options;
  const given = Object.entries({ toleranceSeconds, signedUrl, keys, clock, keyZone });
  const verifier = createContentVerifier({
    endpoints,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  });
  const sampler = new LogSampler();
  const complain = createComplain(log, sampler);
  const desk = createRefusalDesk({ endpoints, log, onRejected }, sampler, complain);
  const warned = new Set<WarningId>();
  const warn = (id: WarningId) => {
    if (!warned.has(id)) log.warn(`${id}: ${warningText(id)}`);
    warned.add(id);
  };
  for (const id of warningsFor({ endpoints, toleranceSeconds, keyZone })) warn(id);

  return {
    async admit(call) {
      const { method } = call.head;
      const signed = headerOf(call.head, 'signature') !== undefined;
      if (others === 'pass' && !signed) return {};
      try {
        if (method !== 'GET' && method !== 'HEAD')
          throw new CallRefusedError('ERR_METHOD_NOT_ALLOWED', { received: method });
        return { verified: await verifier.verify(call.head) };
      } catch (cause) {
        const known = cause instanceof WebhookRejectedError || cause instanceof CallRefusedError;
        const error = known ? cause : new CallRefusedError('ERR_INTERNAL', {}, { cause });
        const status = await desk.refuse(error, call, new Date(clock()));
        // A page that is meant for the vendor alone must not be replaced by the one for all while DNS fails.
        if (others === 'pass' && error.status < 500) return {};
        const answer = answerWith(status, { retryAfterSeconds: error.retryAfterSeconds });
        return { answer: status === 405 ? { ...answer, headers: { ...answer.headers, Allow: 'GET, HEAD' } } : answer };
      }
    },
    warn,
    complain,
    close: () => verifier.close(),
  };
}
