-- Callbacks to registered endpoints too: signed, with a queue for each destination and a feed.

CREATE INDEX event_feed ON event (application_id, position);

-- What happened to endpoints; stands in the feed between the events of tasks.
-- type: the word on the wire; standing: as in webhook_endpoint.
CREATE TABLE endpoint_event (
  application_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  endpoint_id BLOB NOT NULL,
  type TEXT NOT NULL,
  standing INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (application_id, position)
) STRICT, WITHOUT ROWID;

-- How far readers of the feed have got.
CREATE TABLE consumer (
  application_id BLOB NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (application_id, name)
) STRICT, WITHOUT ROWID;

-- events: words on the wire with spaces between; empty for all. headers: a JSON object.
-- standing: 0 active, 1 paused, 2 gone, 3 failing, 4 deleted: then it is there only until its
--   pending deliveries are dropped.
CREATE TABLE webhook_endpoint (
  id BLOB PRIMARY KEY,
  application_id BLOB NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  description TEXT NOT NULL,
  headers TEXT NOT NULL,
  asymmetric INTEGER NOT NULL,
  standing INTEGER NOT NULL,
  failing_since INTEGER,
  failures INTEGER NOT NULL,
  succeeded_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_endpoint_by_application ON webhook_endpoint (application_id, id);

-- owner_id: an application or an endpoint. kind: 1 HMAC (v1), 2 Ed25519 (v1a).
CREATE TABLE signing_secret (
  owner_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (owner_id, kind, created_at, text)
) STRICT, WITHOUT ROWID;

ALTER TABLE delivery RENAME TO delivery_of_v1;
ALTER TABLE attempt RENAME TO attempt_of_v1;
DROP INDEX delivery_due;

-- One event, given by task and sequence, on its way to one receiver.
-- endpoint_id: null for the task's own callback_url.
-- destination: the queue it stands in, the endpoint's id or the callback_url's origin.
-- state: 0 pending, 1 delivered, 2 exhausted, 3 blocked, 4 gone, 5 dropped.
-- attempts: all that were made; failures: those of this round that the receiver is to blame for.
-- since: when this round began. copy: how often it was sent again under a new id.
-- last_*: the latest attempt; a successful one stands only here, until another follows.
CREATE TABLE delivery (
  application_id BLOB NOT NULL,
  id BLOB NOT NULL,
  task_id BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  endpoint_id BLOB,
  destination TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  copy INTEGER NOT NULL,
  since INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  last_started_at INTEGER,
  last_took_ms INTEGER,
  last_status INTEGER,
  last_failure TEXT,
  last_excerpt TEXT,
  PRIMARY KEY (application_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (application_id, destination, next_at, id) WHERE state = 0;
CREATE INDEX delivery_by_event ON delivery (task_id, sequence, endpoint_id);
CREATE INDEX delivery_by_endpoint ON delivery (endpoint_id, id) WHERE endpoint_id IS NOT NULL;

-- Attempts that failed, and successful ones that another followed.
-- next: what followed, as the delivery's state; next_at and counted for a retry.
CREATE TABLE attempt (
  delivery_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  status INTEGER NOT NULL,
  next INTEGER NOT NULL,
  next_at INTEGER,
  counted INTEGER NOT NULL,
  failure TEXT,
  excerpt TEXT,
  PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

-- The origin of an old URL is cut out roughly: it only sorts receivers apart.
INSERT INTO delivery (application_id, id, task_id, sequence, endpoint_id, destination, state, attempts, failures, copy,
  since, next_at, created_at, changed_at)
SELECT application_id, id, task_id,
  coalesce((SELECT max(sequence) FROM event WHERE event.task_id = d.task_id), 1),
  NULL,
  CASE WHEN url LIKE 'http%://%' THEN
    lower(substr(url, 1, instr(url, '://') + 2)
      || substr(substr(url, instr(url, '://') + 3) || '/', 1,
           instr(substr(url, instr(url, '://') + 3) || '/', '/') - 1))
  ELSE 'nowhere' END,
  state, attempts, attempts, 0, created_at, next_at, created_at, changed_at
FROM delivery_of_v1 AS d;

INSERT INTO attempt (delivery_id, number, started_at, took_ms, status, next, next_at, counted, failure, excerpt)
SELECT delivery_id, number, started_at, took_ms, status, next, next_at, 1, failure, NULL FROM attempt_of_v1;

DROP TABLE delivery_of_v1;
DROP TABLE attempt_of_v1;

PRAGMA user_version = 2;
