import type { AttemptError, ClaimedEvent, EventState, StoredEvent } from '../store.js';

/** A row of inbox_event; bigint comes as text. */
export interface EventRow {
  readonly id: string;
  readonly state: EventState;
  readonly kind: string;
  readonly recipient: string | null;
  readonly identity: string;
  readonly url: string;
  readonly event_key: string;
  readonly order_key: string | null;
  readonly received_at: string;
  readonly due_at: string;
  readonly attempts: number;
  readonly lease: string | null;
  readonly settled_at: string | null;
  readonly errors: AttemptError[];
  readonly content_type: string | null;
  readonly content_type_signed: boolean;
  readonly headers: string;
  readonly body: Buffer;
}

function common(row: EventRow) {
  return {
    id: Number(row.id),
    kind: row.kind,
    identity: row.identity,
    url: row.url,
    eventKey: row.event_key,
    orderKey: row.order_key,
    receivedAt: Number(row.received_at),
    contentType: row.content_type,
    contentTypeSigned: row.content_type_signed,
    headers: JSON.parse(row.headers) as string[],
    body: row.body,
  };
}

export function toClaimedEvent(row: EventRow): ClaimedEvent {
  return { ...common(row), lease: row.lease ?? '', attempt: row.attempts };
}

export function toStoredEvent(row: EventRow): StoredEvent {
  return {
    ...common(row),
    state: row.state,
    recipient: row.recipient,
    dueAt: Number(row.due_at),
    attempts: row.attempts,
    settledAt: row.settled_at === null ? null : Number(row.settled_at),
    errors: row.errors.map(({ at, attempt, message }) => ({ at, attempt, message })),
  };
}
