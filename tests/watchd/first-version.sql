-- A database as the first version of its format had it: dumped from what the program of that version
-- stored, so that what today's program says about it, and makes of it, is what a user of that version gets.
PRAGMA application_id = 1699957069;
PRAGMA user_version = 1;
PRAGMA foreign_keys = OFF; -- only while it is written: the tables stand in the order of their names
CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "counters" VALUES('esims:EXPIRED',1);
INSERT INTO "counters" VALUES('esims:UNKNOWN',1);
INSERT INTO "counters" VALUES('events',3);
INSERT INTO "counters" VALUES('last_received_at_ms',1795460305840);
INSERT INTO "counters" VALUES('unrecognized',1);
CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        received_at_ms INTEGER NOT NULL, -- UTC milliseconds, the first time
        last_received_at_ms INTEGER NOT NULL,
        repeats INTEGER NOT NULL DEFAULT 0, -- how often it came again
        verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'unrecognized', 'duplicate', 'malformed')),
        event INTEGER REFERENCES events (id), -- NULL: malformed
        malformed_key TEXT UNIQUE,      -- hash of malformed bytes; NULL: an event came out of it
        body BLOB NOT NULL
    ) STRICT;
INSERT INTO "deliveries" VALUES(1,1795460305835,1795460305835,0,'accepted',1,NULL,CAST('{"event_category":"esim","event_type":"status","data":{"timestamp":1764835205,"iccid":"8944500102198304826","esim_id":"0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11","reference_id":"TRIP-20251127-ROSSI","start":1764230400,"end":1764835200,"status":"EXPIRED"}}' AS BLOB));
INSERT INTO "deliveries" VALUES(2,1795460305838,1795460305838,0,'accepted',2,NULL,CAST('{"event_category":"esim","event_type":"usage","data":{"timestamp":1764316800,"iccid":"8944500102198304826","esim_id":"0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11","reference_id":"TRIP-20251127-ROSSI","start":1764230400,"end":1764835200,"status":"ACTIVATED","package_id":"esim-japan-7days-3gb-all","package_name":"3 GB - 7 Days","data_units":"MB","voice_units":"minutes","sms_units":"sms","usage_data":{"isUnlimited":false,"allowed_data":3072,"remaining_data":307.2,"allowed_sms":0,"remaining_sms":0,"allowed_voice":0,"remaining_voice":0},"usage_list":[{"date":"2025-11-27","data_used":1900.5,"location":"Japan"},{"date":"2025-11-28","data_used":864.3,"location":"Japan"}]}}' AS BLOB));
INSERT INTO "deliveries" VALUES(3,1795460305840,1795460305840,0,'unrecognized',3,NULL,CAST('{"event_category":"voucher","event_type":"redeemed","data":{"timestamp":1764350000,"voucher_code":"SUN-2291","esim_id":"7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901"}}' AS BLOB));
CREATE TABLE esims (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        esim_id TEXT UNIQUE,            -- NULL: only its ICCID is known
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
        search_text TEXT NOT NULL       -- reference, ICCID and id in lowercase
    ) STRICT;
INSERT INTO "esims" VALUES(1,'0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11','8944500102198304826','TRIP-20251127-ROSSI','EXPIRED',1764835205,1764230400,1764835200,1764316800,'3 GB - 7 Days',3072.0,307.2,0,1764835205,2,1764835205,1,'1:01764835205:status:esim:0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11:EXPIRED','trip-20251127-rossi
8944500102198304826
0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11');
INSERT INTO "esims" VALUES(2,'7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1764350000,1,1764350000,0,'1:01764350000:hash:ed6b6cef8f66fe4982377d9da8016e0f142befdc0e5b90fc41462a3033bd7ad8','7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901');
CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        category TEXT NOT NULL,
        type TEXT NOT NULL,
        occurred_at INTEGER,            -- UTC seconds; NULL: not readable in the payload
        received_at_ms INTEGER NOT NULL, -- UTC milliseconds, of its first delivery
        esim INTEGER REFERENCES esims (id), -- NULL: names no eSIM
        esim_id TEXT, iccid TEXT, reference_id TEXT, status TEXT, -- as the event names them; NULL: not given
        period_start INTEGER, period_end INTEGER,
        package_name TEXT, data_allowed_mb REAL, data_remaining_mb REAL, data_unlimited INTEGER,
        problem TEXT                    -- why it was not recognised; NULL: it was
    ) STRICT;
INSERT INTO "events" VALUES(1,'1:01764835205:status:esim:0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11:EXPIRED','esim','status',1764835205,1795460305835,1,'0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11','8944500102198304826','TRIP-20251127-ROSSI','EXPIRED',1764230400,1764835200,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,'1:01764316800:hash:dc5651afff7146593ffd01ded7a796ff97b68db02c780088530eea0b94ad43a0','esim','usage',1764316800,1795460305838,1,'0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11','8944500102198304826','TRIP-20251127-ROSSI','ACTIVATED',1764230400,1764835200,'3 GB - 7 Days',3072.0,307.2,0,NULL);
INSERT INTO "events" VALUES(3,'1:01764350000:hash:ed6b6cef8f66fe4982377d9da8016e0f142befdc0e5b90fc41462a3033bd7ad8','voucher','redeemed',1764350000,1795460305840,2,'7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'The category “voucher” is new to this version.');
CREATE TABLE iccids (
        iccid TEXT PRIMARY KEY,
        esim INTEGER NOT NULL REFERENCES esims (id)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "iccids" VALUES('8944500102198304826',1);
CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('listener.token','0123456789abcdef0123456789abcdef');
CREATE INDEX esims_iccid ON esims (iccid);
CREATE INDEX esims_reference ON esims (reference_id);
CREATE INDEX iccids_esim ON iccids (esim);
CREATE INDEX events_esim ON events (esim, occurred_at);
CREATE INDEX events_iccid ON events (iccid);
CREATE INDEX deliveries_event ON deliveries (event);
