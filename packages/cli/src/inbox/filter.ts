import type { EventFilter, EventState } from '@smtpeter-webhooks/inbox';
import { misuse } from '../failure.js';

/** The options of `inbox`, as its command reads them. */
export interface InboxOptions {
  readonly inbox: string;
  readonly schema?: string;
  readonly kind?: string;
  readonly recipient?: string;
  readonly state?: EventState;
  readonly olderThan?: string;
  readonly error?: string;
  readonly limit: number;
  readonly every: number;
  readonly json?: true;
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Which events are meant. @throws Failure of misuse. */
export function readFilter(ids: readonly string[], options: InboxOptions): EventFilter {
  const { kind, recipient, state, olderThan, error } = options;
  const wrong = ids.find((id) => !/^\d{1,15}$/.test(id));
  if (wrong !== undefined) throw misuse(`An id is a number, not ${JSON.stringify(wrong.slice(0, 80))}.`);
  return {
    ...(ids.length > 0 && { ids: ids.map(Number) }),
    ...(state !== undefined && { states: [state] }),
    ...(kind !== undefined && { kind }),
    ...(recipient !== undefined && { recipient }),
    ...(olderThan !== undefined && { receivedBefore: Date.now() - readAge(olderThan) }),
    ...(error !== undefined && { error }),
  };
}

function readAge(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const one = units[unit];
  if (number === undefined || one === undefined) throw misuse('--older-than takes an age like 90s, 30m, 12h or 7d.');
  return Number(number) * one;
}
