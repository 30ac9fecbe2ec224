import type { Outcome } from '../store.js';
import { wakeAll, wakeNext } from './claim.js';
import type { SqlValue } from './driver.js';
import { type EventRow, withError } from './rows.js';
import type { SqliteSession } from './session.js';

/** Writes down how attempts ended; false for those whose lease was lost. */
export function settle(session: SqliteSession, outcomes: readonly Outcome[]): boolean[] {
  const handled = endHandled(
    session,
    outcomes.filter((outcome) => outcome.to === 'handled'),
  );
  return outcomes.map((outcome) =>
    outcome.to === 'handled' ? handled.delete(outcome.id) : settleOne(session, outcome),
  );
}

/** What a handler wrote with `tx`. */
export interface Effect {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Carries out what a handler wrote, and marks its event as handled; false, and nothing, when the lease was lost. */
export function commit(session: SqliteSession, id: number, lease: string, effects: readonly Effect[]): boolean {
  if (endHandled(session, [{ id, lease }]).size === 0) return false;
  for (const { sql, values } of effects) session.runUser(sql, values);
  return true;
}

/** Most go well: one statement for all that were taken together. Gives the ids of those that are marked. */
function endHandled(session: SqliteSession, events: readonly { id: number; lease: string }[]): Set<number> {
  const ids = new Set<number>();
  const byLease = new Map<string, number[]>();
  for (const { id, lease } of events) {
    const others = byLease.get(lease);
    if (others === undefined) byLease.set(lease, [id]);
    else others.push(id);
  }
  const now = session.now();
  const statement = session.sql(
    `UPDATE inbox_event SET state = 'handled', settled_at = ?, due_at = ?, lease = NULL, lease_until = NULL
     WHERE id IN (SELECT value FROM json_each(?)) AND state = 'running' AND lease = ? RETURNING id, order_key`,
  );
  for (const [lease, some] of byLease) {
    const rows = statement.all(now, now, JSON.stringify(some), lease) as Pick<EventRow, 'id' | 'order_key'>[];
    for (const row of rows) ids.add(row.id);
    wakeAll(
      session,
      rows.flatMap(({ id, order_key: key }) => (key === null ? [] : [[key, id] as const])),
    );
  }
  return ids;
}

function settleOne(session: SqliteSession, outcome: Exclude<Outcome, { to: 'handled' }>): boolean {
  const { id, lease, error } = outcome;
  const row = session
    .sql(`SELECT attempts, errors, order_key FROM inbox_event WHERE id = ? AND state = 'running' AND lease = ?`)
    .get(id, lease) as Pick<EventRow, 'attempts' | 'errors' | 'order_key'> | undefined;
  if (row === undefined) return false;
  const now = session.now();
  const errors =
    error === undefined ? row.errors : withError(row.errors, { at: now, attempt: row.attempts, message: error });
  // What was not tried is not counted.
  const attempts = outcome.to === 'waiting' && error === undefined ? row.attempts - 1 : row.attempts;
  session
    .sql(
      `UPDATE inbox_event SET state = ?, attempts = ?, errors = ?, due_at = ?, settled_at = ?, lease = NULL,
         lease_until = NULL WHERE id = ?`,
    )
    .run(
      outcome.to,
      attempts,
      errors,
      outcome.to === 'waiting' ? now + outcome.afterMs : now,
      outcome.to === 'waiting' ? null : now,
      id,
    );
  wakeNext(session, row.order_key, id);
  return true;
}
