import type { WebhookEvent } from '@smtpeter-webhooks/events';
import { type Answer, accepted } from './answer.js';
import { CallContext } from './call-context.js';
import { type Complain, describeError } from './complaints.js';
import { Abort, type DispatchResult, dispatch } from './dispatch.js';
import type { Settings } from './options.js';
import { guarded, type Passage } from './passage.js';
import { whenThere } from './promise-like.js';
import { CallRefusedError } from './refusals.js';
import { RetryLaterError } from './retry-later.js';
import { Counters } from './stats.js';

/** Where a parsed call goes: to its handlers, and from how they end to its answer. */
export interface Delivery {
  /**
   * Answers at once when no handler and no memory waits.
   *
   * @throws CallRefusedError, thrown or as a rejection, when the event was not handled.
   */
  deliver(passage: Passage): Answer | Promise<Answer>;
  /** Tells the handlers that are running to end. */
  abort(reason: Error): void;
}

/** @param parts.leave - told when handlers that ran on after their answer have settled. */
export function createDelivery(parts: {
  readonly settings: Settings;
  readonly counters: Counters;
  readonly complain: Complain;
  readonly leave: () => void;
}): Delivery {
  const { settings, counters, complain, leave } = parts;
  const { log } = settings;
  const aborts = new Set<Abort>();

  function deliver(passage: Passage): Answer | Promise<Answer> {
    const { event, request } = passage;
    if (event === undefined || request === undefined) throw new Error('A step ran before its turn.');
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
    aborts.add(abort);
    return whenThere(running, (result) => ended(passage, event, abort, result));
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
    return whenThere(waiting, done);
  }

  return {
    deliver,
    abort(reason) {
      for (const abort of aborts) abort.abort(reason);
    },
  };
}
