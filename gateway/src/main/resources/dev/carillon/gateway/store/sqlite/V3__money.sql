-- Keys of creating requests, times to start by and to keep for, cancelling, tombstones.

-- start_by: when the task expires if no work has begun. keep_for: how long it is kept after its end, in
--   milliseconds; null for what the gateway is set to.
-- cancellation: what a provider said: 0 pending, 1 confirmed, 2 refused, 3 unsupported; null when none was asked.
-- They are null for most tasks and then take one byte each.
ALTER TABLE task ADD COLUMN start_by INTEGER;
ALTER TABLE task ADD COLUMN keep_for INTEGER;
ALTER TABLE task ADD COLUMN cancellation INTEGER;
ALTER TABLE task ADD COLUMN idempotency_key TEXT;

CREATE INDEX task_keep ON task (changed_at + keep_for) WHERE keep_for IS NOT NULL AND state >= 10;

-- A row is deleted with its task.
CREATE TABLE idempotency (
  application_id BLOB NOT NULL,
  key TEXT NOT NULL,
  task_id BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  PRIMARY KEY (application_id, key)
) STRICT, WITHOUT ROWID;

-- Tasks that were deleted, for a while.
CREATE TABLE tombstone (
  task_id BLOB PRIMARY KEY,
  application_id BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tombstone_by_time ON tombstone (at);

PRAGMA user_version = 3;
