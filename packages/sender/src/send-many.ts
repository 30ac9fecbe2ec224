import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { SendError, type SendErrorCode, type SendOptions, type SendResult, sendRequest } from './send-request.js';
import type { SignedCall } from './sign-request.js';

/** How many calls are sent, and how fast. */
export interface SendManyOptions extends Omit<SendOptions, 'agent'> {
  /** How many calls. */
  readonly count: number;
  /** Makes the call number `index`, from 0. */
  readonly next: (index: number) => SignedCall;
  /** Calls begun in a second; default as fast as the answers allow. */
  readonly ratePerSecond?: number;
  /** When each call begins, in milliseconds from the start, never earlier than the one before; default at once. */
  readonly dueMs?: (index: number) => number;
  /** Calls in flight at once, default 8. */
  readonly concurrency?: number;
  /** Told of each answer, in the order of the answers. */
  readonly onResult?: (result: SendResult | SendError, index: number) => void;
}

/** How it went. */
export interface SendSummary {
  readonly sent: number;
  /** Answered 2xx. */
  readonly accepted: number;
  /** Answered anything else. */
  readonly refused: number;
  /** Not answered. */
  readonly failed: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How often each reason for no answer came. */
  readonly errors: Readonly<Partial<Record<SendErrorCode, number>>>;
  /** Of the answered calls, in milliseconds; from a sample of at most 10,000. Null when none was answered. */
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number } | null;
  readonly durationMs: number;
}

const SAMPLE = 10_000;

/** Sends many calls over kept-open connections. Rejects for nothing that the network does. */
export async function sendMany(options: SendManyOptions): Promise<SendSummary> {
  const { count, next, ratePerSecond, dueMs, concurrency = 8, onResult, ...send } = options;
  const agents = [
    new http.Agent({ keepAlive: true, maxSockets: concurrency }),
    new https.Agent({ keepAlive: true, maxSockets: concurrency }),
  ];
  // Every call in flight listens; that is no leak.
  if (send.signal !== undefined) setMaxListeners(0, send.signal);
  const startedAt = performance.now();
  const tally = new Tally();
  let begun = 0;
  const worker = async () => {
    while (begun < count && !send.signal?.aborted) {
      const index = begun++;
      if (ratePerSecond !== undefined) await untilDue(startedAt + (index * 1000) / ratePerSecond, send.signal);
      if (dueMs !== undefined) await untilDue(startedAt + dueMs(index), send.signal);
      if (send.signal?.aborted) return;
      const call = next(index);
      const secure = (send.to ?? call.url).startsWith('https:');
      const agent = agents[secure ? 1 : 0];
      const result = await sendRequest(call, { ...send, ...(agent && { agent }) }).catch((error: SendError) => error);
      tally.add(result);
      onResult?.(result, index);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, count)) }, worker));
  for (const agent of agents) agent.destroy();
  return tally.summary(performance.now() - startedAt);
}

class Tally {
  #sent = 0;
  #accepted = 0;
  #failed = 0;
  #answered = 0;
  #maxMs = 0;
  readonly #statuses: Record<string, number> = {};
  readonly #errors: Partial<Record<SendErrorCode, number>> = {};
  readonly #sample: number[] = [];

  add(result: SendResult | SendError): void {
    this.#sent++;
    if (result instanceof SendError) {
      this.#failed++;
      this.#errors[result.code] = (this.#errors[result.code] ?? 0) + 1;
      return;
    }
    this.#statuses[result.status] = (this.#statuses[result.status] ?? 0) + 1;
    if (result.status >= 200 && result.status < 300) this.#accepted++;
    this.#maxMs = Math.max(this.#maxMs, result.durationMs);
    // Reservoir sampling: every answer has the same chance to be in the sample, however many come.
    const place = this.#answered++ < SAMPLE ? this.#answered - 1 : Math.floor(Math.random() * this.#answered);
    if (place < SAMPLE) this.#sample[place] = result.durationMs;
  }

  summary(durationMs: number): SendSummary {
    const sorted = [...this.#sample].sort((a, b) => a - b);
    const at = (part: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
    return {
      sent: this.#sent,
      accepted: this.#accepted,
      refused: this.#sent - this.#accepted - this.#failed,
      failed: this.#failed,
      statuses: this.#statuses,
      errors: this.#errors,
      latencyMs: sorted.length === 0 ? null : { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: round(this.#maxMs) },
      durationMs: round(durationMs),
    };
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

function untilDue(due: number, signal: AbortSignal | undefined): Promise<void> {
  const waitMs = due - performance.now();
  if (waitMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    signal?.addEventListener('abort', done);
  });
}
