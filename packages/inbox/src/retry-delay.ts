/**
 * How long to wait after a failed attempt, in milliseconds: doubled each time up to the longest, and the second half of
 * it by chance, so that what failed together does not come back together.
 *
 * @param attempt - the one that failed, 1 for the first.
 * @param random - 0 up to 1.
 */
export function retryDelay(
  attempt: number,
  settings: { readonly retryMs: number; readonly maxRetryMs: number },
  random: () => number = Math.random,
): number {
  const whole = Math.min(settings.maxRetryMs, settings.retryMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(whole / 2 + (random() * whole) / 2);
}

const LONGEST_ASKED_MS = 30 * 86_400_000;

/** How long an error asks to wait, as `RetryLaterError` does with `afterSeconds`, in milliseconds; at most 30 days. */
export function askedDelay(error: unknown): number {
  if (!(error instanceof Error && 'afterSeconds' in error)) return 0;
  const ms = Number(error.afterSeconds) * 1000;
  return Number.isNaN(ms) ? 0 : Math.round(Math.min(Math.max(ms, 0), LONGEST_ASKED_MS));
}
