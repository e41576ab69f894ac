-- Ids are 16-byte UUIDv7 blobs, times are epoch milliseconds, money is in millionths of a credit.
-- Columns that may be long stand last, so that reading the others does not follow their overflow pages.

CREATE TABLE account (
  id BLOB PRIMARY KEY,
  general_balance INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE application (
  id BLOB PRIMARY KEY,
  account_id BLOB NOT NULL,
  name TEXT NOT NULL,
  service TEXT,
  balance INTEGER NOT NULL,
  allow_consume_global INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
  id BLOB PRIMARY KEY,
  application_id BLOB NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  token_prefix TEXT NOT NULL,
  expires_at INTEGER,
  revoked INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- position: the place of the task's accepting event in the feed; that event has no row of its own.
-- state: 2 queued, 3 running, 4 finalizing, 5 indeterminate, 10 succeeded, 11 failed, 12 cancelled,
--   13 expired, 14 cancelled before work began, 15 expired before work began; below 10 is open.
-- from_instance: how much of the price the instance balance paid; the rest is the general one's.
-- next_sequence: the number of the task's next event.
-- started_at: when work began; the acceptance while it has not.
-- changed_at: when the task came into its state.
--
-- A row keeps its size from accepting to success, so that SQLite overwrites it in place: numbers
-- that change begin at 2 (0 and 1 take no byte), times are filled from the start, and the answer
-- stands in a table of its own.
CREATE TABLE task (
  position INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  application_id BLOB NOT NULL,
  account_id BLOB NOT NULL,
  credential_id BLOB NOT NULL,
  service TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  type TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finish_by INTEGER NOT NULL,
  price INTEGER NOT NULL,
  from_instance INTEGER NOT NULL,
  state INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  next_sequence INTEGER NOT NULL,
  progress INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  error_code TEXT,
  error_message TEXT,
  upstream_ref TEXT,
  callback_url TEXT,
  request TEXT NOT NULL
) STRICT;

-- The answers of tasks, by the task's position.
CREATE TABLE answer (
  position INTEGER PRIMARY KEY,
  response TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX task_by_id ON task (id);
CREATE INDEX task_by_application ON task (application_id, id);
CREATE INDEX task_by_service ON task (application_id, service, id);
CREATE INDEX task_by_trace ON task (application_id, trace_id);
CREATE INDEX task_open ON task (application_id, id) WHERE state < 10;

-- type: the word on the wire; the accepting event, sequence 1, is read from the task.
CREATE TABLE event (
  task_id BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  position INTEGER NOT NULL,
  application_id BLOB NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  progress INTEGER NOT NULL,
  PRIMARY KEY (task_id, sequence)
) STRICT, WITHOUT ROWID;

-- kind: 1 hold, 2 settle, 3 release. source: 1 instance balance, 2 general balance.
CREATE TABLE ledger (
  task_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  source INTEGER NOT NULL,
  application_id BLOB NOT NULL,
  account_id BLOB NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  at INTEGER NOT NULL,
  PRIMARY KEY (task_id, kind, source)
) STRICT, WITHOUT ROWID;

-- What was put on a balance or taken off by hand; no application means the general balance.
CREATE TABLE credit (
  id BLOB PRIMARY KEY,
  account_id BLOB NOT NULL,
  application_id BLOB,
  amount INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- state: 0 pending, 1 delivered, 2 exhausted, 3 blocked.
CREATE TABLE delivery (
  task_id BLOB NOT NULL,
  id BLOB NOT NULL,
  application_id BLOB NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  url TEXT NOT NULL,
  PRIMARY KEY (task_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (next_at, task_id, id) WHERE state = 0;

-- next: what followed, 0 retry, 1 delivered, 2 exhausted, 3 blocked; next_at for a retry.
CREATE TABLE attempt (
  task_id BLOB NOT NULL,
  delivery_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  status INTEGER NOT NULL,
  next INTEGER NOT NULL,
  next_at INTEGER,
  failure TEXT,
  PRIMARY KEY (task_id, delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE instance_secret (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  key TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers that only grow, reserved in blocks.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  reserved INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counter (name, reserved) VALUES ('position', 0);

PRAGMA user_version = 1;
