-- Who sent it; what it said, understood once; what its sender was answered. What older rows say of these is filled in by
-- code that runs right after this.
ALTER TABLE events ADD COLUMN provider INTEGER NOT NULL DEFAULT 1; -- number of the provider
ALTER TABLE events ADD COLUMN details TEXT; -- JSON: what it says beyond its columns; NULL: nothing; empty: it is no longer kept
ALTER TABLE deliveries ADD COLUMN provider INTEGER NOT NULL DEFAULT 1; -- number of the provider
ALTER TABLE deliveries ADD COLUMN status INTEGER; -- of the answer, the first time (RFC 9110); NULL: not kept
ALTER TABLE deliveries ADD COLUMN reason TEXT; -- code of why it was turned away; NULL: it was not, or it is not known

-- An eSIM is known by its provider and its id there. So is whose an ICCID is, through its eSIM.
CREATE TABLE esims_9 (
    id INTEGER PRIMARY KEY,
    provider INTEGER NOT NULL,      -- number of the provider
    esim_id TEXT,                   -- NULL: only its ICCID is known
    iccid TEXT,                     -- NULL: only its eSIM id is known
    reference_id TEXT,              -- NULL: none was given
    status TEXT,                    -- NULL: no event reported one
    status_since INTEGER,           -- UTC seconds; NULL with status
    period_start INTEGER,           -- UTC seconds; NULL: not given
    period_end INTEGER,             -- UTC seconds; NULL: not given
    first_activated_at INTEGER,     -- UTC seconds; NULL: never seen activated
    package_name TEXT,              -- NULL: no usage event yet; so the next three
    data_allowed_mb REAL,
    data_remaining_mb REAL,
    data_unlimited INTEGER,
    last_event_at INTEGER,          -- UTC seconds; NULL: no event has a readable time
    event_count INTEGER NOT NULL,
    last_order_at INTEGER NOT NULL, -- place of the last applied event: time (or the smallest integer), …
    last_order_terminal INTEGER NOT NULL, -- … whether its status is terminal, …
    last_order_key TEXT NOT NULL,   -- … its key
    search_text TEXT NOT NULL,      -- reference, ICCID and id in lowercase
    last_event INTEGER,             -- row of the event that came last; NULL only within a transaction
    UNIQUE (provider, esim_id)
) STRICT;
INSERT INTO esims_9 (id, provider, esim_id, iccid, reference_id, status, status_since, period_start, period_end,
        first_activated_at, package_name, data_allowed_mb, data_remaining_mb, data_unlimited, last_event_at, event_count,
        last_order_at, last_order_terminal, last_order_key, search_text, last_event)
    SELECT id, 1, esim_id, iccid, reference_id, status, status_since, period_start, period_end,
        first_activated_at, package_name, data_allowed_mb, data_remaining_mb, data_unlimited, last_event_at, event_count,
        last_order_at, last_order_terminal, last_order_key, search_text, last_event
    FROM esims ORDER BY id;
DROP TABLE esims;
ALTER TABLE esims_9 RENAME TO esims;
CREATE INDEX esims_reference ON esims (reference_id);
