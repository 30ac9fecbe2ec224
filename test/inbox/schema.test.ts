import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { InboxStore } from '@smtpeter-webhooks/inbox';
import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool } from './postgres.testing.js';

const folder = new URL('schemas/', import.meta.url);
/** What each released version made, by version. */
const released = (store: string) =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${store}-`))
    .map((name) => ({ version: Number(/\d+/.exec(name)), sql: readFileSync(new URL(name, folder), 'utf8') }));
const page = readFileSync(new URL('../../docs/inbox.md', import.meta.url), 'utf8');

const states = ['waiting', 'running', 'handled', 'dead'] as const;
/** A row of each state, as any version writes it. The one that is running was lost. */
const rows = (table: string) =>
  states.map(
    (
      state,
      i,
    ) => `INSERT INTO ${table} (state, kind, recipient, identity, url, event_key, order_key, received_at, due_at,
      attempts, lease, lease_until, settled_at, errors, content_type, content_type_signed, headers, body)
    VALUES ('${state}', 'open', 'r${i}@example.com', 'environment-1', 'https://example.com/', '${`${i}`.repeat(64)}', NULL,
      ${1000 + i}, 2000, ${i}, ${state === 'running' ? "'old#1', 3000" : 'NULL, NULL'}, ${i > 1 ? 4000 : 'NULL'},
      '[{"at":1,"attempt":1,"message":"no"}]', NULL, '1', '["Host","example.com"]', '')`,
  );

async function works(store: InboxStore<unknown>): Promise<void> {
  const events = await store.list({}, { after: 0, limit: 10 });
  expect(events.map((event) => event.state)).toEqual(states);
  expect(events.map((event) => event.attempts)).toEqual([0, 1, 2, 3]);
  for (const event of events) expect(event.errors).toEqual([{ at: 1, attempt: 1, message: 'no' }]);
  await store.expire({ owners: [], maxAttempts: 25 });
  const claimed = await store.claim({ owner: 'one', limit: 10, leaseMs: 60_000, exceptKinds: [] });
  expect(claimed.events).toHaveLength(2);
  await store.settle(claimed.events.map(({ id, lease }) => ({ id, lease, to: 'handled' as const })));
  expect(await store.accept([newCall({ eventKeyUntil: Date.now() + 1000 })])).toEqual([true]);
  expect(await store.stats()).toMatchObject({ accepted: 5, waiting: 1, running: 0, handled: 3, dead: 1 });
}

describe('SQLite', () => {
  const database = (file: string) => {
    const opened = new (createRequire(import.meta.url)('libsql'))(file);
    atEnd(() => opened.close());
    return opened;
  };
  /** Tables, their columns and indexes, however they came to be. */
  const shapeOf = (opened: ReturnType<typeof database>) => ({
    version: opened.prepare('PRAGMA user_version').get().user_version,
    parts: opened
      .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY name")
      .all()
      .map(({ name, sql }: { name: string; sql: string }) => [name, sql.replace(/\s+/g, ' ')]),
  });
  const fresh = async () => {
    const file = databaseFile();
    const store = sqliteStore({ file });
    await store.stats();
    await store.close();
    return database(file);
  };

  it.each(released('sqlite'))('takes over a file of version $version, with what is in it', async ({ sql }) => {
    const file = databaseFile();
    const old = database(file);
    old.exec(sql);
    for (const row of rows('inbox_event')) old.exec(row.replace("'1'", '1').replace(/''\)$/, "x'')"));
    const store = sqliteStore({ file });
    atEnd(() => store.close());
    await works(store);
    expect(shapeOf(old)).toEqual(shapeOf(await fresh()));
  });

  it('keeps what each version made in test/inbox/schemas, and names all tables and columns in docs/inbox.md', async () => {
    const opened = await fresh();
    const { version } = shapeOf(opened);
    expect(released('sqlite').map((one) => one.version)).toEqual(Array.from({ length: version }, (_, i) => i + 1));
    const tables = opened.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'inbox%'").all();
    for (const { name: table } of tables) {
      expect(page).toContain(`\`${table}\``);
      for (const { name } of opened.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()) {
        expect(page, `${table}.${name}`).toContain(`\`${name}\``);
      }
    }
  });
});

describe.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', () => {
  const quoted = (schema: string) => `"${schema.replaceAll('"', '""')}"`;
  const shapeOf = async (schema: string) => {
    const own = pool({ max: 1 });
    const columns = await own.query(
      `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
       WHERE table_schema = $1 ORDER BY 1, ordinal_position`,
      [schema],
    );
    const indexes = await own.query('SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY 1', [
      schema,
    ]);
    const { rows: versions } = await own.query(`SELECT version FROM ${quoted(schema)}.inbox_schema`);
    const plain = indexes.rows.map(({ indexname, indexdef }) => [
      indexname,
      indexdef.replaceAll(quoted(schema), 'here'),
    ]);
    return { columns: columns.rows, indexes: plain, version: versions[0]?.version };
  };
  const fresh = async () => {
    const schema = ownSchema();
    await postgresStore({ pool: pool({ max: 2 }), schema }).stats();
    return shapeOf(schema);
  };

  it.each(released('postgres'))('takes over a schema of version $version, with what is in it', async ({ sql }) => {
    const schema = ownSchema();
    const own = pool({ max: 2 });
    await own.query(sql.replaceAll('$$', () => quoted(schema)));
    for (const row of rows(`${quoted(schema)}.inbox_event`)) await own.query(row);
    await works(postgresStore({ pool: own, schema }));
    expect(await shapeOf(schema)).toEqual(await fresh());
  });

  it('keeps what each version made in test/inbox/schemas, and names all tables and columns in docs/inbox.md', async () => {
    const { version, columns } = await fresh();
    expect(released('postgres').map((one) => one.version)).toEqual(Array.from({ length: version }, (_, i) => i + 1));
    for (const { table_name: table, column_name: column } of columns) {
      expect(page).toContain(`\`${table}\``);
      expect(page, `${table}.${column}`).toContain(`\`${column}\``);
    }
  });
});
