import type { EventKind, ParseInput, WebhookEvent } from '@smtpeter-webhooks/events';
import type { Handler, HandlerContext } from './handlers.js';
import type { Logger } from './log.js';

/** A verified call, as it is handed to an inbox. */
export interface InboxCall {
  /** The exact bytes that were signed. */
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  /** False when the signature does not cover it. */
  readonly contentTypeSigned: boolean;
  /** The header lines as they came: name, value, name, value. */
  readonly headers: readonly string[];
  /** Whose call it is: `environment-1234`. */
  readonly identity: string;
  /** The URL that was signed. */
  readonly url: string;
  readonly receivedAt: Date;
  /** The same whenever the same event is sent: 64 hexadecimal digits. */
  readonly eventKey: string;
  /** The same whenever the same call is sent: the first bytes of its signature. */
  readonly replayKey: Uint8Array;
  /** Until when a copy of the call would pass verification, in milliseconds since 1970; with a margin. */
  readonly replayUntil: number;
  /** Reads the event. Parsers may fail; a call must be kept all the same. */
  parse(): WebhookEvent;
}

/** `kept`: safe. `repeat`: it was kept before. `dropped`: it is not wanted. All are answered 200. */
export type InboxOutcome = 'kept' | 'repeat' | 'dropped';

/** How a worker works. */
export interface InboxWorkOptions<Tx = undefined> {
  /** How many events are handled at a time; default 10, 1 to 1,000. Or by kind: `{ bounce: 2, '*': 10 }`, `*` for all together. */
  readonly concurrency?: number | { readonly [K in EventKind | '*']?: number };
  /** Milliseconds for the handlers of an event, default 60,000. Then the attempt has failed. Or by kind, like `concurrency`. */
  readonly timeoutMs?: number | { readonly [K in EventKind | '*']?: number };
  /** After so many attempts the event is parked as dead; default 25, 1 to 1,000. */
  readonly maxAttempts?: number;
  /** Milliseconds before the second attempt, default 1,000; doubled each time, half of it by chance. */
  readonly retryMs?: number;
  /** The longest wait between attempts in milliseconds, default 3,600,000 (an hour). */
  readonly maxRetryMs?: number;
  /** How long an event stays a worker's that no longer answers, in milliseconds; default 20,000, at least 100. */
  readonly leaseMs?: number;
  /** How often to look for events when nobody tells of any, in milliseconds; default 1,000, at least 10. */
  readonly pollMs?: number;
  /** Handles several events at once, in place of `on`: all or nothing. */
  readonly batch?: {
    /** At most so many, 1 to 10,000. */
    readonly maxEvents: number;
    /** How long the first waits for others, in milliseconds. */
    readonly maxWaitMs: number;
    /** Handles them: done when it returns, or when the promise that it returns resolves. */
    handle(events: readonly WebhookEvent[], context: HandlerContext<Tx>): unknown;
  };
}

/** What a worker of an inbox needs. */
export interface InboxTask<Tx = undefined> extends InboxWorkOptions<Tx> {
  /** The handlers that an event of this kind goes to, in order. */
  handlersOf(kind: EventKind): readonly Handler<WebhookEvent, Tx>[];
  /** Reads a kept call, as the pipeline reads one that comes. */
  parse(input: ParseInput): WebhookEvent;
  readonly log: Logger;
  /** Told when an attempt failed. */
  onError(error: unknown, event: WebhookEvent | undefined): void;
}

/** Handles the events of an inbox until it is closed. */
export interface InboxWorker {
  /**
   * Takes no more, waits for what is being handled, and hands back the rest.
   *
   * @param options.timeoutMs - then handlers' signals are aborted and their events handed back; default 10,000.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** Where verified calls are kept before they are answered, and handled from. Packages like `@smtpeter-webhooks/inbox` make one. */
export interface Inbox<Tx = undefined> {
  /**
   * Keeps a call. Resolves once it is safe.
   *
   * @throws Error, as a rejection, when it cannot be kept; the call is answered 503.
   */
  accept(call: InboxCall): Promise<InboxOutcome>;
  /** Starts to handle what is kept. @throws TypeError that names the option that is wrong, and what to give. */
  work(task: InboxTask<Tx>): InboxWorker;
}
