import { isPassing } from './failure.js';
import { connectTo, type PostgresClient, type PostgresPool, type PostgresResult, queryOn } from './pool.js';

const TRIES = 8;

/** Runs statements of ours. None relies on anything that a session keeps, so a pooler may stand between. */
export class SqlRunner {
  readonly pool: PostgresPool;
  /** The schema's name, quoted. */
  readonly schema: string;

  constructor(pool: PostgresPool, schema: string) {
    this.pool = pool;
    this.schema = quoted(schema);
  }

  /** One statement, which is its own transaction; tried again when it only met another one. */
  query(text: string, values: unknown[] = []): Promise<PostgresResult> {
    return again(() => queryOn(this.pool, text, values));
  }

  /** Several statements, all or none; the same. `settings` hold for this transaction. */
  transaction<T>(run: (client: PostgresClient) => Promise<T>, settings = ''): Promise<T> {
    return again(async () => {
      const client = await connectTo(this.pool);
      try {
        await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${settings}`);
        const result = await run(client);
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        const broken = await client.query('ROLLBACK').then(
          () => false,
          () => true,
        );
        client.release(broken);
        throw error;
      }
    });
  }
}

async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries >= TRIES || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** tries));
    }
  }
}

/** Any name can be a schema's. */
function quoted(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > 63)
    throw new TypeError('schema: give a name of 1 to 63 bytes.');
  return `"${name.replaceAll('"', '""')}"`;
}
