import { cleanText, type Logger } from './log.js';
import type { LogSampler } from './log-sampler.js';

/**
 * Logs what broke; like refusals so often and no more, since whoever calls may be the cause.
 *
 * @param what - one of few texts: lines are counted by it.
 */
export type Complain = (what: string, error: unknown) => void;

export function createComplain(log: Logger, sampler: LogSampler): Complain {
  return (what, error) => {
    const leftOut = sampler.admit(what);
    if (leftOut === undefined) return;
    log.error(`${what}: ${describeError(error)}${leftOut > 0 ? ` (${leftOut} more were not logged)` : ''}`);
  };
}

/** The name and message of an error, as they may stand in a log: its message may quote what a stranger has sent. */
export function describeError(error: unknown): string {
  try {
    return error instanceof Error ? cleanText(`${error.name}: ${error.message}`) : `a thrown ${typeof error}`;
  } catch {
    // Its name may be a symbol, its message may throw when it is asked for: whatever is done about the error goes on.
    return 'an error that cannot be described';
  }
}
