-- A delivery touches four pages, and seven when it is the first of its eSIM. Every page that it touches is written
-- twice, to the log and at the next checkpoint, so what is kept is arranged by pages, not by rows.

-- Ids are given by the writer, which notes the last one of each table among the totals: SQLite's own note of
-- them (AUTOINCREMENT) is a page of its own. They are still never used again.
CREATE TABLE counters_8 (
    hour INTEGER NOT NULL,          -- hours since the epoch, UTC; the largest integer: of the whole store
    name TEXT NOT NULL,             -- of an hour: the status that eSIMs changed to
    value INTEGER NOT NULL,
    PRIMARY KEY (hour, name)        -- so the totals lie beside the latest hour, on one page with it
) STRICT, WITHOUT ROWID;
INSERT INTO counters_8 (hour, name, value)
    SELECT hour, status, count FROM hourly
    UNION ALL SELECT 9223372036854775807, name, value FROM counters
    UNION ALL SELECT 9223372036854775807, 'last_id:' || name, seq FROM sqlite_sequence
        WHERE name IN ('esims', 'events', 'deliveries');
DROP TABLE hourly;
DROP TABLE counters;
ALTER TABLE counters_8 RENAME TO counters;

-- One table for both: which eSIMs' events name an ICCID, and which of them gets the events that name nothing else.
ALTER TABLE iccid_esims ADD COLUMN owner INTEGER NOT NULL DEFAULT 0; -- 1: events that name only this ICCID belong to it
INSERT INTO iccid_esims (iccid, esim, owner) SELECT iccid, esim, 1 FROM iccids WHERE true
    ON CONFLICT (iccid, esim) DO UPDATE SET owner = 1;
DROP TABLE iccids;

-- The events of an eSIM are a chain, from its row to the one that came last and on to the one before: an index over
-- them would be a page somewhere else for every event.
ALTER TABLE esims ADD COLUMN last_event INTEGER; -- row of the event that came last; NULL only within a transaction
UPDATE esims SET last_event = (SELECT max(id) FROM events WHERE esim = esims.id);
CREATE TEMP TABLE links_8 (
    event INTEGER PRIMARY KEY,
    previous INTEGER
);
INSERT INTO links_8 (event, previous)
    SELECT id, lag(id) OVER (PARTITION BY esim ORDER BY id) FROM events WHERE esim IS NOT NULL;
CREATE TEMP TABLE firsts_8 (
    event INTEGER PRIMARY KEY,
    delivery INTEGER
);
INSERT INTO firsts_8 (event, delivery)
    SELECT event, min(id) FROM deliveries WHERE event IS NOT NULL GROUP BY event;

-- One row per thing that happened once.
CREATE TABLE events_8 (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,              -- what makes it the same event when it comes again; no two have the same
    category TEXT NOT NULL,
    type TEXT NOT NULL,
    occurred_at INTEGER,            -- UTC seconds; NULL: not readable in the payload
    received_at_ms INTEGER NOT NULL, -- UTC milliseconds, of its first delivery
    esim INTEGER REFERENCES esims (id), -- NULL: names no eSIM
    previous INTEGER,               -- row of the event of this eSIM that came before; NULL: none did
    delivery INTEGER,               -- row of its first delivery, which may be gone; NULL: it is gone
    esim_id TEXT, iccid TEXT, reference_id TEXT, status TEXT, -- as the event names them; NULL: not given
    period_start INTEGER, period_end INTEGER,
    package_name TEXT, data_allowed_mb REAL, data_remaining_mb REAL, data_unlimited INTEGER,
    problem TEXT,                   -- why it was not recognised; NULL: it was
    stands_for INTEGER NOT NULL DEFAULT 1 -- how many events lists show as this one; 0: it is shown as another one
) STRICT;
INSERT INTO events_8 (id, key, category, type, occurred_at, received_at_ms, esim, previous, delivery, esim_id, iccid,
        reference_id, status, period_start, period_end, package_name, data_allowed_mb, data_remaining_mb, data_unlimited,
        problem, stands_for)
    SELECT events.id, key, category, type, occurred_at, received_at_ms, esim, previous, delivery, esim_id, iccid,
        reference_id, status, period_start, period_end, package_name, data_allowed_mb, data_remaining_mb, data_unlimited,
        problem, stands_for
    FROM events LEFT JOIN links_8 ON links_8.event = events.id LEFT JOIN firsts_8 ON firsts_8.event = events.id
    ORDER BY events.id;
DROP TABLE links_8;
DROP TABLE firsts_8;
DROP TABLE events;
ALTER TABLE events_8 RENAME TO events;
CREATE INDEX events_account ON events (occurred_at) WHERE category = 'partner';
CREATE INDEX events_orders ON events (occurred_at) WHERE category = 'affiliate';
CREATE INDEX events_refunds ON events (occurred_at) WHERE category = 'refund';
CREATE INDEX events_unrecognized ON events (category, type) WHERE problem IS NOT NULL;
-- A key that its sender gave, or of an event without an eSIM. Any other key is looked for in the eSIM's chain, and
-- nowhere if the event is later than all of it.
CREATE UNIQUE INDEX events_key ON events (key) WHERE esim IS NULL OR substr(key, 2, 4) = ':id:';

-- The first delivery of an event is found by the event; only the others need an index.
DROP INDEX deliveries_event;
CREATE INDEX deliveries_again ON deliveries (event) WHERE verdict = 'duplicate';

-- What a table's text says and its pages don't may be edited (sqlite.org/lang_altertable.html, section 7); copying
-- every raw body would take minutes and three times the space.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY AUTOINCREMENT', 'PRIMARY KEY')
    WHERE type = 'table' AND name IN ('esims', 'deliveries');
PRAGMA writable_schema = RESET;
DELETE FROM sqlite_sequence WHERE name IN ('esims', 'deliveries');
