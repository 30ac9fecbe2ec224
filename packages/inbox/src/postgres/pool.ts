/** What is used of a result of `pg`. */
export interface PostgresResult {
  // biome-ignore lint/suspicious/noExplicitAny: rows are what the query makes them, as in pg's own types
  readonly rows: any[];
  readonly rowCount: number | null;
}

/** What is used of a client of `pg`. */
export interface PostgresClient {
  /** Runs one statement with its values. */
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** Gives the client back to its pool; with an error it is closed instead. */
  release(error?: Error | boolean): void;
  /** Listens for what the server tells on its own, and for the end of the connection. */
  on(event: 'notification' | 'error' | 'end', listener: () => void): unknown;
  /** Ends what `on` began. */
  removeListener(event: 'notification' | 'error' | 'end', listener: () => void): unknown;
}

/** What is used of a pool of `pg`. */
export interface PostgresPool {
  /** Runs one statement with its values, on any client. */
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** Takes a client out of the pool. */
  connect(): Promise<PostgresClient>;
  /** Listens for errors of clients that nobody has. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Closes all clients. */
  end(): Promise<void>;
  readonly options?: { readonly max?: number };
}

const heard = new WeakSet<PostgresClient>();

/**
 * Takes a client out of a pool. The pool listens for errors only while nobody has it; one that breaks between two queries,
 * because the server died, would end the process. The next query says that it broke.
 */
export async function connectTo(pool: PostgresPool): Promise<PostgresClient> {
  const client = await pool.connect();
  if (!heard.has(client)) {
    heard.add(client);
    client.on('error', () => {});
  }
  return client;
}

/**
 * One query. A pool's own would listen for the first error of a connection only: the server that dies may send a second,
 * which would end the process.
 */
export async function queryOn(pool: PostgresPool, text: string, values: unknown[] = []): Promise<PostgresResult> {
  const client = await connectTo(pool);
  try {
    const result = await client.query(text, values);
    client.release();
    return result;
  } catch (error) {
    // After a mere ERROR the connection is as good as before.
    client.release((error as { severity?: unknown } | null)?.severity !== 'ERROR');
    throw error;
  }
}

/** Makes a pool for a connection string. @throws Error with `MODULE_NOT_FOUND` when pg is not installed. */
export async function poolOf(connectionString: string): Promise<PostgresPool> {
  const { default: pg } = await import('pg');
  return new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5000 }) as unknown as PostgresPool;
}
