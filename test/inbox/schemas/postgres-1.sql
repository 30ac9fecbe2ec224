CREATE SCHEMA $$;
CREATE TABLE $$.inbox_schema (version integer NOT NULL);
INSERT INTO $$.inbox_schema VALUES (1);
CREATE TABLE $$.inbox_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'handled', 'dead')),
  kind text NOT NULL,
  recipient text,
  identity text NOT NULL,
  url text NOT NULL,
  event_key text NOT NULL,
  order_key text,
  received_at bigint NOT NULL,
  due_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  lease text,
  lease_until bigint,
  settled_at bigint,
  errors jsonb NOT NULL DEFAULT '[]',
  content_type text,
  content_type_signed boolean NOT NULL,
  headers text NOT NULL,
  body bytea NOT NULL
);
CREATE INDEX inbox_event_due ON $$.inbox_event (due_at, id) WHERE state = 'waiting';
CREATE INDEX inbox_event_order ON $$.inbox_event (order_key, id) WHERE order_key IS NOT NULL AND state IN ('waiting', 'running');
CREATE UNIQUE INDEX inbox_event_one_running ON $$.inbox_event (order_key) WHERE order_key IS NOT NULL AND state = 'running';
CREATE INDEX inbox_event_lease ON $$.inbox_event (lease_until) WHERE state = 'running';
CREATE INDEX inbox_event_handled ON $$.inbox_event (settled_at) WHERE state = 'handled';
CREATE INDEX inbox_event_dead ON $$.inbox_event (id) WHERE state = 'dead';
CREATE TABLE $$.inbox_replay (replay_key bytea PRIMARY KEY, until bigint NOT NULL);
CREATE INDEX inbox_replay_until ON $$.inbox_replay (until);
CREATE TABLE $$.inbox_key (event_key text PRIMARY KEY, until bigint NOT NULL);
CREATE INDEX inbox_key_until ON $$.inbox_key (until);
CREATE TABLE $$.inbox_count (name text, shard integer, value bigint NOT NULL, PRIMARY KEY (name, shard));
