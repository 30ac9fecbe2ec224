import type { NewCall } from '../store.js';
import { BEHIND_MS, isWaitedFor } from './claim.js';
import type { SqliteSession } from './session.js';

/** Keeps calls, and tells of each whether it is new. */
export function accept(session: SqliteSession, calls: readonly NewCall[]): boolean[] {
  const now = session.now();
  const replay = session.sql(
    'INSERT INTO inbox_replay (replay_key, until) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1 AS one',
  );
  const key = session.sql(
    `INSERT INTO inbox_key (event_key, until) VALUES (?, ?)
     ON CONFLICT (event_key) DO UPDATE SET until = excluded.until WHERE inbox_key.until <= ? RETURNING 1 AS one`,
  );
  const event = session.sql(
    `INSERT INTO inbox_event (kind, recipient, identity, url, event_key, order_key, received_at, due_at, content_type,
       content_type_signed, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let repeats = 0;
  const kept = calls.map((call) => {
    const isNew =
      replay.get(asBlob(call.replayKey), call.replayUntil) !== undefined &&
      (call.eventKeyUntil === null || key.get(call.eventKey, call.eventKeyUntil, now) !== undefined);
    if (!isNew) {
      repeats++;
      return false;
    }
    event.run(
      call.kind,
      call.recipient,
      call.identity,
      call.url,
      call.eventKey,
      call.orderKey,
      call.receivedAt,
      call.orderKey !== null && isWaitedFor(session, call.orderKey) ? now + BEHIND_MS : now,
      call.contentType,
      call.contentTypeSigned ? 1 : 0,
      JSON.stringify(call.headers),
      asBlob(call.body),
    );
    return true;
  });
  if (repeats > 0) countRepeats(session, repeats);
  return kept;
}

export function countRepeats(session: SqliteSession, count: number): void {
  addTo(session, 'duplicates', count);
}

/** Adds to a counter for what is no longer, or never was, an event in the table. */
export function addTo(session: SqliteSession, name: string, count: number): void {
  session
    .sql(
      'INSERT INTO inbox_count (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
    )
    .run(name, count);
}

/** What both drivers take for bytes. */
export function asBlob(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
