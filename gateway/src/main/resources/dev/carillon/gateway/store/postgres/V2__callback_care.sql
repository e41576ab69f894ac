-- Deliveries by state, sending again what was missed without anybody waiting for it, and an end to what the feed keeps
-- of endpoints.

-- The deliveries that did not arrive: exactly one row for each in a state above 1. Apart from them, as an index with
-- the state would keep PostgreSQL from updating every delivered row in place.
CREATE TABLE delivery_failed (
  application_id uuid NOT NULL,
  state smallint NOT NULL,
  delivery_id uuid NOT NULL,
  PRIMARY KEY (application_id, state, delivery_id)
);

CREATE INDEX delivery_failed_by_delivery ON delivery_failed (delivery_id);

INSERT INTO delivery_failed (application_id, state, delivery_id)
SELECT application_id, state, id FROM delivery WHERE state > 1;

CREATE INDEX endpoint_event_by_time ON endpoint_event (at);

-- Sending an endpoint again what it missed, page by page.
-- position: the place in the feed up to which it was done; until: the last one that counts.
-- count: how many were sent. due_at: when somebody goes on with it, if nobody does before; null once it has ended.
CREATE TABLE recovery (
  application_id uuid NOT NULL,
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  since bigint NOT NULL,
  position bigint NOT NULL,
  until bigint NOT NULL,
  count bigint NOT NULL,
  created_at bigint NOT NULL,
  due_at bigint,
  ended_at bigint,
  PRIMARY KEY (application_id, id)
);

CREATE INDEX recovery_due ON recovery (due_at) WHERE due_at IS NOT NULL;
