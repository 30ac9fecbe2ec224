import { wakeNext } from './claim.js';
import { type EventRow, withError } from './rows.js';
import type { SqliteSession } from './session.js';

/** Prolongs leases; gives the ids that are lost. */
export function renew(
  session: SqliteSession,
  leases: readonly { id: number; lease: string }[],
  leaseMs: number,
): number[] {
  const statement = session.sql(
    `UPDATE inbox_event SET lease_until = ? WHERE id = ? AND state = 'running' AND lease = ? RETURNING id`,
  );
  const until = session.now() + leaseMs;
  return leases.filter(({ id, lease }) => statement.get(until, id, lease) === undefined).map(({ id }) => id);
}

/** Takes back what nobody holds any more. */
export function expire(session: SqliteSession, request: { owners: readonly string[]; maxAttempts: number }): number {
  const now = session.now();
  const lost = session
    .sql(`SELECT id, lease, attempts, errors, order_key FROM inbox_event WHERE state = 'running' AND lease_until <= ?`)
    .all(now) as EventRow[];
  const ofOwner = session.sql(
    `SELECT id, lease, attempts, errors, order_key FROM inbox_event
     WHERE state = 'running' AND lease_until > ? AND substr(lease, 1, length(?)) = ?`,
  );
  for (const owner of request.owners) lost.push(...(ofOwner.all(now, `${owner}#`, `${owner}#`) as EventRow[]));
  const back = session.sql(
    `UPDATE inbox_event SET state = ?, due_at = ?, settled_at = ?, errors = ?, lease = NULL, lease_until = NULL WHERE id = ?`,
  );
  for (const row of lost) {
    const isDead = row.attempts >= request.maxAttempts;
    // The first loss is most likely a restart; who is lost again and again may be what kills its workers.
    const wait = row.attempts <= 1 ? 0 : Math.min(60_000, 50 * 2 ** row.attempts) * Math.random();
    const errors = withError(row.errors, {
      at: now,
      attempt: row.attempts,
      message: 'The worker ended, or lost its lease.',
    });
    back.run(isDead ? 'dead' : 'waiting', Math.round(now + wait), isDead ? now : null, errors, row.id);
    wakeNext(session, row.order_key, row.id);
  }
  return lost.length;
}

export function owners(session: SqliteSession): string[] {
  const rows = session
    .sql(`SELECT DISTINCT substr(lease, 1, instr(lease, '#') - 1) AS owner FROM inbox_event WHERE state = 'running'`)
    .all() as { owner: string }[];
  return rows.map((row) => row.owner);
}
