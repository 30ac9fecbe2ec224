import type { Inbox, InboxCall, InboxOutcome } from '@smtpeter-webhooks/receiver';
import { type AcceptOptions, readAcceptOptions } from './accept-options.js';
import { InboxError } from './errors.js';
import { newCallOf } from './new-call.js';

/** A call as it is handed over. */
export interface HandoverMessage {
  /** The event's key, 64 hexadecimal digits: the same whenever the same event is sent. */
  readonly key: string;
  readonly kind: string;
  readonly identity: string;
  readonly contentType: string | undefined;
  readonly receivedAt: Date;
  /** The exact bytes that were signed. */
  readonly body: Uint8Array;
}

/** An engine that keeps calls for consumers of your own. One function is all that it takes. */
export interface HandoverTarget {
  /**
   * Resolves once the engine has acknowledged that the message is safe.
   *
   * @returns false when the engine knew the key already.
   * @throws Error, as a rejection; the call is answered 503.
   */
  publish(message: HandoverMessage): Promise<boolean>;
}

/** How calls are handed over. */
export type HandoverOptions = Pick<AcceptOptions, 'accept' | 'eventKey' | 'acceptTimeoutMs'>;

/**
 * Makes an inbox of an engine: a call is answered 200 once the engine has it. Your consumers take it from there; it has no
 * workers of ours, and repeats are known as long as the engine knows keys.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createHandover(target: HandoverTarget, options: HandoverOptions = {}): Inbox {
  const settings = readAcceptOptions(options);
  return {
    async accept(call: InboxCall): Promise<InboxOutcome> {
      const kept = newCallOf(call, settings, () => {});
      if (kept === undefined) return 'dropped';
      const { eventKey: key, kind, identity, body } = kept;
      const { contentType, receivedAt } = call;
      const published = target.publish({ key, kind, identity, contentType, receivedAt, body });
      return (await inTime(published, settings.acceptTimeoutMs)) ? 'kept' : 'repeat';
    },
    work() {
      throw new TypeError('on: what is handed over is handled by your own consumers; give no handlers here.');
    },
  };
}

function inTime<T>(promise: Promise<T>, waitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new InboxError('ERR_INBOX_SLOW')), waitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
