-- What tokens may do and have spent, the tokens that manage an account, and usage by day.

ALTER TABLE account ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- services, apis: a line each; empty for all. limited_amount: null for no limit.
-- used_amount: what was charged and what is held for open tasks.
-- previous_hash: the token before the last rotation, which works until previous_until.
-- metadata: a JSON object.
ALTER TABLE credential ADD COLUMN services TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN apis TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN limited_amount INTEGER;
ALTER TABLE credential ADD COLUMN used_amount INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN used_at INTEGER;
ALTER TABLE credential ADD COLUMN previous_hash TEXT;
ALTER TABLE credential ADD COLUMN previous_until INTEGER;
ALTER TABLE credential ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

CREATE INDEX credential_by_application ON credential (application_id, id);
CREATE UNIQUE INDEX credential_by_previous ON credential (previous_hash) WHERE previous_hash IS NOT NULL;

UPDATE credential SET used_amount = spent.amount
FROM (SELECT credential_id, sum(price) AS amount FROM task WHERE state <= 10 GROUP BY credential_id) AS spent
WHERE spent.credential_id = credential.id;

CREATE TABLE platform_token (
  id BLOB PRIMARY KEY,
  account_id BLOB NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  token_prefix TEXT NOT NULL,
  expires_at INTEGER,
  revoked INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX platform_token_by_account ON platform_token (account_id, id);

-- Ended tasks by the UTC day of their end, counted in days since 1970-01-01; outlives the tasks.
-- took_ms, longest_ms: from acceptance to success.
CREATE TABLE usage_day (
  application_id BLOB NOT NULL,
  day INTEGER NOT NULL,
  service TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  expired INTEGER NOT NULL,
  charged INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  longest_ms INTEGER NOT NULL,
  PRIMARY KEY (application_id, day, service, endpoint)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_day
SELECT application_id, changed_at / 86400000, service, endpoint,
  sum(state = 10), sum(state = 11), sum(state IN (12, 14)), sum(state IN (13, 15)),
  sum(CASE WHEN state = 10 THEN price ELSE 0 END),
  sum(CASE WHEN state = 10 THEN changed_at - created_at ELSE 0 END),
  max(CASE WHEN state = 10 THEN changed_at - created_at ELSE 0 END)
FROM task WHERE state >= 10
GROUP BY 1, 2, 3, 4;

PRAGMA user_version = 4;
