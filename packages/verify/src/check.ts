import type { Call } from './call.js';
import type { Evidence, RejectionCode } from './errors.js';

/** Why a check failed. */
export interface Failure {
  readonly code: RejectionCode;
  readonly evidence?: Evidence;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** One entry of the checklist. What a report says of it is in check-reports.ts. */
export interface Check {
  /** Stable, for instance `digest-match`. */
  readonly id: string;
  /** Passes with undefined. Gives a promise only when it must wait. Never throws. */
  run(call: Call): Failure | undefined | Promise<Failure | undefined>;
}
