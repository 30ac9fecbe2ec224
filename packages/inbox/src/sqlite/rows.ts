import type { AttemptError, ClaimedEvent, EventState, StoredEvent } from '../store.js';

/** A row of inbox_event, as the driver gives it. */
export interface EventRow {
  readonly id: number;
  readonly state: EventState;
  readonly kind: string;
  readonly recipient: string | null;
  readonly identity: string;
  readonly url: string;
  readonly event_key: string;
  readonly order_key: string | null;
  readonly received_at: number;
  readonly due_at: number;
  readonly attempts: number;
  readonly lease: string | null;
  readonly settled_at: number | null;
  readonly errors: string;
  readonly content_type: string | null;
  readonly content_type_signed: number;
  readonly headers: string;
  /** libsql gives an ArrayBuffer where it gives several rows. */
  readonly body: Uint8Array | ArrayBuffer;
}

const MAX_ERRORS = 10;

export function toStoredEvent(row: EventRow): StoredEvent {
  return {
    id: row.id,
    state: row.state,
    kind: row.kind,
    recipient: row.recipient,
    identity: row.identity,
    url: row.url,
    eventKey: row.event_key,
    orderKey: row.order_key,
    receivedAt: row.received_at,
    dueAt: row.due_at,
    attempts: row.attempts,
    settledAt: row.settled_at,
    errors: JSON.parse(row.errors) as AttemptError[],
    contentType: row.content_type,
    contentTypeSigned: row.content_type_signed === 1,
    headers: JSON.parse(row.headers) as string[],
    body: bytesOf(row.body),
  };
}

/** What a worker needs of a row. */
export const claimedColumns =
  'id, lease, attempts, kind, identity, url, event_key, order_key, received_at, content_type, content_type_signed, headers, body';

/** A row of these. */
export type ClaimedRow = Omit<EventRow, 'state' | 'recipient' | 'due_at' | 'settled_at' | 'errors'>;

export function toClaimedEvent(row: ClaimedRow): ClaimedEvent {
  return {
    id: row.id,
    lease: row.lease ?? '',
    attempt: row.attempts,
    kind: row.kind,
    identity: row.identity,
    url: row.url,
    eventKey: row.event_key,
    orderKey: row.order_key,
    receivedAt: row.received_at,
    contentType: row.content_type,
    contentTypeSigned: row.content_type_signed === 1,
    headers: JSON.parse(row.headers) as string[],
    body: bytesOf(row.body),
  };
}

/** Adds an error to those of a row; the oldest go. */
export function withError(errors: string, error: AttemptError): string {
  return JSON.stringify([...(JSON.parse(errors) as AttemptError[]), error].slice(-MAX_ERRORS));
}

function bytesOf(body: Uint8Array | ArrayBuffer): Uint8Array {
  return body instanceof ArrayBuffer ? new Uint8Array(body) : body;
}
