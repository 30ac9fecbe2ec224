import {
  type EventKind,
  type EventOf,
  eventKinds,
  type FieldSchemas,
  type WebhookEvent,
} from '@smtpeter-webhooks/events';
import type { Logger } from './log.js';

/** What a handler knows besides the event. */
export interface HandlerContext<Tx = undefined> {
  /** Aborted when the handler's time is over, and when the grace of a shutdown is. Its reason is an Error. */
  readonly signal: AbortSignal;
  /** The URL that was signed. */
  readonly url: string;
  readonly receivedAt: Date;
  /** The header lines as they came: name, value, name, value. */
  readonly headers: readonly string[];
  /** 1 for the first attempt. Only an inbox makes others. */
  readonly attempt: number;
  /** The transaction in which an inbox marks the event as handled; undefined without one. */
  readonly tx: Tx;
  readonly log: Logger;
}

/** The event is handled when it returns, or when the promise that it returns resolves: without an inbox it is answered 200 then, else 500. */
export type Handler<E, Tx = undefined> = (event: E, context: HandlerContext<Tx>) => unknown;

/** Handlers by the kind of event; `*` gets every event, after the handler of its kind. `F` are the schemas in `fields`. */
export type Handlers<F extends FieldSchemas = FieldSchemas, Tx = undefined> = {
  readonly [K in EventKind]?: Handler<EventOf<K, F>, Tx>;
} & {
  readonly '*'?: Handler<WebhookEvent<F>, Tx>;
};

/**
 * Gives the handlers that an event goes to, in order.
 *
 * @throws TypeError when a name is none of the kinds, or what stands there is not a function.
 */
export function readHandlers<Tx = undefined>(
  on: Handlers<FieldSchemas, Tx> = {},
): (kind: EventKind) => readonly Handler<WebhookEvent, Tx>[] {
  const byKind = new Map<string, readonly Handler<WebhookEvent, Tx>[]>();
  for (const [name, handler] of Object.entries(on)) {
    if (name !== '*' && !eventKinds.includes(name as EventKind)) {
      throw new TypeError(
        `on: there is no kind of event named ${name}${nearest(name)}; there are ${eventKinds.join(', ')} and *.`,
      );
    }
    if (handler !== undefined && typeof handler !== 'function')
      throw new TypeError(`on: the handler of ${name} is not a function.`);
  }
  const all = on['*'];
  for (const kind of eventKinds) {
    const own = on[kind] as Handler<WebhookEvent, Tx> | undefined;
    byKind.set(
      kind,
      [own, all].filter((handler) => handler !== undefined),
    );
  }
  return (kind) => byKind.get(kind) ?? [];
}

function nearest(name: string): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const found = eventKinds.find((kind) => plain(kind) === plain(name) || plain(kind).startsWith(plain(name)));
  return found === undefined || plain(name) === '' ? '' : ` (did you mean ${found}?)`;
}
