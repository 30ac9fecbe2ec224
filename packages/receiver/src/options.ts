import { createEventParser, type FieldSchemas, type ParseInput, type WebhookEvent } from '@smtpeter-webhooks/events';
import type { Endpoint, KeySource, PublicJwkSet, ReplayMemory, Tolerance } from '@smtpeter-webhooks/verify';
import { type Handler, type Handlers, readHandlers } from './handlers.js';
import type { Inbox, InboxWorkOptions } from './inbox.js';
import { readInbox, readReplayMs } from './inbox-options.js';
import type { BodyLimits } from './incoming-call.js';
import { type Logger, readLogger } from './log.js';
import type { Rejection } from './rejection.js';
import type { VerificationFilesOption } from './verification-files.js';

/** A call that was handled before, and came again. */
export interface Duplicate {
  readonly identity: string;
  /** The event's key. */
  readonly key: string;
  readonly url: string;
  readonly receivedAt: Date;
}

/** `F` are the schemas in `fields`; handlers see the types that they give. */
export interface ReceiverOptions<F extends FieldSchemas = FieldSchemas, Tx = undefined> {
  /** Your X-Copernica-ID: `environment-1234`, or `account-1234`. With `url`; or give `endpoints`. */
  readonly id?: string;
  /** The callback URL, exactly as typed into the dashboard. */
  readonly url?: string;
  /** Several pairs of `id` and `url`. A genuine call for one is refused at another's URL. */
  readonly endpoints?: readonly Endpoint[];
  /** Handlers by kind of event. */
  readonly on?: Handlers<F, Tx>;
  /**
   * Keeps every call before it is answered, and handles it afterwards: see `@smtpeter-webhooks/inbox`. It is the replay
   * memory too. Without `on` and `worker.batch` calls are kept only, for workers elsewhere.
   */
  readonly inbox?: Inbox<Tx>;
  /** How this process handles what the inbox keeps. */
  readonly worker?: InboxWorkOptions<Tx>;
  /** Bytes, 1 to 1 GiB; default 5 MiB. Larger bodies get 413. */
  readonly maxBodyBytes?: number;
  /** Milliseconds for a whole body, default 60,000; besides, 15,000 without a byte are too long. Then 408. */
  readonly bodyTimeoutMs?: number;
  /** Milliseconds for the handlers of an event, default 10,000. Then 503, while they may still finish. */
  readonly handlerTimeoutMs?: number;
  /** Bytes of bodies that are kept at one time, of all calls; default 256 MiB. Calls beyond wait 2 s, then get 503. */
  readonly maxBufferedBytes?: number;
  /** Verified calls at one time, with handlers that run on after their time; default 1,024. Beyond as above. */
  readonly maxConcurrentCalls?: number;
  /** Seconds, default 300 in both directions; a number above 0, or `{ past, future }`. */
  readonly toleranceSeconds?: Tolerance;
  /** `configured`: verify against `url` instead of the Host and path that came; default `received`. */
  readonly signedUrl?: 'received' | 'configured';
  /**
   * Serves the vendor's verification files: the directory that they are in, read anew on each request, or
   * `{ name: contents }`. Default none.
   */
  readonly verificationFiles?: VerificationFilesOption;
  /** The IANA zone of times that come without one; default `UTC`. */
  readonly timeZone?: string;
  /**
   * What the `fields` of profiles are: Standard Schemas (zod, valibot, arktype …) by the id of the database, and of the
   * collection for subprofiles; `*` stands for every other. Fields that are otherwise do not lose the call: the event
   * comes without `fields`, its `problems` say why, and `raw` has what came.
   */
  readonly fields?: F;
  /** Where keys come from; default DNS. A JWK set is short for `pinnedKeys` of it. */
  readonly keys?: KeySource | PublicJwkSet;
  /** Which calls were handled; default a memory of this process. */
  readonly replay?: ReplayMemory;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
  /** Another zone for keys than copernica.com; for tests only. */
  readonly keyZone?: string;
  /** Where to log; default warnings and errors to the console; `false` is silent. */
  readonly log?: Logger | false;
  /** Told of every refusal. May return another status, 400 to 599. It has a second; what it throws is logged. */
  readonly onRejected?: (rejection: Rejection) => unknown;
  /** Told when a handler failed, ran over its time, or when nobody handles a body that cannot be read. */
  readonly onError?: (error: unknown, event: WebhookEvent<F>) => unknown;
  /** Told when a handled call came again and was answered 200. */
  readonly onDuplicate?: (duplicate: Duplicate) => unknown;
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly endpoints: readonly Endpoint[];
  readonly handlersOf: (kind: WebhookEvent['kind']) => readonly Handler<WebhookEvent>[];
  readonly parse: (input: ParseInput) => WebhookEvent;
  readonly body: BodyLimits;
  readonly inbox: Pick<Inbox, 'accept'> | undefined;
  /** Milliseconds after its Date for which a copy of a call can pass verification, with a margin. */
  readonly replayMs: number;
  readonly handlerTimeoutMs: number;
  readonly maxBufferedBytes: number;
  readonly maxConcurrentCalls: number;
  readonly log: Logger;
  readonly clock: () => number;
  readonly onRejected: ReceiverOptions['onRejected'];
  readonly onError: ReceiverOptions['onError'];
  readonly onDuplicate: ReceiverOptions['onDuplicate'];
}

