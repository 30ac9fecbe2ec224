import type { Call } from './call.js';
import type { Evidence, RejectionCode } from './errors.js';

/** Why a check failed. */
export interface Failure {
  readonly code: RejectionCode;
  readonly evidence?: Evidence;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** One entry of the checklist. */
export interface Check {
  /** Stable, for instance `digest-match`. */
  readonly id: string;
  /** Whether what it needs of the checks before is there. Only a report, which goes on after a failure, must ask. */
  ready?(call: Call): boolean;
  /** Passes with undefined. Gives a promise only when it must wait. Never throws. */
  run(call: Call): Failure | undefined | Promise<Failure | undefined>;
  /** What was seen, for a report. */
  seen?(call: Call): Evidence;
}
