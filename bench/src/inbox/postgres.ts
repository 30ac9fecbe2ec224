import pg from 'pg';

/** Where a PostgreSQL server is expected. */
export const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** Why PostgreSQL cannot be measured here; undefined when it can. */
export async function lackOfPostgres(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch {
    return 'no PostgreSQL at TEST_POSTGRES_URL';
  }
}