const IDLE_MS = 15_000;
/** The longest that a timer can take. */
const MAX_MS = 2_147_483_647;

/** @throws TypeError that names the option that is wrong, and what to give. */
export function readOptions(options: ReceiverOptions): Settings {
  const number = (
    name: 'maxBodyBytes' | 'bodyTimeoutMs' | 'handlerTimeoutMs' | 'maxBufferedBytes' | 'maxConcurrentCalls',
    fallback: number,
    max: number,
  ): number => {
    const value = options[name] ?? fallback;
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new TypeError(`${name}: give a whole number from 1 to ${max}.`);
  };
  for (const name of ['onRejected', 'onError', 'onDuplicate'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new TypeError(`${name}: give a function.`);
  }
  const maxBytes = number('maxBodyBytes', 5 * 1024 * 1024, 1024 ** 3);
  const maxBufferedBytes = number('maxBufferedBytes', Math.max(256 * 1024 * 1024, maxBytes), Number.MAX_SAFE_INTEGER);
  if (maxBufferedBytes < maxBytes) throw new TypeError('maxBufferedBytes: give at least as much as maxBodyBytes.');
  const totalMs = number('bodyTimeoutMs', 60_000, MAX_MS);
  return {
    endpoints: readEndpoints(options),
    // With an inbox they are its worker's, which has a transaction for them.
    handlersOf: readHandlers(options.inbox === undefined ? options.on : {}),
    parse: createEventParser({
      ...(options.timeZone !== undefined && { timeZone: options.timeZone }),
      ...(options.fields !== undefined && { fields: options.fields }),
    }),
    body: { maxBytes, totalMs, idleMs: Math.min(IDLE_MS, totalMs) },
    inbox: readInbox(options),
    replayMs: readReplayMs(options.toleranceSeconds),
    handlerTimeoutMs: number('handlerTimeoutMs', 10_000, MAX_MS),
    maxBufferedBytes,
    maxConcurrentCalls: number('maxConcurrentCalls', 1024, 1_000_000),
    log: readLogger(options.log),
    clock: options.clock ?? Date.now,
    onRejected: options.onRejected,
    onError: options.onError,
    onDuplicate: options.onDuplicate,
  };
}

/** @throws TypeError when there is neither an id with its url nor a list of them, or both. */
export function readEndpoints({
  id,
  url,
  endpoints,
}: Pick<ReceiverOptions, 'id' | 'url' | 'endpoints'>): readonly Endpoint[] {
  if (endpoints !== undefined && (id !== undefined || url !== undefined)) {
    throw new TypeError('Give either id and url, or endpoints, not both.');
  }
  if (endpoints !== undefined) return endpoints;
  if (id === undefined || url === undefined) {
    throw new TypeError('Give id, your X-Copernica-ID, and url, the callback URL as typed into the dashboard.');
  }
  return [{ id, url }];
}
