import type { Tolerance } from '@smtpeter-webhooks/verify';
import type { Inbox } from './inbox.js';

/** A century: the tolerance may be infinite. */
const MAX_REPLAY_MS = 100 * 365 * 86_400_000;

/** The inbox of the options. @throws TypeError when it is none, or something stands beside it that cannot. */
export function readInbox(options: {
  readonly inbox?: Inbox;
  readonly replay?: unknown;
  readonly worker?: unknown;
}): Pick<Inbox, 'accept'> | undefined {
  const { inbox, replay, worker } = options;
  if (inbox === undefined) {
    if (worker !== undefined) throw new TypeError('worker: give an inbox as well.');
    return undefined;
  }
  if (replay !== undefined) throw new TypeError('Give inbox or replay, not both: the inbox is the replay memory.');
  if (typeof inbox?.accept !== 'function' || typeof inbox.work !== 'function') {
    throw new TypeError('inbox: give what sqliteInbox, postgresInbox or another maker of inboxes returns.');
  }
  return inbox;
}

/**
 * For how many milliseconds after its Date a copy of a call can pass verification. Clocks of several machines differ: a
 * minute beside both directions of the tolerance.
 */
export function readReplayMs(tolerance: Tolerance = 300): number {
  const { past, future } = typeof tolerance === 'number' ? { past: tolerance, future: tolerance } : tolerance;
  return Math.min((past + future) * 1000 + 60_000, MAX_REPLAY_MS);
}
