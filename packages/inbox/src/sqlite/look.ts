import type { EventFilter, Page, StoredEvent, StoreStats } from '../store.js';
import type { SqlValue } from './driver.js';
import { type EventRow, toStoredEvent } from './rows.js';
import type { SqliteSession } from './session.js';

/** What is in the store, and has been. */
export function stats(session: SqliteSession): StoreStats {
  const count = (state: string): number =>
    (session.sql(`SELECT count(*) AS n FROM inbox_event WHERE state = '${state}'`).get() as { n: number }).n;
  const past = new Map(
    (session.sql('SELECT name, value FROM inbox_count').all() as { name: string; value: number }[]).map((row) => [
      row.name,
      row.value,
    ]),
  );
  const oldest = session
    .sql(
      `SELECT min(received_at) AS at FROM (SELECT received_at FROM inbox_event WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1000)`,
    )
    .get() as { at: number | null };
  const states = { waiting: count('waiting'), running: count('running'), dead: count('dead') };
  const handled = count('handled') + (past.get('pruned-handled') ?? 0);
  return {
    accepted: states.waiting + states.running + states.dead + handled + (past.get('pruned-other') ?? 0),
    ...states,
    handled,
    duplicates: past.get('duplicates') ?? 0,
    oldestWaiting: oldest.at,
  };
}

export function countWaiting(session: SqliteSession, limit: number): number {
  const row = session
    .sql(`SELECT count(*) AS n FROM (SELECT 1 FROM inbox_event WHERE state = 'waiting' LIMIT ?)`)
    .get(limit) as { n: number };
  return row.n;
}

export function list(session: SqliteSession, filter: EventFilter, page: Page): StoredEvent[] {
  const { where, values } = whereOf(filter);
  const rows = session
    .sql(`SELECT * FROM inbox_event WHERE id > ? ${where} ORDER BY id LIMIT ?`)
    .all(page.after, ...values, page.limit) as EventRow[];
  return rows.map(toStoredEvent);
}

/** A filter as conditions, with what is asked for as values. */
export function whereOf(filter: EventFilter): { where: string; values: SqlValue[] } {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (sql: string, ...given: SqlValue[]) => {
    parts.push(`AND ${sql}`);
    values.push(...given);
  };
  const { ids, states, kind, recipient, receivedBefore, error } = filter;
  if (ids !== undefined) add('id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
  if (states !== undefined) add('state IN (SELECT value FROM json_each(?))', JSON.stringify(states));
  if (kind !== undefined) add('kind = ?', kind);
  if (recipient !== undefined) add('lower(recipient) = lower(?)', recipient);
  if (receivedBefore !== undefined) add('received_at < ?', receivedBefore);
  if (error !== undefined) add(`instr(lower(json_extract(errors, '$[#-1].message')), lower(?)) > 0`, error);
  return { where: parts.join(' '), values };
}
