import { MAX_CLAIMED_BYTES } from '../store.js';

/** The present, in milliseconds since 1970, by the server's clock: those of several machines differ. $offset is for tests. */
const clock = '(floor(extract(epoch from clock_timestamp()) * 1000)::bigint + $1::bigint)';

/** So many rows are forgotten at a time. */
export const SWEPT = 5000;

/** As long as something is behind another event of its order key it is left alone: each look at it costs a row's change. */
const BEHIND_MS = 600_000;

/** The place that an event had before it was put off behind another one. */
const oldPlace = `least(e.received_at, ${clock})`;

/** Put off behind another one, asleep or with its time come meanwhile. What was never tried has no other reason to be late. */
const isPutOff = `(e.due_at > ${clock} OR (e.errors = '[]' AND e.due_at >= e.received_at + ${BEHIND_MS}))`;

/** The errors of an event `e` with another one; the last ten. */
const errorsWith = (message: string) => `
  (CASE WHEN jsonb_array_length(e.errors) >= 10 THEN e.errors - 0 ELSE e.errors END)
  || jsonb_build_object('at', ${clock}, 'attempt', e.attempts, 'message', ${message})`;

/** The statements, for a quoted schema. The first value of each is the clock's offset. */
export function statementsFor(schema: string) {
  const event = `${schema}.inbox_event`;
  /** That a waiting event is behind another of its order key. Two questions, as each has an index that answers it at once. */
  const isBehind = (e: string) => `(
    EXISTS (SELECT 1 FROM ${event} p WHERE p.order_key = ${e}.order_key AND p.state IN ('waiting', 'running') AND p.id < ${e}.id)
    OR EXISTS (SELECT 1 FROM ${event} p WHERE p.order_key = ${e}.order_key AND p.state = 'running'))`;
  return {
    accept: `
      WITH present AS MATERIALIZED (SELECT ${clock} AS now),
      input AS (
        SELECT * FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
          $9::text[], $10::text[], $11::bigint[], $12::text[], $13::boolean[], $14::text[], $15::bytea[])
          WITH ORDINALITY AS i (replay_key, replay_until, event_key, key_until, kind, recipient, identity, url, order_key,
            received_at, content_type, content_type_signed, headers, body, ord)
      ),
      fresh AS (
        INSERT INTO ${schema}.inbox_replay (replay_key, until) SELECT replay_key, replay_until FROM input ORDER BY replay_key
        ON CONFLICT DO NOTHING RETURNING replay_key
      ),
      keyed AS (
        INSERT INTO ${schema}.inbox_key AS k (event_key, until)
        SELECT event_key, key_until FROM input WHERE key_until IS NOT NULL AND replay_key IN (SELECT replay_key FROM fresh)
        ORDER BY event_key
        ON CONFLICT (event_key) DO UPDATE SET until = excluded.until WHERE k.until <= (SELECT now FROM present)
        RETURNING event_key
      ),
      new AS (
        SELECT * FROM input WHERE replay_key IN (SELECT replay_key FROM fresh)
          AND (key_until IS NULL OR event_key IN (SELECT event_key FROM keyed))
      ),
      stored AS (
        INSERT INTO ${event} (kind, recipient, identity, url, event_key, order_key, received_at, due_at, content_type,
          content_type_signed, headers, body)
        SELECT kind, recipient, identity, url, event_key, order_key, received_at, (SELECT now FROM present), content_type,
          content_type_signed, headers, body FROM new ORDER BY ord
      )
      SELECT ord::int AS ord FROM new`,
    count: `
      INSERT INTO ${schema}.inbox_count AS c (name, shard, value) VALUES ($1, $2, $3)
      ON CONFLICT (name, shard) DO UPDATE SET value = c.value + excluded.value`,
    claim: `
      WITH present AS MATERIALIZED (SELECT ${clock} AS now),
      candidate AS MATERIALIZED (
        SELECT id, order_key, due_at, octet_length(body) AS size FROM ${event} WHERE state = 'waiting' AND due_at <= (SELECT now FROM present)
          AND NOT (kind = ANY ($2::text[]))
        ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
      ),
      head AS MATERIALIZED (
        SELECT id FROM candidate c WHERE order_key IS NULL OR NOT ${isBehind('c')}
      ),
      taken AS (
        UPDATE ${event} e SET state = 'running', attempts = attempts + 1, lease = $4,
          lease_until = (SELECT now FROM present) + $5::bigint
        WHERE id IN (
          SELECT id FROM (
            SELECT id, row_number() OVER places AS place, sum(size) OVER places - size AS bytes_before
            FROM candidate JOIN head USING (id) WINDOW places AS (ORDER BY due_at, id)) free
          WHERE place <= $6 AND bytes_before < ${MAX_CLAIMED_BYTES}) RETURNING e.*
      ),
      behind AS (
        UPDATE ${event} SET due_at = (SELECT now FROM present) + ${BEHIND_MS}
        WHERE id IN (SELECT id FROM candidate EXCEPT SELECT id FROM head) RETURNING id
      )
      SELECT taken.*, (SELECT count(*) FROM candidate)::int AS candidates, (SELECT count(*) FROM head)::int AS free,
        CASE WHEN row_number() OVER (ORDER BY id) = 1 THEN (SELECT array_agg(id) FROM behind) END AS behind
      FROM (SELECT 1) one LEFT JOIN taken ON true ORDER BY id`,
    renew: `
      WITH held AS (SELECT * FROM unnest($2::bigint[], $3::text[]) AS h (id, lease)),
      free AS (
        SELECT e.id FROM ${event} e JOIN held h ON h.id = e.id AND h.lease = e.lease WHERE e.state = 'running'
        ORDER BY e.id FOR UPDATE OF e SKIP LOCKED
      ),
      renewed AS (UPDATE ${event} SET lease_until = ${clock} + $4::bigint WHERE id IN (SELECT id FROM free) RETURNING id)
      SELECT e.id FROM ${event} e JOIN held h ON h.id = e.id AND h.lease = e.lease WHERE e.state = 'running'`,
    settle: `
      WITH input AS (
        SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[])
          AS i (id, lease, outcome, after_ms, error)
      ),
      mine AS (
        SELECT e.id, i.outcome, i.after_ms, i.error FROM ${event} e JOIN input i ON i.id = e.id AND i.lease = e.lease
        WHERE e.state = 'running' ORDER BY e.id FOR UPDATE OF e
      ),
      settled AS (
        UPDATE ${event} e SET state = m.outcome, lease = NULL, lease_until = NULL,
          attempts = CASE WHEN m.outcome = 'waiting' AND m.error IS NULL THEN e.attempts - 1 ELSE e.attempts END,
          due_at = ${clock} + m.after_ms,
          settled_at = CASE WHEN m.outcome = 'waiting' THEN NULL ELSE ${clock} END,
          errors = CASE WHEN m.error IS NULL THEN e.errors ELSE ${errorsWith('m.error')} END
        FROM mine m WHERE e.id = m.id RETURNING e.id, e.order_key, e.state
      ),
      woken AS (
        UPDATE ${event} e SET due_at = ${oldPlace}
        FROM settled s CROSS JOIN LATERAL (SELECT p.id FROM ${event} p
          WHERE p.order_key = s.order_key AND p.state IN ('waiting', 'running') AND p.id <> s.id ORDER BY p.id LIMIT 1) head
        WHERE s.state <> 'waiting' AND e.id = head.id AND e.state = 'waiting' AND ${isPutOff}
          AND (e.attempts = 0 OR e.id > s.id)
      )
      SELECT id, order_key FROM settled`,
    /** The same for one event, as the last statement of a handler's transaction. */
    handled: `
      UPDATE ${event} SET state = 'handled', lease = NULL, lease_until = NULL, due_at = ${clock}, settled_at = ${clock}
      WHERE id = $2 AND lease = $3 AND state = 'running' RETURNING id, order_key`,
    /**
     * Lets the first event of each of these order keys be due now, after the events with these ids ended. One that failed
     * before is left to its own time, unless it was behind.
     */
    wakeNext: `
      WITH ended AS (SELECT order_key, min(id) AS id FROM unnest($2::text[], $3::bigint[]) AS i (order_key, id) GROUP BY 1)
      UPDATE ${event} e SET due_at = ${oldPlace}
      FROM ended CROSS JOIN LATERAL (SELECT p.id FROM ${event} p
        WHERE p.order_key = ended.order_key AND p.state IN ('waiting', 'running') ORDER BY p.id LIMIT 1) head
      WHERE e.id = head.id AND e.id <> ended.id AND e.state = 'waiting' AND ${isPutOff}
        AND (e.attempts = 0 OR e.id > ended.id)`,
    /** Of these events, lets those be due now that nothing is before: it ended while they were put off. */
    wakeHeads: `
      UPDATE ${event} e SET due_at = ${oldPlace} WHERE e.id = ANY ($2::bigint[]) AND e.state = 'waiting'
        AND NOT ${isBehind('e')}`,
    expire: `
      WITH lost AS (
        SELECT id FROM ${event} WHERE state = 'running'
          AND (lease_until <= ${clock} OR split_part(lease, '#', 1) = ANY ($2::text[]))
        ORDER BY id FOR UPDATE SKIP LOCKED
      )
      UPDATE ${event} e SET lease = NULL, lease_until = NULL,
        state = CASE WHEN e.attempts >= $3 THEN 'dead' ELSE 'waiting' END,
        settled_at = CASE WHEN e.attempts >= $3 THEN ${clock} END,
        due_at = ${clock} + CASE WHEN e.attempts <= 1 THEN 0
          ELSE floor(random() * least(60000, 50 * 2 ^ least(e.attempts, 30)))::bigint END,
        errors = ${errorsWith("'The worker ended, or lost its lease.'")}
      WHERE id IN (SELECT id FROM lost) RETURNING e.id, e.order_key`,
    retry: `
      UPDATE ${event} SET state = 'waiting', attempts = 0, settled_at = NULL, due_at = ${clock} WHERE id = ANY ($2::bigint[])`,
    park: `
      UPDATE ${event} e SET state = 'dead', settled_at = ${clock}, errors = ${errorsWith("'Parked by hand.'")}
      WHERE id = ANY ($2::bigint[])`,
    owners: `SELECT DISTINCT split_part(lease, '#', 1) AS owner FROM ${event} WHERE state = 'running'`,
    countWaiting: `SELECT count(*)::int AS n FROM (SELECT 1 FROM ${event} WHERE state = 'waiting' LIMIT $1) some`,
    stats: `
      SELECT (SELECT count(*) FROM ${event} WHERE state = 'waiting') AS waiting,
        (SELECT count(*) FROM ${event} WHERE state = 'running') AS running,
        (SELECT count(*) FROM ${event} WHERE state = 'handled') AS handled,
        (SELECT count(*) FROM ${event} WHERE state = 'dead') AS dead,
        (SELECT coalesce(jsonb_object_agg(name, value), '{}') FROM
          (SELECT name, sum(value) AS value FROM ${schema}.inbox_count GROUP BY name) c) AS past,
        (SELECT min(received_at) FROM (SELECT received_at FROM ${event} WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1000) o)
          AS oldest`,
    /** By their places in the table, and in the order of an index: a planner would rather look the table through. */
    sweep: [
      `DELETE FROM ${schema}.inbox_replay WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${schema}.inbox_replay
        WHERE until <= (SELECT ${clock}) ORDER BY until LIMIT ${SWEPT} FOR UPDATE SKIP LOCKED))`,
      `DELETE FROM ${schema}.inbox_key WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${schema}.inbox_key
        WHERE until <= (SELECT ${clock}) ORDER BY until LIMIT ${SWEPT} FOR UPDATE SKIP LOCKED))`,
    ],
    sweepHandled: `DELETE FROM ${event} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${event}
        WHERE state = 'handled' AND settled_at < $1 ORDER BY settled_at LIMIT ${SWEPT} FOR UPDATE SKIP LOCKED))`,
  };
}

export type Statements = ReturnType<typeof statementsFor>;
