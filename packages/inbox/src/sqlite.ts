export { type SqliteInboxOptions, sqliteInbox } from './sqlite/sqlite-inbox.js';
export { type SqliteStoreOptions, type SqliteTransaction, sqliteStore } from './sqlite/sqlite-store.js';
