import type { FieldSchemas, WebhookEvent } from '@smtpeter-webhooks/events';
import { createVerifier, type WebhookRejectedError } from '@smtpeter-webhooks/verify';
import { Admission } from './admission.js';
import { type Answer, accepted, answerWith } from './answer.js';
import { CallContext } from './call-context.js';
import { createComplain, describeError } from './complaints.js';
import { before } from './deadline.js';
import { Abort, type DispatchResult, dispatch } from './dispatch.js';
import type { IncomingCall } from './incoming-call.js';
import { LogSampler } from './log-sampler.js';
import { type ReceiverOptions, readOptions } from './options.js';
import type { Receiver } from './receiver-interface.js';
import { createRefusalDesk } from './refusal-desk.js';
import { CallRefusedError, toRefusal } from './refusals.js';
import { RetryLaterError } from './retry-later.js';
import { startWork } from './start-work.js';
import { Counters } from './stats.js';
import { guarded, inboxSteps, type Passage, steps } from './steps.js';
import { createVerificationFiles } from './verification-files.js';
import { type WarningId, warnings, warningsFor } from './warnings.js';

export type { Receiver };

const MAX_WARNED_TARGETS = 20;

/**
 * Makes the pipeline, for a door of your own.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createReceiver<const F extends FieldSchemas, Tx = undefined>(
  typedOptions: ReceiverOptions<F, Tx>,
): Receiver {
  // The schemas' types are between the user's handlers and the parser; the pipeline has no use for them.
  const options = typedOptions as unknown as ReceiverOptions;
  const settings = readOptions(options);
  const { log, endpoints } = settings;
  const { toleranceSeconds, signedUrl, keys, replay, clock, keyZone } = options;
  const given = { toleranceSeconds, signedUrl, keys, replay, clock, keyZone };
  const verifier = createVerifier({ endpoints, ...withoutUndefined(given) });
  const counters = new Counters();
  const admission = new Admission(settings);
  const sampler = new LogSampler();
  const complain = createComplain(log, sampler);
  const files = createVerificationFiles(options.verificationFiles, endpoints, complain);
  const desk = createRefusalDesk(settings, sampler, complain);
  const aborts = new Set<Abort>();
  const warned = new Set<string>();
  const idle: (() => void)[] = [];
  let closing: Promise<void> | undefined;

  const warn = (id: WarningId) => {
    if (!warned.has(id)) log.warn(`${id}: ${warnings[id]}`);
    warned.add(id);
  };
  for (const id of warningsFor({ endpoints, toleranceSeconds, keyZone })) warn(id);
  const worker = startWork(options, settings);
  const path = settings.inbox === undefined ? steps : inboxSteps;
  if (replay === undefined && settings.inbox === undefined)
    log.info('repeats are recognised within this process, since its start');

  const readClock = () => {
    try {
      return settings.clock();
    } catch {
      return Number.NaN; // The check of the Date asks again, and refuses.
    }
  };

  const leave = () => {
    counters.inFlight--;
    if (counters.inFlight === 0) for (const resolve of idle.splice(0)) resolve();
  };

  async function handle(call: IncomingCall): Promise<Answer> {
    const looking = files?.answer(call.head.method, call.head.target);
    const file = looking === undefined ? undefined : await looking;
    if (file !== undefined) return ending(file);
    counters.received++;
    counters.inFlight++;
    const receivedAt = new Date(readClock());
    const passage: Passage = { call, settings, verifier, counters, admission, complain, receivedAt };
    try {
      return await pass(passage);
    } catch (error) {
      if (passage.claim !== undefined) await release(passage);
      return await refused(toRefusal(error), call, receivedAt);
    } finally {
      passage.place?.leave();
      leave();
    }
  }

  async function pass(passage: Passage): Promise<Answer> {
    if (closing !== undefined) throw new CallRefusedError('ERR_SHUTTING_DOWN');
    for (const step of path) {
      const outcome = step.run(passage);
      const answer = outcome instanceof Promise ? await outcome : outcome;
      if (answer !== undefined) return ending(answer);
    }
    const delivered = deliver(passage);
    return ending(delivered instanceof Promise ? await delivered : delivered);
  }

  /** While the process shuts down a kept-open connection is of no use. */
  function ending(answer: Answer): Answer {
    return closing === undefined ? answer : { ...answer, close: true };
  }

  /** Answers at once when no handler and no memory waits. */
  function deliver(passage: Passage): Answer | Promise<Answer> {
    const { event, request } = passage;
    if (event === undefined || request === undefined) throw new Error('The call was not parsed.');
    const handlers = settings.handlersOf(event.kind);
    if (handlers.length === 0) {
      if (event.kind === 'unknown' && event.raw === undefined) {
        const error = new CallRefusedError('ERR_EVENT_UNREADABLE', { reason: event.reason.code });
        guarded(passage, 'onError', () => settings.onError?.(error, event));
        throw error;
      }
      if (Counters.add(counters.unhandled, event.kind))
        log.warn(`there is no handler for ${event.kind}; such events are answered 200`);
      return confirm(passage);
    }
    const abort = new Abort();
    const context = new CallContext(passage, request.url, abort, log);
    const running = dispatch(handlers, event, context, abort, settings.handlerTimeoutMs);
    if (!(running instanceof Promise)) return ended(passage, event, abort, running);
    aborts.add(abort);
    return running.then((result) => ended(passage, event, abort, result));
  }

  function ended(
    passage: Passage,
    event: WebhookEvent,
    abort: Abort,
    result: DispatchResult,
  ): Answer | Promise<Answer> {
    if (result.ended === 'done') {
      aborts.delete(abort);
      return confirm(passage);
    }
    counters.handlerErrors++;
    if (result.ended === 'failed') {
      aborts.delete(abort);
      throw handlerFailed(passage, result.error);
    }
    const late = new CallRefusedError('ERR_HANDLER_TIMEOUT', {
      kind: event.kind,
      allowedMs: settings.handlerTimeoutMs,
    });
    guarded(passage, 'onError', () => settings.onError?.(late, event));
    // The claim stays until they settle, so that a repeat does not run beside them; so does the room that they take.
    counters.inFlight++;
    const { claim, place } = passage;
    passage.claim = undefined;
    passage.place = undefined;
    const settled = result.settled
      .then(async (end) => {
        aborts.delete(abort);
        if ('error' in end) {
          handlerFailed(passage, end.error);
          await claim?.release();
        } else {
          counters.accepted++;
          await claim?.confirm();
        }
      })
      .catch((error) => complain('a claim could not be settled', error))
      .finally(() => {
        place?.leave();
        leave();
      });
    passage.call.keepAlive?.(settled);
    throw late;
  }

  function handlerFailed(passage: Passage, error: unknown): CallRefusedError {
    const { event } = passage;
    if (event !== undefined) guarded(passage, 'onError', () => settings.onError?.(error, event));
    if (error instanceof RetryLaterError) {
      return new CallRefusedError(
        'ERR_HANDLER_BUSY',
        { error: describeError(error) },
        { retryAfterSeconds: error.afterSeconds, cause: error },
      );
    }
    return new CallRefusedError(
      'ERR_HANDLER_FAILED',
      { kind: event?.kind ?? '', error: describeError(error) },
      { cause: error },
    );
  }

  function confirm(passage: Passage): Answer | Promise<Answer> {
    const waiting = passage.claim?.confirm();
    const done = () => {
      passage.claim = undefined;
      counters.accepted++;
      return accepted;
    };
    return waiting instanceof Promise ? waiting.then(done) : done();
  }

  async function release(passage: Passage): Promise<void> {
    try {
      await passage.claim?.release();
    } catch (error) {
      complain('a claim could not be released', error);
    }
  }

  function refused(
    error: WebhookRejectedError | CallRefusedError,
    call: Pick<IncomingCall, 'head' | 'remoteAddress'>,
    receivedAt: Date,
  ): Answer | Promise<Answer> {
    Counters.add(counters.rejected, error.code);
    const finish = (status: number) =>
      answerWith(status, {
        retryAfterSeconds: status === 503 ? (error.retryAfterSeconds ?? 5) : undefined,
        close: error.status === 408 || error.status === 413 || closing !== undefined,
      });
    const status = desk.refuse(error, call, receivedAt);
    return status instanceof Promise ? status.then(finish) : finish(status);
  }

  async function close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    closing ??= (async () => {
      if (counters.inFlight > 0) await before(new Promise<void>((resolve) => idle.push(resolve)), timeoutMs);
      await worker?.close({ timeoutMs });
      for (const abort of aborts) abort.abort(new Error('The process is shutting down.'));
      await verifier.close();
    })().catch((error) => complain('closing failed', error));
    return closing;
  }

  return {
    handle,
    refuse: async (code, call, evidence = {}) =>
      refused(new CallRefusedError(code, evidence), call, new Date(readClock())),
    verificationFile: (method, target) => files?.answer(method, target),
    hasPath: (target) => verifier.hasPath(target),
    signedUrl: options.signedUrl ?? 'received',
    warn,
    passedOn(target) {
      if (warned.size >= MAX_WARNED_TARGETS || warned.has(target)) return;
      warned.add(target);
      log.warn(
        'a call that looks like a webhook was passed on: its path differs from that of url by the slash at the end',
      );
    },
    stats: () => counters.snapshot(admission.bufferedBytes),
    close,
  };
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
