import type { AcceptOptions } from '../accept-options.js';
import { createInbox, type StoredInbox } from '../create-inbox.js';
import { type SqliteStoreOptions, type SqliteTransaction, sqliteStore } from './sqlite-store.js';

/** The settings of an inbox in a SQLite file. */
export interface SqliteInboxOptions extends SqliteStoreOptions, AcceptOptions {}

/**
 * An inbox in a SQLite file: one machine, nothing else to install or run.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function sqliteInbox(options: SqliteInboxOptions): StoredInbox<SqliteTransaction> {
  return createInbox(sqliteStore(options), options);
}
