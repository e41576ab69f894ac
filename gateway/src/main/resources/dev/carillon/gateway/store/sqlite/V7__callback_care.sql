-- Deliveries by state, sending again what was missed without anybody waiting for it, and an end to what the feed keeps
-- of endpoints.

-- What did not arrive; of what is pending the index of due ones tells, and most of the rest was delivered.
CREATE INDEX delivery_by_state ON delivery (application_id, state, id) WHERE state > 1;

CREATE INDEX endpoint_event_by_time ON endpoint_event (at);

-- Sending an endpoint again what it missed, page by page.
-- position: the place in the feed up to which it was done; until: the last one that counts.
-- count: how many were sent. due_at: when somebody goes on with it, if nobody does before; null once it has ended.
CREATE TABLE recovery (
  id BLOB PRIMARY KEY,
  application_id BLOB NOT NULL,
  endpoint_id BLOB NOT NULL,
  since INTEGER NOT NULL,
  position INTEGER NOT NULL,
  until INTEGER NOT NULL,
  count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX recovery_due ON recovery (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recovery_by_application ON recovery (application_id, id);

PRAGMA user_version = 7;
