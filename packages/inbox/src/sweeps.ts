import type { InboxStore } from './store.js';

const SWEEP_MS = 60_000;

/** Lets a store forget, every minute, what it need not know any more. It does not keep the process alive. */
export function startSweeps(store: Pick<InboxStore, 'sweep'>, keepHandledMs: number): { stop(): void } {
  let stopped = false;
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    const before = keepHandledMs === Number.POSITIVE_INFINITY ? 0 : Date.now() - keepHandledMs;
    try {
      // Some at a time, so that calls get in between; but as many as there are, or a busy inbox would only grow.
      while (!stopped && (await store.sweep(before)));
    } catch {
      // What could not be forgotten now can be in a minute.
    }
    sweeping = false;
  };
  const timer = setInterval(() => void sweep(), SWEEP_MS);
  timer.unref();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
