import { InboxError } from '../errors.js';
import type { SqlRunner } from './runner.js';

/** Each brings the schema one version further; `$$` stands for the quoted schema. What was released is never changed. */
const migrations: readonly string[] = [
  `
  CREATE TABLE $$.inbox_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'handled', 'dead')),
    kind text NOT NULL,
    recipient text,
    identity text NOT NULL,
    url text NOT NULL,
    event_key text NOT NULL,
    order_key text,
    received_at bigint NOT NULL,
    due_at bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    lease text,
    lease_until bigint,
    settled_at bigint,
    errors jsonb NOT NULL DEFAULT '[]',
    content_type text,
    content_type_signed boolean NOT NULL,
    headers text NOT NULL,
    body bytea NOT NULL
  );
  CREATE INDEX inbox_event_due ON $$.inbox_event (due_at, id) WHERE state = 'waiting';
  CREATE INDEX inbox_event_order ON $$.inbox_event (order_key, id) WHERE order_key IS NOT NULL AND state IN ('waiting', 'running');
  CREATE UNIQUE INDEX inbox_event_one_running ON $$.inbox_event (order_key) WHERE order_key IS NOT NULL AND state = 'running';
  CREATE INDEX inbox_event_lease ON $$.inbox_event (lease_until) WHERE state = 'running';
  CREATE INDEX inbox_event_handled ON $$.inbox_event (settled_at) WHERE state = 'handled';
  CREATE INDEX inbox_event_dead ON $$.inbox_event (id) WHERE state = 'dead';
  CREATE TABLE $$.inbox_replay (replay_key bytea PRIMARY KEY, until bigint NOT NULL);
  CREATE INDEX inbox_replay_until ON $$.inbox_replay (until);
  CREATE TABLE $$.inbox_key (event_key text PRIMARY KEY, until bigint NOT NULL);
  CREATE INDEX inbox_key_until ON $$.inbox_key (until);
  CREATE TABLE $$.inbox_count (name text, shard integer, value bigint NOT NULL, PRIMARY KEY (name, shard));
  `,
];

/** The version that this package writes; kept in inbox_schema. */
export const schemaVersion = migrations.length;

/** Brings a schema to the present version, one process at a time. @throws InboxError with `ERR_INBOX_SCHEMA_NEWER`. */
export async function migrate(runner: SqlRunner): Promise<void> {
  const { schema } = runner;
  if ((await versionOf(runner)) === schemaVersion) return;
  await runner.transaction(async (client) => {
    // Held until the transaction ends, so that a pooler between does no harm.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7411))', [schema]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`CREATE TABLE IF NOT EXISTS ${schema}.inbox_schema (version integer NOT NULL)`);
    const { rows } = await client.query(`SELECT version FROM ${schema}.inbox_schema`);
    const version = Number(rows[0]?.version ?? 0);
    if (version > schemaVersion) {
      throw new InboxError('ERR_INBOX_SCHEMA_NEWER', {
        detail: `it has version ${version}, known is ${schemaVersion}`,
      });
    }
    for (const sql of migrations.slice(version)) await client.query(sql.replaceAll('$$', () => schema));
    await client.query(`DELETE FROM ${schema}.inbox_schema`);
    await client.query(`INSERT INTO ${schema}.inbox_schema VALUES (${schemaVersion})`);
  });
}

/** undefined when there is none yet. */
async function versionOf(runner: SqlRunner): Promise<number | undefined> {
  const there = await runner.query('SELECT to_regclass($1) IS NOT NULL AS there', [`${runner.schema}.inbox_schema`]);
  if (there.rows[0]?.there !== true) return undefined;
  const { rows } = await runner.query(`SELECT version FROM ${runner.schema}.inbox_schema`);
  return Number(rows[0]?.version);
}
