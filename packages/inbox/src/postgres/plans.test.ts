import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import { postgresStore } from './postgres-store.js';
import { statementsFor } from './statements.js';

const url = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
const isThere = await client.connect().then(
  () => true,
  () => false,
);

const EVENTS = 20_000;
const KEYS = 5;

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

/** A backlog of a day, and of few order keys, must not make any of this slower. */
it.skipIf(!isThere)('looks through no table to take and settle events (skipped where no PostgreSQL runs)', async () => {
  const schema = `plans_${randomBytes(6).toString('hex')}`;
  const store = postgresStore({ url, schema });
  try {
    await store.stats();
    await client.query(
      `INSERT INTO ${schema}.inbox_event (kind, identity, url, event_key, order_key, received_at, due_at, content_type_signed,
         headers, body)
       SELECT 'open', 'environment-1', 'https://example.com/', g, 'key ' || g % ${KEYS}, g, g, true, '[]', repeat('x', 300)::bytea
       FROM generate_series(1, ${EVENTS}) g`,
    );
    await client.query(
      `INSERT INTO ${schema}.inbox_replay SELECT g::text::bytea, 1e15 FROM generate_series(1, ${EVENTS}) g`,
    );
    await client.query(`INSERT INTO ${schema}.inbox_key SELECT g, 1e15 FROM generate_series(1, ${EVENTS}) g`);
    await client.query(`ANALYZE ${schema}.inbox_event, ${schema}.inbox_replay, ${schema}.inbox_key`);
    await client.query('BEGIN; SET LOCAL enable_bitmapscan = off');
    const explain = async (sql: string, values: unknown[]) => {
      const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, values);
      const plan = rows[0]?.['QUERY PLAN'][0].Plan as Node;
      const all = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(all)];
      const through = all(plan).filter((node) => node['Node Type'] === 'Seq Scan');
      return {
        through: through.map((node) => node['Relation Name']),
        pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      };
    };
    const { claim, settle, wakeNext, expire, sweep, sweepHandled } = statementsFor(schema);
    const taken = await explain(claim, [0, [], 120, 'one#1', 60_000, 100]);
    const ids = [1, 2, 3, 4, 5];
    const leases = ids.map(() => 'one#1');
    const settled = await explain(settle, [
      0,
      ids,
      leases,
      ids.map(() => 'handled'),
      ids.map(() => 0),
      ids.map(() => null),
    ]);
    const woken = await explain(wakeNext, [0, ids.map((id) => `key ${id % KEYS}`), ids]);
    const expired = await explain(expire, [0, [], 25]);
    const swept: Awaited<ReturnType<typeof explain>>[] = [];
    for (const sql of [...sweep, sweepHandled]) swept.push(await explain(sql, [0]));
    const all = [taken, settled, woken, expired, ...swept];
    expect(all.map(({ through }) => through)).toEqual(all.map(() => []));
    // The table has over a thousand pages, and each candidate costs some.
    expect(taken.pages).toBeLessThan(6000);
    for (const { pages } of [settled, woken, expired, ...swept]) expect(pages).toBeLessThan(500);
  } finally {
    await client.query('ROLLBACK');
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
    await client.end();
    await store.close();
  }
});
