import {
  type EventKind,
  type EventOf,
  eventKinds,
  type FieldSchemas,
  type WebhookEvent,
} from '@smtpeter-webhooks/events';
import type { Logger } from './log.js';

/** What a handler knows besides the event. */
export interface HandlerContext {
  /** Aborted when the handler's time is over, and when the grace of a shutdown is. Its reason is an Error. */
  readonly signal: AbortSignal;
  /** The URL that was signed. */
  readonly url: string;
  readonly receivedAt: Date;
  readonly log: Logger;
}

/** The call is answered 200 when it returns, or when the promise that it returns resolves; else 500. */
export type Handler<E> = (event: E, context: HandlerContext) => unknown;

/** Handlers by the kind of event; `*` gets every event, after the handler of its kind. `F` are the schemas in `fields`. */
export type Handlers<F extends FieldSchemas = FieldSchemas> = { readonly [K in EventKind]?: Handler<EventOf<K, F>> } & {
  readonly '*'?: Handler<WebhookEvent<F>>;
};

/**
 * Gives the handlers that an event goes to, in order.
 *
 * @throws TypeError when a name is none of the kinds, or what stands there is not a function.
 */
export function readHandlers(on: Handlers = {}): (kind: EventKind) => readonly Handler<WebhookEvent>[] {
  const byKind = new Map<string, readonly Handler<WebhookEvent>[]>();
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
    const own = on[kind] as Handler<WebhookEvent> | undefined;
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
