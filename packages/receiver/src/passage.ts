import type { WebhookEvent } from '@smtpeter-webhooks/events';
import type { CallVerifier, ReplayClaim, VerifiedHead, VerifiedRequest } from '@smtpeter-webhooks/verify';
import type { Admission, Place } from './admission.js';
import type { Complain } from './complaints.js';
import type { IncomingCall } from './incoming-call.js';
import type { Settings } from './options.js';
import { isPromiseLike } from './promise-like.js';
import type { Counters } from './stats.js';

/** A call on its way through the pipeline, and what the steps before have made of it. */
export interface Passage {
  readonly call: IncomingCall;
  readonly settings: Settings;
  readonly verifier: CallVerifier;
  readonly counters: Counters;
  readonly admission: Admission;
  readonly complain: Complain;
  readonly receivedAt: Date;
  /** The room that the call takes once it is verified. */
  place: Place | undefined;
  head: VerifiedHead | undefined;
  body: Uint8Array | undefined;
  request: VerifiedRequest | undefined;
  claim: ReplayClaim | undefined;
  /** How long it waits for another one that is the same, as `performance.now()` counts. */
  waitsUntil: number | undefined;
  event: WebhookEvent | undefined;
}

export function verifiedHead(passage: Passage): VerifiedHead {
  return made(passage.head);
}

export function verified(passage: Passage): VerifiedRequest {
  return made(passage.request);
}

export function wholeBody(passage: Passage): Uint8Array {
  return made(passage.body);
}

/** What a step before has made. */
function made<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('A step ran before its turn.');
  return part;
}

/** Runs a hook of the user's; what it throws is logged and goes no further. */
export function guarded(passage: Passage, name: string, run: () => unknown): unknown {
  const failed = (error: unknown) => passage.complain(`${name} failed`, error);
  try {
    const result = run();
    return isPromiseLike(result) ? Promise.resolve(result).catch(failed) : result;
  } catch (error) {
    return failed(error);
  }
}
