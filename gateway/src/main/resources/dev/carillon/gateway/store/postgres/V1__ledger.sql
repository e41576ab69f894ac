-- The whole ledger for many nodes. Ids are UUIDs of version 7, times are epoch milliseconds, money is in
-- millionths of a credit; booleans are booleans.
--
-- Sharding: what is written for every task has the application in its key, so that a database which spreads rows
-- by application (Citus) or by a hash of the key (YugabyteDB) keeps one task's transaction on one shard. Nothing
-- here takes numbers from a sequence. Tables that grow with tasks are cut by time: an id says when it was made, so
-- a range of ids is a range of time.
--
-- Columns that change while a task is open stand in no index, so that PostgreSQL updates rows in place (HOT); what
-- the schedulers look for stands in small tables of its own (open_task, delivery_due), which hold only what is open.

-- The gateways that share this database. A node whose lease has passed by the database's own clock is dead: others
-- take over what it owned. The lease is of the node and not of each task, so that being alive costs one write.
CREATE TABLE node (
  id uuid PRIMARY KEY,
  version text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE account (
  id uuid PRIMARY KEY,
  name text NOT NULL DEFAULT '',
  general_balance bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE application (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  name text NOT NULL,
  service text,
  balance bigint NOT NULL,
  allow_consume_global boolean NOT NULL,
  disabled boolean NOT NULL,
  created_at bigint NOT NULL
) WITH (fillfactor = 50);

-- services, apis: a line each; empty for all. limited_amount: null for no limit.
-- previous_hash: the token before the last rotation, which works until previous_until. metadata: a JSON object.
CREATE TABLE credential (
  id uuid PRIMARY KEY,
  application_id uuid NOT NULL,
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  token_prefix text NOT NULL,
  expires_at bigint,
  revoked boolean NOT NULL,
  created_at bigint NOT NULL,
  services text NOT NULL DEFAULT '',
  apis text NOT NULL DEFAULT '',
  read_only boolean NOT NULL DEFAULT false,
  limited_amount bigint,
  used_at bigint,
  previous_hash text,
  previous_until bigint,
  host text NOT NULL DEFAULT '',
  metadata text NOT NULL DEFAULT '{}'
) WITH (fillfactor = 70);

CREATE INDEX credential_by_application ON credential (application_id, id);
CREATE UNIQUE INDEX credential_by_previous ON credential (previous_hash) WHERE previous_hash IS NOT NULL;

-- What each credential was charged and holds for open tasks; made with the credential. Apart from it, as this row
-- changes with every task.
CREATE TABLE spending (
  application_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  used_amount bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (application_id, credential_id)
) WITH (fillfactor = 50);

CREATE TABLE platform_token (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  token_prefix text NOT NULL,
  expires_at bigint,
  revoked boolean NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint
);

CREATE INDEX platform_token_by_account ON platform_token (account_id, id);

-- position: the place given last in the application's feed. Whoever writes an event locks this row, so places are
-- in the order of the commits. open: how many tasks are open; open_tasks: the same by service, a line each.
CREATE TABLE head (
  application_id uuid PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0,
  open integer NOT NULL DEFAULT 0,
  open_tasks text NOT NULL DEFAULT ''
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- position: the place of the task's accepting event in its application's feed; that event has no row of its own.
-- state: 2 queued, 3 running, 4 finalizing, 5 indeterminate, 10 succeeded, 11 failed, 12 cancelled,
--   13 expired, 14 cancelled before work began, 15 expired before work began; below 10 is open.
-- from_instance: how much of the price the instance balance paid; the rest is the general one's.
-- next_sequence: the number of the task's next event.
-- started_at: when work began; the acceptance while it has not. changed_at: when the task came into its state.
-- start_by: when it expires if no work has begun. keep_for: how long it is kept after its end, in milliseconds;
--   null for what the gateway is set to.
-- cancellation: what a provider said: 0 pending, 1 confirmed, 2 refused, 3 unsupported; null when none was asked.
-- charged: what an answer costs that came in part; null for the whole price.
-- flags: 1 where the callback URL hears of each step, 2 where a caller who was told that the task expired may have
--   sent it again; null for most.
CREATE TABLE task (
  id uuid NOT NULL,
  application_id uuid NOT NULL,
  account_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  position bigint NOT NULL,
  created_at bigint NOT NULL,
  finish_by bigint NOT NULL,
  start_by bigint,
  keep_for bigint,
  price bigint NOT NULL,
  from_instance bigint NOT NULL,
  charged bigint,
  fence bigint NOT NULL,
  started_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  attempt integer NOT NULL,
  next_sequence integer NOT NULL,
  state smallint NOT NULL,
  progress smallint NOT NULL,
  cancellation smallint,
  flags smallint,
  service text NOT NULL,
  endpoint text NOT NULL,
  type text NOT NULL,
  trace_id text NOT NULL,
  idempotency_key text,
  error_code text,
  error_message text,
  upstream_ref text,
  callback_url text,
  request text NOT NULL,
  response text,
  PRIMARY KEY (id, application_id)
) PARTITION BY RANGE (id);

CREATE INDEX task_by_application ON task (application_id, id);
CREATE INDEX task_by_service ON task (application_id, service, id);
CREATE INDEX task_by_trace ON task (application_id, trace_id);

CREATE TABLE task_rest PARTITION OF task DEFAULT WITH (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02);

-- The open tasks and the node that works on each.
CREATE TABLE open_task (
  application_id uuid NOT NULL,
  task_id uuid NOT NULL,
  owner uuid NOT NULL,
  PRIMARY KEY (application_id, task_id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.05);

CREATE INDEX open_task_by_owner ON open_task (owner, task_id);

-- Expired tasks whose provider still works, and the node that waits for the result. What a dead node waited for is
-- taken over.
CREATE TABLE late_wait (
  application_id uuid NOT NULL,
  task_id uuid NOT NULL,
  owner uuid NOT NULL,
  PRIMARY KEY (application_id, task_id)
);

-- Ended tasks with a time of their own to be kept, and when it is over.
CREATE TABLE kept_task (
  application_id uuid NOT NULL,
  task_id uuid NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (application_id, task_id)
);

CREATE INDEX kept_task_by_time ON kept_task (until);

-- type: the word on the wire; the accepting event, sequence 1, is read from the task.
CREATE TABLE event (
  task_id uuid NOT NULL,
  application_id uuid NOT NULL,
  position bigint NOT NULL,
  at bigint NOT NULL,
  sequence integer NOT NULL,
  progress smallint NOT NULL,
  type text NOT NULL,
  PRIMARY KEY (task_id, application_id, sequence)
) PARTITION BY RANGE (task_id);

CREATE INDEX event_feed ON event (application_id, position);
CREATE TABLE event_rest PARTITION OF event DEFAULT WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

-- kind: 1 hold, 2 settle, 3 release, 4 hold again: what a late result takes after the release of its task's expiry and
-- before its settling. source: 1 instance balance, 2 general balance.
CREATE TABLE ledger (
  task_id uuid NOT NULL,
  application_id uuid NOT NULL,
  account_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  at bigint NOT NULL,
  kind smallint NOT NULL,
  source smallint NOT NULL,
  PRIMARY KEY (task_id, application_id, kind, source)
) PARTITION BY RANGE (task_id);

CREATE TABLE ledger_rest PARTITION OF ledger DEFAULT WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

-- What was put on a balance or taken off by hand; no application means the general balance.
CREATE TABLE credit (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  application_id uuid,
  amount bigint NOT NULL,
  at bigint NOT NULL
);

CREATE INDEX credit_by_account ON credit (account_id, id);

-- A row is deleted with its task.
CREATE TABLE idempotency (
  application_id uuid NOT NULL,
  key text NOT NULL,
  task_id uuid NOT NULL,
  fingerprint uuid NOT NULL,
  PRIMARY KEY (application_id, key)
);

-- Tasks that were deleted, for a while.
CREATE TABLE tombstone (
  task_id uuid NOT NULL,
  application_id uuid NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (task_id, application_id)
);

CREATE INDEX tombstone_by_time ON tombstone (at);

-- One event, given by task and sequence, on its way to one receiver.
-- endpoint_id: null for the task's own callback_url.
-- destination: the queue it stands in, the endpoint's id or the callback_url's origin.
-- state: 0 pending, 1 delivered, 2 exhausted, 3 blocked, 4 gone, 5 dropped.
-- attempts: all that were made; failures: those of this round that the receiver is to blame for.
-- since: when this round began. copy: how often it was sent again under a new id.
-- last_*: the latest attempt; a successful one stands only here, until another follows.
CREATE TABLE delivery (
  id uuid NOT NULL,
  application_id uuid NOT NULL,
  task_id uuid NOT NULL,
  endpoint_id uuid,
  since bigint NOT NULL,
  next_at bigint NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  last_started_at bigint,
  last_took_ms bigint,
  last_status integer,
  sequence integer NOT NULL,
  attempts integer NOT NULL,
  failures integer NOT NULL,
  copy integer NOT NULL,
  state smallint NOT NULL,
  destination text NOT NULL,
  last_failure text,
  last_excerpt text,
  PRIMARY KEY (id, application_id)
) PARTITION BY RANGE (id);

CREATE INDEX delivery_by_application ON delivery (application_id, id);
CREATE INDEX delivery_by_event ON delivery (task_id, sequence, endpoint_id);
CREATE INDEX delivery_by_endpoint ON delivery (endpoint_id, id) WHERE endpoint_id IS NOT NULL;
CREATE TABLE delivery_rest PARTITION OF delivery DEFAULT WITH (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

-- The pending deliveries: exactly one row for each delivery in state 0. owner: the node that tries it; a node's lease
-- tells whether it lives, and what a dead one owned is taken over. attempts: as in delivery. An attempt is stored under
-- owner and attempts, so that one of a node which lost the delivery changes nothing.
CREATE TABLE delivery_due (
  application_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  next_at bigint NOT NULL,
  owner uuid NOT NULL,
  attempts integer NOT NULL,
  destination text NOT NULL,
  PRIMARY KEY (application_id, delivery_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.05);

CREATE INDEX delivery_due_queue ON delivery_due (owner, application_id, destination, next_at, delivery_id);

-- Attempts that failed, and successful ones that another followed.
-- next: what followed, as the delivery's state; next_at and counted for a retry.
CREATE TABLE attempt (
  delivery_id uuid NOT NULL,
  application_id uuid NOT NULL,
  started_at bigint NOT NULL,
  took_ms bigint NOT NULL,
  next_at bigint,
  number integer NOT NULL,
  status integer NOT NULL,
  next smallint NOT NULL,
  counted boolean NOT NULL,
  failure text,
  excerpt text,
  PRIMARY KEY (delivery_id, application_id, number)
) PARTITION BY RANGE (delivery_id);

CREATE TABLE attempt_rest PARTITION OF attempt DEFAULT WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

-- What happened to endpoints; stands in the feed between the events of tasks.
-- type: the word on the wire; standing: as in webhook_endpoint.
CREATE TABLE endpoint_event (
  application_id uuid NOT NULL,
  position bigint NOT NULL,
  endpoint_id uuid NOT NULL,
  at bigint NOT NULL,
  standing smallint NOT NULL,
  type text NOT NULL,
  PRIMARY KEY (application_id, position)
);

-- How far readers of the feed have got.
CREATE TABLE consumer (
  application_id uuid NOT NULL,
  name text NOT NULL,
  position bigint NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (application_id, name)
);

-- events: words on the wire with spaces between; empty for all. headers: a JSON object. key_pair: whether callbacks
-- are signed with the key pair too.
-- standing: 0 active, 1 paused, 2 gone, 3 failing, 4 deleted: then it is there only until its pending deliveries
--   are dropped.
CREATE TABLE webhook_endpoint (
  id uuid NOT NULL,
  application_id uuid NOT NULL,
  failing_since bigint,
  succeeded_at bigint,
  created_at bigint NOT NULL,
  failures integer NOT NULL,
  standing smallint NOT NULL,
  key_pair boolean NOT NULL,
  url text NOT NULL,
  events text NOT NULL,
  description text NOT NULL,
  headers text NOT NULL,
  PRIMARY KEY (application_id, id)
) WITH (fillfactor = 70);

CREATE INDEX webhook_endpoint_closed ON webhook_endpoint (application_id, id) WHERE standing > 0;

-- owner_id: an application or an endpoint. kind: 1 HMAC (v1), 2 Ed25519 (v1a).
CREATE TABLE signing_secret (
  owner_id uuid NOT NULL,
  kind smallint NOT NULL,
  created_at bigint NOT NULL,
  text text NOT NULL,
  expires_at bigint,
  PRIMARY KEY (owner_id, kind, created_at, text)
);

CREATE TABLE instance_secret (
  name text PRIMARY KEY,
  value bytea NOT NULL
);

CREATE TABLE note (
  key text PRIMARY KEY,
  value bytea NOT NULL
);

-- Ended tasks by the UTC day of their end, counted in days since 1970-01-01; outlives the tasks.
-- took_ms, longest_ms: from acceptance to success.
CREATE TABLE usage_day (
  application_id uuid NOT NULL,
  day bigint NOT NULL,
  service text NOT NULL,
  endpoint text NOT NULL,
  succeeded bigint NOT NULL,
  failed bigint NOT NULL,
  cancelled bigint NOT NULL,
  expired bigint NOT NULL,
  charged bigint NOT NULL,
  took_ms bigint NOT NULL,
  longest_ms bigint NOT NULL,
  PRIMARY KEY (application_id, day, service, endpoint)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- service: empty for what holds over all services; of one service only create, open_tasks and running_tasks are
-- set.
-- create_pace, query_pace: calls a thousand seconds.
CREATE TABLE application_limit (
  application_id uuid NOT NULL,
  service text NOT NULL,
  create_pace bigint,
  create_burst bigint,
  open_tasks bigint,
  query_pace bigint,
  query_burst bigint,
  running_tasks bigint,
  weight bigint,
  PRIMARY KEY (application_id, service)
);

-- How many calls each node counted of an application, by kind of limit: total since the row was made, latest when it
-- told last. Nothing is lost with it, so it is not logged.
CREATE UNLOGGED TABLE rate_count (
  key text NOT NULL,
  node uuid NOT NULL,
  total bigint NOT NULL,
  latest bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (key, node)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
