import type { ClaimedEvent, ClaimRequest } from '../store.js';
import { type EventRow, toClaimedEvent, withError } from './rows.js';
import type { SqliteSession } from './session.js';

/** How long an event behind another one of its order key is left alone; it is woken when that one is settled. */
const BEHIND_MS = 30_000;

/** Takes events that are due. */
export function claim(session: SqliteSession, request: ClaimRequest): { events: ClaimedEvent[]; more: boolean } {
  const { owner, limit, leaseMs, exceptKinds } = request;
  const now = session.now();
  const except = exceptKinds.length === 0 ? '' : `AND kind NOT IN (${exceptKinds.map(() => '?').join(', ')})`;
  const wanted = limit * 2 + 20;
  const candidates = session
    .sql(
      `SELECT id, order_key FROM inbox_event WHERE state = 'waiting' AND due_at <= ? ${except}
       ORDER BY due_at, id LIMIT ?`,
    )
    .all(now, ...exceptKinds, wanted) as Pick<EventRow, 'id' | 'order_key'>[];
  const first = session.sql(
    `SELECT id, state FROM inbox_event WHERE order_key = ? AND state IN ('waiting', 'running') ORDER BY id LIMIT 1`,
  );
  const isRunning = session.sql(`SELECT 1 AS one FROM inbox_event WHERE order_key = ? AND state = 'running'`);
  const take = session.sql(
    `UPDATE inbox_event SET state = 'running', attempts = attempts + 1, lease = ?, lease_until = ? WHERE id = ? RETURNING *`,
  );
  const behind = session.sql('UPDATE inbox_event SET due_at = ? WHERE id = ?');
  const lease = session.newLease(owner);
  const events: ClaimedEvent[] = [];
  let seen = 0;
  for (const { id, order_key: orderKey } of candidates) {
    if (events.length >= limit) break;
    seen++;
    if (orderKey !== null) {
      const head = first.get(orderKey) as { id: number } | undefined;
      if (head?.id !== id || isRunning.get(orderKey) !== undefined) {
        behind.run(now + BEHIND_MS, id);
        continue;
      }
    }
    events.push(toClaimedEvent(take.get(lease, now + leaseMs, id) as EventRow));
  }
  return { events, more: seen < candidates.length || candidates.length === wanted };
}

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

/**
 * Lets the first event of an order key be due now, after the event with this id ended. One that failed before is left to
 * its own time, unless it was behind.
 */
export function wakeNext(session: SqliteSession, orderKey: string | null, ended: number): void {
  if (orderKey === null) return;
  const now = session.now();
  session
    .sql(
      `UPDATE inbox_event SET due_at = ? WHERE state = 'waiting' AND due_at > ? AND (attempts = 0 OR id > ?) AND id =
       (SELECT min(id) FROM inbox_event WHERE order_key = ? AND state IN ('waiting', 'running'))`,
    )
    .run(now, now, ended, orderKey);
}
