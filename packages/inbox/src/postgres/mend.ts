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
  runner: SqlRunner,
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
  await wakeBehind(runner, statements, offsetMs, found).catch(() => {});
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

/** Takes in events of another store, in their order. */
export async function importEvents(runner: SqlRunner, events: readonly StoredEvent[]): Promise<number> {
  return runner.transaction(async (client) => {
    let count = 0;
    for (const event of events) {
      const { rowCount } = await client.query(
        `INSERT INTO ${runner.schema}.inbox_event (state, kind, recipient, identity, url, event_key, order_key, received_at,
           due_at, attempts, settled_at, errors, content_type, content_type_signed, headers, body)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8::bigint, $9, $10, $11, $12, $13, $14, $15, $16
         WHERE NOT EXISTS (SELECT 1 FROM ${runner.schema}.inbox_event WHERE event_key = $6 AND received_at = $8::bigint)`,
        [
          event.state === 'running' ? 'waiting' : event.state,
          event.kind,
          event.recipient,
          event.identity,
          event.url,
          event.eventKey,
          event.orderKey,
          event.receivedAt,
          event.dueAt,
          event.attempts,
          event.settledAt,
          JSON.stringify(event.errors),
          event.contentType,
          event.contentTypeSigned,
          JSON.stringify(event.headers),
          bytes(event.body),
        ],
      );
      if (rowCount === 0) continue;
      count++;
      await client.query(
        `INSERT INTO ${runner.schema}.inbox_key (event_key, until) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
        [event.eventKey, event.receivedAt + 86_400_000],
      );
    }
    return count;
  });
}

/** pg takes Buffers for bytes; any other array it takes for a list. */
export function bytes(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
