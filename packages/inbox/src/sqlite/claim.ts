import { type ClaimRequest, MAX_CLAIMED_BYTES } from '../store.js';
import { type ClaimedRow, claimedColumns } from './rows.js';
import type { SqliteSession } from './session.js';

/**
 * How long an event behind another one of its order key is left alone. It is woken in the commit in which that one ends,
 * so this need not be short: each look at it costs a row's change.
 */
export const BEHIND_MS = 600_000;

/** More than were asked for, as some may be behind others. */
const MORE = 20;

/** That an event `e` is behind another one of its order key. */
const isBehind = `e.order_key IS NOT NULL AND (
  EXISTS (SELECT 1 FROM inbox_event p WHERE p.order_key = e.order_key AND p.state IN ('waiting', 'running') AND p.id < e.id)
  OR EXISTS (SELECT 1 FROM inbox_event p WHERE p.order_key = e.order_key AND p.state = 'running'))`;

interface Candidate {
  readonly id: number;
  readonly size: number;
  readonly is_behind: number;
}

/** Takes events that are due. */
export function claim(session: SqliteSession, request: ClaimRequest): { rows: ClaimedRow[]; more: boolean } {
  const { owner, limit, leaseMs, exceptKinds } = request;
  const now = session.now();
  const except = exceptKinds.length === 0 ? '' : `AND kind NOT IN (${exceptKinds.map(() => '?').join(', ')})`;
  const wanted = limit + MORE;
  const candidates = session
    .sql(
      `SELECT id, length(body) AS size, ${isBehind} AS is_behind FROM inbox_event e WHERE state = 'waiting' AND due_at <= ? ${except}
       ORDER BY due_at, id LIMIT ?`,
    )
    .all(now, ...exceptKinds, wanted) as Candidate[];
  const idsOf = (rows: readonly { id: number }[]) => JSON.stringify(rows.map((row) => row.id));
  const behind = candidates.filter((row) => row.is_behind === 1);
  if (behind.length > 0) {
    session
      .sql('UPDATE inbox_event SET due_at = ? WHERE id IN (SELECT value FROM json_each(?))')
      .run(now + BEHIND_MS, idsOf(behind));
  }
  const free = candidates.filter((row) => row.is_behind === 0);
  let bytes = 0;
  const some = free.slice(0, limit).filter(({ size }) => {
    const fits = bytes < MAX_CLAIMED_BYTES;
    bytes += size;
    return fits;
  });
  const more = free.length > some.length || candidates.length === wanted;
  if (some.length === 0) return { rows: [], more };
  const taken = idsOf(some);
  session
    .sql(
      `UPDATE inbox_event SET state = 'running', attempts = attempts + 1, lease = ?, lease_until = ?
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
    .run(session.newLease(owner), now + leaseMs, taken);
  const rows = session
    .sql(`SELECT ${claimedColumns} FROM inbox_event WHERE id IN (SELECT value FROM json_each(?)) ORDER BY due_at, id`)
    .all(taken) as ClaimedRow[];
  return { rows, more };
}

/** True when an event of this order key is not done yet. */
export function isWaitedFor(session: SqliteSession, orderKey: string): boolean {
  return (
    session
      .sql(`SELECT 1 AS one FROM inbox_event WHERE order_key = ? AND state IN ('waiting', 'running') LIMIT 1`)
      .get(orderKey) !== undefined
  );
}

/**
 * Lets the first event of an order key be due, in the place that it had, after the event with this id ended. One that
 * failed before is left to its own time, unless it was behind. One that was put off, and whose time has come meanwhile, is
 * still to have its old place.
 */
export function wakeNext(session: SqliteSession, orderKey: string | null, ended: number): void {
  if (orderKey !== null) wakeAll(session, [[orderKey, ended]]);
}

/** The same for many: order key and id of each. */
export function wakeAll(session: SqliteSession, ended: readonly (readonly [string, number])[]): void {
  if (ended.length === 0) return;
  const now = session.now();
  session
    .sql(
      `UPDATE inbox_event AS e SET due_at = min(e.received_at, ?) FROM (
         SELECT i.value ->> 1 AS ended, (SELECT p.id FROM inbox_event p WHERE p.order_key = i.value ->> 0
           AND p.state IN ('waiting', 'running') ORDER BY p.id LIMIT 1) AS head FROM json_each(?) i) w
       WHERE e.id = w.head AND e.id <> w.ended AND e.state = 'waiting' AND (e.attempts = 0 OR e.id > w.ended)
         AND (e.due_at > ? OR (e.errors = '[]' AND e.due_at >= e.received_at + ${BEHIND_MS}))`,
    )
    .run(now, JSON.stringify(ended), now);
}
