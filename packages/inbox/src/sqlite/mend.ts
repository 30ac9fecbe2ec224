import { importedColumns, importedKeyUntil, importedValues } from '../imported.js';
import type { EventFilter, Page, PageChange, StoredEvent } from '../store.js';
import { addTo, asBlob } from './accept.js';
import { wakeNext } from './claim.js';
import { whereOf } from './look.js';
import { type EventRow, withError } from './rows.js';
import type { SqliteSession } from './session.js';

const SWEPT = 5000;

type Found = Pick<EventRow, 'id' | 'state' | 'errors' | 'attempts' | 'order_key'>;

export function retry(session: SqliteSession, filter: EventFilter, page: Page): PageChange {
  const again = session.sql(
    `UPDATE inbox_event SET state = 'waiting', due_at = ?, attempts = 0, settled_at = NULL WHERE id = ?`,
  );
  return walk(session, { states: ['dead', 'waiting'], ...filter }, page, (row, now) => {
    if (row.state === 'running') return false;
    again.run(now, row.id);
    return true;
  });
}

export function park(session: SqliteSession, filter: EventFilter, page: Page): PageChange {
  const away = session.sql(`UPDATE inbox_event SET state = 'dead', settled_at = ?, errors = ? WHERE id = ?`);
  return walk(session, { states: ['waiting'], ...filter }, page, (row, now) => {
    if (row.state !== 'waiting') return false;
    away.run(now, withError(row.errors, { at: now, attempt: row.attempts, message: 'Parked by hand.' }), row.id);
    wakeNext(session, row.order_key, row.id);
    return true;
  });
}

export function prune(session: SqliteSession, filter: EventFilter, page: Page): PageChange {
  const remove = session.sql('DELETE FROM inbox_event WHERE id = ?');
  const counts = { handled: 0, other: 0 };
  const change = walk(session, filter, page, (row) => {
    if (row.state === 'running') return false;
    remove.run(row.id);
    counts[row.state === 'handled' ? 'handled' : 'other']++;
    // Nothing is behind what is over: the first of its key may be failing, and has a time of its own.
    if (row.state === 'waiting') wakeNext(session, row.order_key, row.id);
    return true;
  });
  if (counts.handled > 0) addTo(session, 'pruned-handled', counts.handled);
  if (counts.other > 0) addTo(session, 'pruned-other', counts.other);
  return change;
}

/** Forgets what is over, some of it at a time; true when there may be more. */
export function sweep(session: SqliteSession, handledBefore: number): boolean {
  const now = session.now();
  const count = (sql: string, before: number) => session.sql(sql).all(before, SWEPT).length;
  const replays = count(
    `DELETE FROM inbox_replay WHERE replay_key IN (SELECT replay_key FROM inbox_replay WHERE until <= ? LIMIT ?)
     RETURNING 1 AS one`,
    now,
  );
  const keys = count(
    `DELETE FROM inbox_key WHERE event_key IN (SELECT event_key FROM inbox_key WHERE until <= ? LIMIT ?) RETURNING 1 AS one`,
    now,
  );
  const old = count(
    `DELETE FROM inbox_event WHERE id IN
       (SELECT id FROM inbox_event WHERE state = 'handled' AND settled_at < ? ORDER BY settled_at LIMIT ?) RETURNING 1 AS one`,
    handledBefore,
  );
  if (old > 0) addTo(session, 'pruned-handled', old);
  return [replays, keys, old].includes(SWEPT);
}

/** Takes in events of another store. One is known by its key, its time and its header lines, which are signed. */
export function importEvents(session: SqliteSession, events: readonly StoredEvent[]): number {
  // For imports alone: accepting is faster without it.
  session.exec('CREATE INDEX IF NOT EXISTS inbox_event_received ON inbox_event (received_at)');
  const there = session.sql('SELECT 1 AS one FROM inbox_event WHERE received_at = ? AND event_key = ? AND headers = ?');
  const key = session.sql('INSERT INTO inbox_key (event_key, until) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const insert = session.sql(
    `INSERT INTO inbox_event (${importedColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let count = 0;
  for (const event of events) {
    const headers = JSON.stringify(event.headers);
    if (there.get(event.receivedAt, event.eventKey, headers) !== undefined) continue;
    insert.run(...importedValues(event), event.contentTypeSigned ? 1 : 0, headers, asBlob(event.body));
    key.run(event.eventKey, importedKeyUntil(event));
    count++;
  }
  return count;
}

function walk(
  session: SqliteSession,
  filter: EventFilter,
  page: Page,
  change: (row: Found, now: number) => boolean,
): PageChange {
  const { where, values } = whereOf(filter);
  const rows = session
    .sql(`SELECT id, state, errors, attempts, order_key FROM inbox_event WHERE id > ? ${where} ORDER BY id LIMIT ?`)
    .all(page.after, ...values, page.limit) as Found[];
  const now = session.now();
  const changed = rows.filter((row) => change(row, now)).length;
  return { changed, next: rows.length < page.limit ? null : (rows.at(-1)?.id ?? null) };
}
