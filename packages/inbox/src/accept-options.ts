import type { WebhookEvent } from '@smtpeter-webhooks/events';

/** How calls are kept. Every process that accepts for one inbox should have the same. */
export interface AcceptOptions {
  /** Events for which it is false are answered 200, counted and not kept. What cannot be read is kept without asking. */
  readonly accept?: (event: WebhookEvent) => boolean;
  /**
   * What makes two calls the same event; default identity and body. The second of two that come within
   * `eventKeyHours` is answered 200, counted and not handled. `null`: there are no such repeats.
   */
  readonly eventKey?: ((event: WebhookEvent) => string) | null;
  /** Hours for which event keys are remembered, default 24, above 0. */
  readonly eventKeyHours?: number;
  /** Events with the same text are handled one after the other, in order of arrival; undefined or '': whenever. */
  readonly orderBy?: (event: WebhookEvent) => string | undefined;
  /** When so many events wait, calls are answered 503; default without limit. */
  readonly maxWaiting?: number;
  /** Milliseconds after which a call that is not kept yet is answered 503; default 5,000. */
  readonly acceptTimeoutMs?: number;
  /** Days after which handled events are deleted, default 7; `Infinity`: never. Dead ones stay. */
  readonly keepHandledDays?: number;
}

/** The options with their defaults, checked. */
export interface AcceptSettings extends Pick<AcceptOptions, 'accept' | 'eventKey' | 'orderBy'> {
  readonly eventKeyMs: number;
  readonly maxWaiting: number;
  readonly acceptTimeoutMs: number;
  readonly keepHandledMs: number;
}

/** @throws TypeError that names the option that is wrong, and what to give. */
export function readAcceptOptions(options: AcceptOptions): AcceptSettings {
  for (const name of ['accept', 'eventKey', 'orderBy'] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'function' && !(name === 'eventKey' && value === null))
      throw new TypeError(`${name}: give a function.`);
  }
  const { eventKeyHours = 24, maxWaiting = Number.POSITIVE_INFINITY, acceptTimeoutMs = 5000 } = options;
  const { keepHandledDays = 7, accept, eventKey, orderBy } = options;
  if (!(eventKeyHours > 0 && eventKeyHours <= 24 * 365)) throw new TypeError('eventKeyHours: give hours, above 0.');
  if (!(maxWaiting >= 1)) throw new TypeError('maxWaiting: give a number of events, 1 or more.');
  if (!(acceptTimeoutMs >= 1 && acceptTimeoutMs <= 600_000))
    throw new TypeError('acceptTimeoutMs: give milliseconds, 1 to 600000.');
  if (!(keepHandledDays >= 0)) throw new TypeError('keepHandledDays: give days, 0 or more, or Infinity.');
  return {
    ...(accept !== undefined && { accept }),
    ...(eventKey !== undefined && { eventKey }),
    ...(orderBy !== undefined && { orderBy }),
    eventKeyMs: eventKeyHours * 3_600_000,
    maxWaiting,
    acceptTimeoutMs,
    keepHandledMs: keepHandledDays * 86_400_000,
  };
}
