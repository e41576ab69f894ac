-- Answers that cost a part of the price, callbacks of each step, and results that are waited for after their task expired.

-- charged: what an answer cost that came in part; null for the whole price.
-- flags: 1 where the callback URL hears of each step, 2 where a caller who was told that the task expired may have
--   sent it again; null for most.
ALTER TABLE task ADD COLUMN charged INTEGER;
ALTER TABLE task ADD COLUMN flags INTEGER;

-- Expired tasks whose provider still works. Of the ledger, kind 4 is what a late result takes again, after the
-- release of the expiry and before its settling.
CREATE TABLE late_wait (
  task_id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 6;
