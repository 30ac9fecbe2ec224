import type { StoredEvent } from './store.js';

/** The columns that an import fills, but for the last three, whose values each database takes in its own way. */
export const importedColumns = `state, kind, recipient, identity, url, event_key, order_key, received_at, due_at, attempts,
  settled_at, errors, content_type, content_type_signed, headers, body`;

/** The values of these columns; one that was running waits again. */
export function importedValues(event: StoredEvent): (string | number | null)[] {
  return [
    event.state === 'running' ? 'waiting' : event.state,
    event.kind,
    event.recipient,
    event.identity,
    event.url,
    event.eventKey,
    event.orderKey,
    event.receivedAt,
    event.dueAt,
    event.attempts,
    event.settledAt,
    JSON.stringify(event.errors),
    event.contentType,
  ];
}

/** Until when another call with the event's key is a repeat: a day, as by default. */
export const importedKeyUntil = (event: StoredEvent) => event.receivedAt + 86_400_000;
