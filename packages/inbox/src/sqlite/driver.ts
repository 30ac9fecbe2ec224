import { createRequire } from 'node:module';
import { InboxError } from '../errors.js';

/** A value that SQLite takes and gives. */
export type SqlValue = string | number | Uint8Array | null;

/** A prepared statement of either driver. */
export interface Statement {
  run(...values: SqlValue[]): unknown;
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

/** What is used of either driver. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

/** Which one: `libsql`, or Node's own; default the first that is there. */
export type DriverName = 'libsql' | 'node:sqlite';

/** Opens a database file. @throws InboxError with `ERR_INBOX_DRIVER_MISSING`; and what the driver throws. */
export function openDatabase(
  file: string,
  driver: DriverName | undefined,
): {
  readonly database: Database /** Values of a statement may be given as one list. */;
  readonly takesLists: boolean;
} {
  if (driver !== 'node:sqlite') {
    try {
      const Libsql = createRequire(import.meta.url)('libsql') as new (file: string) => Database;
      return { database: new Libsql(file), takesLists: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  if (driver !== 'libsql') {
    const sqlite = process.getBuiltinModule('node:sqlite' as 'fs') as unknown as
      | { DatabaseSync: new (file: string) => Database }
      | undefined;
    if (sqlite !== undefined) return { database: new sqlite.DatabaseSync(file), takesLists: false };
  }
  throw new InboxError('ERR_INBOX_DRIVER_MISSING', { detail: 'npm install libsql, or use Node.js 22.13 or newer' });
}
