import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import { WebhookRejectedError } from './errors.js';
import { isPromiseLike } from './promise-like.js';

/**
 * Runs the checks from `start` on. Gives a promise only when one of them must wait.
 *
 * @throws WebhookRejectedError of the first that fails, thrown or as a rejection.
 */
export function runChecks(checks: readonly Check[], call: Call, start = 0): Promise<void> | undefined {
  for (let i = start; i < checks.length; i++) {
    const check = checks[i] as Check;
    const outcome = check.run(call);
    if (outcome === undefined) continue;
    if (!isPromiseLike(outcome)) throw refusal(check, outcome);
    return outcome.then((failure) => {
      if (failure !== undefined) throw refusal(check, failure);
      return runChecks(checks, call, i + 1);
    });
  }
  return undefined;
}

function refusal(check: Check, failure: Failure): WebhookRejectedError {
  const { code, evidence, retryAfterSeconds, cause } = failure;
  return withoutStack(() => new WebhookRejectedError(code, check.id, evidence, { retryAfterSeconds, cause }));
}

/** A refusal says which check failed; where in our code it was made is known, and finding that out again is dear in a flood. */
function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  // Where the intrinsics are frozen there is nothing to set, and the stack is taken.
  if (Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable !== true) return make();
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
