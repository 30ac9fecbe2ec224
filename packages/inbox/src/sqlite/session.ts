import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { InboxError } from '../errors.js';
import { type Database, type DriverName, openDatabase, type SqlValue, type Statement } from './driver.js';
import { migrate, refuseNewer } from './schema.js';

export interface SessionOptions {
  readonly file: string;
  readonly driver?: DriverName;
  /** How long to wait for another process, in milliseconds. */
  readonly busyTimeoutMs: number;
}

const MAX_STATEMENTS = 500;

/** An open database file, with its prepared statements. */
export class SqliteSession {
  readonly #database: Database;
  readonly #takesLists: boolean;
  readonly #file: string;
  readonly #inode: number;
  readonly #statements = new Map<string, Statement>();
  /** The present, in milliseconds since 1970. */
  readonly now: () => number;
  #leases = 0;
  readonly #prefix = randomBytes(6).toString('hex');

  constructor(options: SessionOptions, now: () => number) {
    this.now = now;
    this.#file = options.file;
    const { database, takesLists } = openDatabase(options.file, options.driver);
    this.#database = database;
    this.#takesLists = takesLists;
    try {
      this.#database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
      refuseNewer(this.#database);
      // Every commit is on the disk before it is answered; WAL lets others read meanwhile.
      this.#database.prepare('PRAGMA journal_mode = WAL').get();
      this.#database.exec('PRAGMA synchronous = FULL');
      this.#database.exec('PRAGMA wal_autocheckpoint = 2000');
      this.#database.exec('PRAGMA cache_size = -16000');
      // What is deleted, or moved by a change, is overwritten: it must not stay in the file after an erasure.
      this.#database.prepare('PRAGMA secure_delete = ON').get();
      migrate(this.#database);
      this.#inode = statSync(options.file).ino;
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** A statement of ours. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Carries out a statement of the user's. */
  runUser(text: string, values: readonly SqlValue[]): void {
    const statement = this.#userSql(text);
    // libsql would take a single Buffer for named values, and end the process over it; it takes a list instead.
    if (this.#takesLists) (statement as unknown as { run(values: readonly SqlValue[]): void }).run(values);
    else statement.run(...values);
  }

  /** The rows of a query of the user's. */
  allUser(text: string, values: readonly SqlValue[]): unknown[] {
    const statement = this.#userSql(text);
    if (!this.#takesLists) return statement.all(...values);
    return (statement as unknown as { all(values: readonly SqlValue[]): unknown[] }).all(values);
  }

  /** One that ends or begins transactions would break the promise of this one. */
  #userSql(text: string): Statement {
    if (/^\s*(begin|commit|end|rollback|savepoint|release|attach|detach|pragma|vacuum)\b/i.test(text)) {
      throw new TypeError('tx.run: the transaction is the inbox’s; give INSERT, UPDATE, DELETE or the like.');
    }
    return this.sql(text);
  }

  newLease(owner: string): string {
    return `${owner}#${this.#prefix}-${++this.#leases}`;
  }

  exec(text: string): void {
    this.#database.exec(text);
  }

  /** What others have committed changes it. */
  dataVersion(): number {
    return (this.sql('PRAGMA data_version').get() as { data_version: number }).data_version;
  }

  /** Carries the write-ahead log over into the file, and empties it. False when another process still reads from it. */
  emptyLog(): boolean {
    const { busy } = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0;
  }

  /** @throws InboxError with `ERR_INBOX_GONE`: SQLite would go on with a file that has no name any more. */
  checkFile(): void {
    let inode: number | undefined;
    try {
      inode = statSync(this.#file).ino;
    } catch {
      inode = undefined;
    }
    if (inode !== this.#inode) throw new InboxError('ERR_INBOX_GONE');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
