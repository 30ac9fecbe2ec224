import { encodeBase64 } from '#text';
import type { EventKind, WebhookEvent } from './event.js';
import { definitions } from './kinds/definitions.js';

/**
 * Events are of a class so that JSON.stringify finds toJSON, and that what is worked out of them on demand (URLs,
 * octets) is no part of them. Every own key of an event is data.
 */
class Event {
  [name: string]: unknown;
  constructor(kind: EventKind, identity: string, key: string) {
    this['kind'] = kind;
    this['identity'] = identity;
    this['key'] = key;
  }

  /** Plain JSON: dates as ISO 8601; the body, in base64, only of an `unknown` event. */
  toJSON(): Record<string, unknown> {
    const { body, ...rest } = this as unknown as WebhookEvent;
    return rest.kind === 'unknown' ? { ...rest, body: encodeBase64(body) } : rest;
  }
}

const classes = new Map<EventKind, typeof Event>([['unknown', class extends Event {}]]);
for (const { kind, derived = {} } of definitions) {
  const KindEvent = class extends Event {};
  for (const [name, derive] of Object.entries(derived as Record<string, (event: unknown) => unknown>)) {
    Object.defineProperty(KindEvent.prototype, name, {
      configurable: true,
      get(this: unknown) {
        return derive(this);
      },
    });
  }
  classes.set(kind, KindEvent);
}

/** The class of the events of a kind. */
export function eventClassOf(kind: EventKind): typeof Event {
  return classes.get(kind) ?? Event;
}
