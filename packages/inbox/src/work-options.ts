import { type EventKind, eventKinds } from '@smtpeter-webhooks/events';
import type { InboxWorkOptions } from '@smtpeter-webhooks/receiver';

/** The options with their defaults, checked. */
export interface WorkSettings {
  readonly concurrency: number;
  /** How many of a kind at a time. */
  concurrencyOf(kind: EventKind): number;
  timeoutOf(kind: EventKind): number;
  readonly maxAttempts: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  readonly leaseMs: number;
  readonly pollMs: number;
}

type ByKind = number | { readonly [K in EventKind | '*']?: number } | undefined;

/** @throws TypeError that names the option that is wrong, and what to give. */
export function readWorkOptions<Tx>(options: InboxWorkOptions<Tx>): WorkSettings {
  const concurrency = byKind('concurrency', options.concurrency, 10, 1000);
  const timeout = byKind('timeoutMs', options.timeoutMs, 60_000, 2_147_483_647);
  const { batch } = options;
  if (batch !== undefined) {
    whole('batch.maxEvents', batch.maxEvents, 1, 10_000);
    whole('batch.maxWaitMs', batch.maxWaitMs, 0, 3_600_000);
    if (typeof batch.handle !== 'function') throw new TypeError('batch.handle: give a function.');
  }
  return {
    concurrency: concurrency('*'),
    concurrencyOf: concurrency,
    timeoutOf: timeout,
    maxAttempts: whole('maxAttempts', options.maxAttempts ?? 25, 1, 1000),
    retryMs: whole('retryMs', options.retryMs ?? 1000, 0, 86_400_000),
    maxRetryMs: whole('maxRetryMs', options.maxRetryMs ?? 3_600_000, 0, 30 * 86_400_000),
    leaseMs: whole('leaseMs', options.leaseMs ?? 20_000, 100, 86_400_000),
    pollMs: whole('pollMs', options.pollMs ?? 1000, 10, 3_600_000),
  };
}

function byKind(name: string, given: ByKind, fallback: number, max: number): (kind: EventKind | '*') => number {
  if (given === undefined || typeof given === 'number') {
    const value = whole(name, given ?? fallback, 1, max);
    return () => value;
  }
  for (const [kind, value] of Object.entries(given)) {
    if (kind !== '*' && !eventKinds.includes(kind as EventKind))
      throw new TypeError(`${name}: there is no kind of event named ${kind}.`);
    whole(`${name}.${kind}`, value, 1, max);
  }
  const all = given['*'] ?? fallback;
  return (kind) => given[kind] ?? all;
}

function whole(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${name}: give a whole number from ${min} to ${max}.`);
}
