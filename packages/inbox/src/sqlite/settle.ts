import type { Outcome } from '../store.js';
import { wakeNext } from './claim.js';
import type { SqlValue } from './driver.js';
import { type EventRow, withError } from './rows.js';
import type { SqliteSession } from './session.js';

/** Writes down how attempts ended; false for those whose lease was lost. */
export function settle(session: SqliteSession, outcomes: readonly Outcome[]): boolean[] {
  return outcomes.map((outcome) => settleOne(session, outcome));
}

/** What a handler wrote with `tx`. */
export interface Effect {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Carries out what a handler wrote, and marks its event as handled; false, and nothing, when the lease was lost. */
export function commit(session: SqliteSession, id: number, lease: string, effects: readonly Effect[]): boolean {
  if (!settleOne(session, { id, lease, to: 'handled' })) return false;
  for (const { sql, values } of effects) session.runUser(sql, values);
  return true;
}

function settleOne(session: SqliteSession, outcome: Outcome): boolean {
  const { id, lease } = outcome;
  const row = session
    .sql(`SELECT attempts, errors, order_key FROM inbox_event WHERE id = ? AND state = 'running' AND lease = ?`)
    .get(id, lease) as Pick<EventRow, 'attempts' | 'errors' | 'order_key'> | undefined;
  if (row === undefined) return false;
  const now = session.now();
  const error = outcome.to === 'handled' ? undefined : outcome.error;
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
