import type { InboxStore } from './store.js';

const SWEEP_MS = 60_000;

/** Lets a store forget, from time to time, what it need not know any more. It does not keep the process alive. */
export function startSweeps(store: Pick<InboxStore, 'sweep'>, keepHandledMs: number): { stop(): void } {
  const timer = setInterval(() => {
    const before = keepHandledMs === Number.POSITIVE_INFINITY ? 0 : Date.now() - keepHandledMs;
    // What could not be forgotten now can be in a minute.
    store.sweep(before).catch(() => {});
  }, SWEEP_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
