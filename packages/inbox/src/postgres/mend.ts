import { importedColumns, importedKeyUntil, importedValues } from '../imported.js';
import type { EventFilter, Page, PageChange, StoredEvent } from '../store.js';
import { whereOf } from './look.js';
import type { PostgresClient } from './pool.js';
import type { SqlRunner } from './runner.js';
import type { Statements } from './statements.js';

interface Found extends Ended {
  readonly state: string;
}

/** An event that others of its order key may wait for. */
export interface Ended {
  readonly id: string;
  readonly order_key: string | null;
}

/** Lets the first event of each order key go on that was behind one of these. */
export async function wakeBehind(
  runner: Pick<SqlRunner, 'query'> | PostgresClient,
  statements: Statements,
  offsetMs: number,
  ended: readonly Ended[],
): Promise<void> {
  const ordered = ended.filter((row) => row.order_key !== null);
  if (ordered.length === 0) return;
  const values = [offsetMs, ordered.map((row) => row.order_key), ordered.map((row) => row.id)];
  await runner.query(statements.wakeNext, values);
}

/** Goes over a page of events that are not running, changes those found, and lets what was behind them go on. */
export async function walk(
  runner: SqlRunner,
  statements: Statements,
  offsetMs: number,
  filter: EventFilter,
  page: Page,
  change: (client: PostgresClient, ids: string[], rows: readonly Found[]) => Promise<unknown>,
): Promise<PageChange> {
  const { found, next } = await runner.transaction(async (client) => {
    const values: unknown[] = [page.after];
    const where = whereOf(filter, values);
    const { rows } = await client.query(
      `SELECT id, state, order_key FROM ${runner.schema}.inbox_event WHERE id > $1 ${where}
       ORDER BY id LIMIT ${Number(page.limit)} FOR UPDATE`,
      values,
    );
    const some = (rows as Found[]).filter((row) => row.state !== 'running');
    const ids = some.map((row) => row.id);
    if (ids.length > 0) await change(client, ids, some);
    return { found: some, next: rows.length < page.limit ? null : Number(rows.at(-1)?.id) };
  });
  // Nothing is behind what was over: the first of its key may be failing, and has a time of its own.
  const before = found.filter((row) => row.state === 'waiting');
  await wakeBehind(runner, statements, offsetMs, before).catch(() => {});
  return { changed: found.length, next };
}

export async function retry(
  runner: SqlRunner,
  statements: Statements,
  offsetMs: number,
  filter: EventFilter,
  page: Page,
): Promise<PageChange> {
  return walk(runner, statements, offsetMs, { states: ['dead', 'waiting'], ...filter }, page, (client, ids) =>
    client.query(statements.retry, [offsetMs, ids]),
  );
}

export async function park(
  runner: SqlRunner,
  statements: Statements,
  offsetMs: number,
  filter: EventFilter,
  page: Page,
): Promise<PageChange> {
  const states = (filter.states ?? ['waiting']).filter((one) => one === 'waiting');
  return walk(runner, statements, offsetMs, { ...filter, states }, page, (client, ids) =>
    client.query(statements.park, [offsetMs, ids]),
  );
}

/** Takes in events of another store, in their order. One is known by its key, its time and its header lines, which are signed. */
export async function importEvents(runner: SqlRunner, events: readonly StoredEvent[]): Promise<number> {
  const event = `${runner.schema}.inbox_event`;
  const distinct = new Map(
    events.map((one) => [`${one.receivedAt} ${one.eventKey} ${JSON.stringify(one.headers)}`, one]),
  );
  const rows = [...distinct.values()].map((one) => [
    ...importedValues(one),
    one.contentTypeSigned,
    JSON.stringify(one.headers),
    bytes(one.body),
    importedKeyUntil(one),
  ]);
  const columns = Array.from({ length: 17 }, (_, column) => rows.map((row) => row[column]));
  return runner.transaction(async (client) => {
    // For imports alone: accepting is faster without it.
    await client.query(`CREATE INDEX IF NOT EXISTS inbox_event_received ON ${event} (received_at)`);
    const { rowCount } = await client.query(
      `WITH input AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
           $9::bigint[], $10::int[], $11::bigint[], $12::jsonb[], $13::text[], $14::boolean[], $15::text[], $16::bytea[],
           $17::bigint[]) WITH ORDINALITY AS i (${importedColumns}, until, ord)
       ),
       new AS (
         SELECT * FROM input i WHERE NOT EXISTS (SELECT 1 FROM ${event} e
           WHERE e.received_at = i.received_at AND e.event_key = i.event_key AND e.headers = i.headers)
       ),
       keyed AS (
         INSERT INTO ${runner.schema}.inbox_key (event_key, until) SELECT event_key, max(until) FROM new GROUP BY event_key
         ON CONFLICT DO NOTHING
       )
       INSERT INTO ${event} (${importedColumns}) SELECT ${importedColumns} FROM new ORDER BY ord`,
      columns,
    );
    return rowCount ?? 0;
  });
}

/** pg takes Buffers for bytes; any other array it takes for a list. */
export function bytes(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
