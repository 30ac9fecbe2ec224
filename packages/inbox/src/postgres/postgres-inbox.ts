import type { AcceptOptions } from '../accept-options.js';
import { createInbox, type StoredInbox } from '../create-inbox.js';
import { type PostgresStoreOptions, postgresStore } from './postgres-store.js';
import type { PostgresTransaction } from './transaction.js';

/** A store in a database, and how calls are kept in it. */
export interface PostgresInboxOptions extends PostgresStoreOptions, AcceptOptions {}

/**
 * An inbox in a PostgreSQL database: any number of machines that accept, and that handle.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function postgresInbox(options: PostgresInboxOptions): StoredInbox<PostgresTransaction> {
  return createInbox(postgresStore(options), options);
}
