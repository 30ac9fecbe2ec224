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
PRAGMA user_version = 1;
