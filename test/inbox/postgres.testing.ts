import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import pg from 'pg';
import { atEnd } from '../vendor.testing.js';
import { uniqueName } from './inbox.testing.js';

/** Where a PostgreSQL server is expected; tests that find none are skipped by name. */
export const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** True when there is a server. */
export const hasPostgres = await (async () => {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
})();

/** A pool, until the end of the test. */
export function pool(options: pg.PoolConfig = {}): pg.Pool {
  const made = new pg.Pool({ connectionString: postgresUrl, ...options });
  made.on('error', () => {});
  let ended = false;
  const end = made.end.bind(made);
  made.end = (async () => {
    if (ended) return;
    ended = true;
    await end();
  }) as typeof made.end;
  atEnd(() => made.end());
  return made;
}

/** A schema of the test's own, with a name that must be quoted; dropped at its end. */
export function ownSchema(): string {
  const schema = uniqueName('Inbox "test" ');
  atEnd(async () => {
    const client = new pg.Client({ connectionString: postgresUrl });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS "${schema.replaceAll('"', '""')}" CASCADE`);
    await client.end();
  });
  return schema;
}

/** A store in a schema. */
export const openPostgres = (schema: string) => postgresStore({ pool: pool({ max: 5 }), schema });
