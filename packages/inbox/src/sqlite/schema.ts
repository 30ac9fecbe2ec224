import { InboxError } from '../errors.js';
import type { Database } from './driver.js';

/** Each brings the schema one version further. What was released is never changed. */
const migrations: readonly string[] = [
  `
  CREATE TABLE inbox_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'handled', 'dead')),
    kind TEXT NOT NULL,
    recipient TEXT,
    identity TEXT NOT NULL,
    url TEXT NOT NULL,
    event_key TEXT NOT NULL,
    order_key TEXT,
    received_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    lease TEXT,
    lease_until INTEGER,
    settled_at INTEGER,
    errors TEXT NOT NULL DEFAULT '[]',
    content_type TEXT,
    content_type_signed INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX inbox_event_due ON inbox_event (due_at, id) WHERE state = 'waiting';
  CREATE INDEX inbox_event_order ON inbox_event (order_key, id) WHERE order_key IS NOT NULL AND state IN ('waiting', 'running');
  CREATE UNIQUE INDEX inbox_event_one_running ON inbox_event (order_key) WHERE order_key IS NOT NULL AND state = 'running';
  CREATE INDEX inbox_event_lease ON inbox_event (lease_until) WHERE state = 'running';
  CREATE INDEX inbox_event_handled ON inbox_event (settled_at) WHERE state = 'handled';
  CREATE INDEX inbox_event_dead ON inbox_event (id) WHERE state = 'dead';
  CREATE TABLE inbox_replay (replay_key BLOB PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX inbox_replay_until ON inbox_replay (until);
  CREATE TABLE inbox_key (event_key TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX inbox_key_until ON inbox_key (until);
  CREATE TABLE inbox_count (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

/** The version that this package writes; kept in SQLite's user_version. */
export const schemaVersion = migrations.length;

/** What is not understood must not be touched. @throws InboxError with `ERR_INBOX_SCHEMA_NEWER`. */
export function refuseNewer(database: Database): void {
  const version = versionOf(database);
  if (version <= schemaVersion) return;
  throw new InboxError('ERR_INBOX_SCHEMA_NEWER', { detail: `it has version ${version}, known is ${schemaVersion}` });
}

/** Brings a database to the present version. @throws InboxError with `ERR_INBOX_SCHEMA_NEWER`. */
export function migrate(database: Database): void {
  if (versionOf(database) === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have come first.
    refuseNewer(database);
    const version = versionOf(database);
    for (const sql of migrations.slice(version)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: Database): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}
