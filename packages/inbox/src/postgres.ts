export type { PostgresClient, PostgresPool, PostgresResult } from './postgres/pool.js';
export { type PostgresInboxOptions, postgresInbox } from './postgres/postgres-inbox.js';
export { type PostgresStoreOptions, postgresStore } from './postgres/postgres-store.js';
export type { PostgresTransaction } from './postgres/transaction.js';
