-- What single applications may do where that differs from what the gateway is set to; null where it does not.

-- service: empty for what holds over all services; of one service only create and open_tasks are set.
-- create_pace, query_pace: calls a thousand seconds.
CREATE TABLE application_limit (
  application_id BLOB NOT NULL,
  service TEXT NOT NULL,
  create_pace INTEGER,
  create_burst INTEGER,
  open_tasks INTEGER,
  query_pace INTEGER,
  query_burst INTEGER,
  running_tasks INTEGER,
  weight INTEGER,
  PRIMARY KEY (application_id, service)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 5;
