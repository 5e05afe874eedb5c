-- Makes of a current database one of the version before events had a place in an eSIM's life: for tests.
DROP INDEX IF EXISTS iccid_esims_esim;
ALTER TABLE esims RENAME COLUMN last_order_place TO last_order_terminal;
UPDATE esims SET last_order_terminal = last_order_terminal >= 8;
ALTER TABLE esims DROP COLUMN unbelieved_until;
UPDATE events SET problem = iif(unbelieved_at > 0, NULL, problem), occurred_at = nullif(unbelieved_at, 0)
    WHERE unbelieved_at IS NOT NULL;
ALTER TABLE events DROP COLUMN unbelieved_at;
PRAGMA user_version = 11;
