//! The tables, and how an older database becomes a current one.
//!
//! Migrations are append-only and run in order, all of them in one transaction; SQLite's
//! `user_version` counts how many have run.

use rusqlite::Connection;

use crate::store::file::{as_written, migrate_details, migrate_messages, refold};

/// "eSIM" in ASCII: tells our files from other SQLite files (`PRAGMA application_id`).
pub(in crate::store) const APPLICATION_ID: i32 = 0x6553_494d;

const MIGRATIONS: &[&str] = &[
    // 1: deliveries as they came, events, eSIMs folded from them.
    "
    -- One row per eSIM. Derived from `events`; every column can be folded again from them.
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
    CREATE INDEX esims_iccid ON esims (iccid);
    CREATE INDEX esims_reference ON esims (reference_id);

    -- Which eSIM an event that names only an ICCID belongs to.
    CREATE TABLE iccids (
        iccid TEXT PRIMARY KEY,
        esim INTEGER NOT NULL REFERENCES esims (id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX iccids_esim ON iccids (esim);

    -- One row per thing that happened once.
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
    CREATE INDEX events_esim ON events (esim, occurred_at);
    CREATE INDEX events_iccid ON events (iccid);

    -- Raw bytes of every authentic delivery. One that comes again byte for byte is only counted.
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
    CREATE INDEX deliveries_event ON deliveries (event);

    -- Totals, kept in the transaction that changes them.
    CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What the desk has set. Never a secret.
    CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    ",
    // 2: retention. Old raw bodies leave their hash behind, so that the same bytes are known when they
    // come again; of the old usage events of one eSIM and day the last one stands for all.
    "
    ALTER TABLE deliveries ADD COLUMN body_hash BLOB; -- SHA-256 of a body that is no longer kept (`body` is empty); NULL: it is kept
    ALTER TABLE events ADD COLUMN stands_for INTEGER NOT NULL DEFAULT 1; -- how many events lists show as this one; 0: it is shown as another one
    ",
    // 3: how much happened when.
    "
    -- Status changes per hour in which they happened.
    CREATE TABLE hourly (
        hour INTEGER NOT NULL,          -- hours since the epoch, UTC
        status TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (hour, status)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO hourly (hour, status, count)
        SELECT occurred_at / 3600, status, count(*) FROM events
        WHERE category = 'esim' AND type = 'status' AND status IS NOT NULL AND occurred_at IS NOT NULL
        GROUP BY 1, 2;
    ",
    // 4: a delivery touches as few pages as it can.
    "
    -- Which eSIMs' events name an ICCID: where to look for them, without an index over every event.
    -- A pair may outlive its last event.
    CREATE TABLE iccid_esims (
        iccid TEXT NOT NULL,
        esim INTEGER NOT NULL,          -- row of the eSIM; never used again once it is gone
        PRIMARY KEY (iccid, esim)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO iccid_esims (iccid, esim)
        SELECT DISTINCT iccid, esim FROM events WHERE iccid IS NOT NULL AND esim IS NOT NULL;
    DROP INDEX events_iccid;
    DROP INDEX esims_iccid;
    ",
    // 5: how a delivery came; and no index entry for each delivery that is not malformed.
    "
    CREATE TABLE deliveries_5 (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        received_at_ms INTEGER NOT NULL, -- UTC milliseconds, the first time
        last_received_at_ms INTEGER NOT NULL,
        repeats INTEGER NOT NULL DEFAULT 0, -- how often it came again
        verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'unrecognized', 'duplicate', 'malformed')),
        event INTEGER REFERENCES events (id), -- NULL: malformed
        malformed_key TEXT,             -- hash of malformed bytes; NULL: an event came out of it
        headers TEXT,                   -- those that help to debug, a line each; NULL: none was given, or they are no longer kept
        body BLOB NOT NULL,
        body_hash BLOB                  -- SHA-256 of a body that is no longer kept (`body` is empty); NULL: it is kept
    ) STRICT;
    INSERT INTO deliveries_5 (id, received_at_ms, last_received_at_ms, repeats, verdict, event, malformed_key, body, body_hash)
        SELECT id, received_at_ms, last_received_at_ms, repeats, verdict, event, malformed_key, body, body_hash
        FROM deliveries ORDER BY id;
    DROP TABLE deliveries;
    ALTER TABLE deliveries_5 RENAME TO deliveries;
    CREATE INDEX deliveries_event ON deliveries (event);
    CREATE UNIQUE INDEX deliveries_malformed ON deliveries (malformed_key) WHERE malformed_key IS NOT NULL;
    ",
    // 6: alerts.
    "
    -- What a person should know or do. Rows are never deleted; an occasion is told once.
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL,          -- what it is about, for instance `esim:17`
        rule TEXT NOT NULL,
        occasion TEXT NOT NULL,         -- which of the times that the rule may find something here
        esim INTEGER,                   -- row of the eSIM in `subject`; NULL: about none
        since INTEGER NOT NULL,         -- UTC seconds, when the cause began
        detail TEXT NOT NULL,           -- JSON: the numbers in its text
        raised_at_ms INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('new', 'acknowledged', 'snoozed', 'cleared')),
        snoozed_until INTEGER,          -- UTC seconds; NULL: not snoozed
        note TEXT,                      -- NULL: nobody noted anything
        acknowledged_at_ms INTEGER,     -- NULL: nobody took it up
        cleared_at_ms INTEGER,          -- NULL: its cause goes on
        shown_at_ms INTEGER,            -- NULL: never shown as a notification
        owed INTEGER NOT NULL           -- 1: a notification is still to be shown
    ) STRICT;
    CREATE UNIQUE INDEX alerts_occasion ON alerts (subject, rule, occasion);
    CREATE INDEX alerts_open ON alerts (state) WHERE state <> 'cleared';
    CREATE INDEX alerts_esim ON alerts (esim) WHERE esim IS NOT NULL;

    -- eSIMs whose alerts are kept and not shown as notifications.
    CREATE TABLE muted_esims (
        esim INTEGER PRIMARY KEY        -- row of the eSIM
    ) STRICT;

    -- What came before there were alerts is no news.
    INSERT INTO counters (name, value) SELECT 'alerts_seen_up_to', max(id) FROM events HAVING count(*) > 0;
    CREATE INDEX events_account ON events (occurred_at) WHERE category = 'partner';
    CREATE INDEX events_unrecognized ON events (category, type) WHERE problem IS NOT NULL;
    ",
    // 7: what the desk itself adds, and what its screens ask.
    "
    -- The traveller of one eSIM, or of all eSIMs of an order. Nothing of it comes from Roamify.
    CREATE TABLE travellers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        esim INTEGER UNIQUE,            -- row of the eSIM; NULL: it is an order's
        reference_id TEXT UNIQUE,       -- the order's reference; NULL: it is an eSIM's
        name TEXT NOT NULL, contact TEXT NOT NULL, note TEXT NOT NULL, -- empty: none; so tags
        trip_start TEXT, trip_end TEXT, -- YYYY-MM-DD, days of the traveller's calendar and no instants; NULL: not given
        tags TEXT NOT NULL,             -- a line each
        changed_at_ms INTEGER NOT NULL, -- UTC milliseconds
        CHECK ((esim IS NULL) <> (reference_id IS NULL))
    ) STRICT;

    -- Booking lists that were taken over, and what they replaced, so that it can be undone.
    CREATE TABLE traveller_imports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        imported_at_ms INTEGER NOT NULL, -- UTC milliseconds
        source TEXT NOT NULL,           -- the file's name, or what was pasted
        row_count INTEGER NOT NULL,     -- travellers that it set
        undo TEXT NOT NULL,             -- JSON: the rows as they were before
        undone_at_ms INTEGER            -- NULL: it holds
    ) STRICT;

    -- How long senders waited for their answer. Written some time after the answers, all at once; a power cut may lose some.
    CREATE TABLE answers (
        delivery INTEGER PRIMARY KEY,   -- row of the delivery
        took_us INTEGER NOT NULL        -- microseconds
    ) STRICT;
    CREATE INDEX deliveries_odd ON deliveries (verdict, id) WHERE verdict <> 'accepted';

    -- How many eSIMs had each status just before the first delivery of a quarter of an hour: what a day is
    -- compared with. Every zone's midnight is at the start of one.
    CREATE TABLE status_marks (
        quarter INTEGER NOT NULL,       -- quarters of an hour since the epoch, UTC
        status TEXT NOT NULL,           -- empty: says only that the quarter was marked
        count INTEGER NOT NULL,
        PRIMARY KEY (quarter, status)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX events_orders ON events (occurred_at) WHERE category = 'affiliate';
    CREATE INDEX events_refunds ON events (occurred_at) WHERE category = 'refund';
    ",
    include_str!("migrations/08_fewer_pages.sql"),
    include_str!("migrations/09_details.sql"),
    include_str!("migrations/10_messages.sql"),
    include_str!("migrations/11_no_statistics.sql"),
    include_str!("migrations/12_plain_check.sql"),
    include_str!("migrations/13_order.sql"),
    include_str!("migrations/14_catch_up.sql"),
    include_str!("migrations/15_periods.sql"),
    include_str!("migrations/16_listed.sql"),
    include_str!("migrations/17_listed_ends.sql"),
    include_str!("migrations/18_given_back.sql"),
    include_str!("migrations/19_told.sql"),
    include_str!("migrations/20_sold_under.sql"),
    include_str!("migrations/21_told_by_iccid.sql"),
    include_str!("migrations/22_ended_again.sql"),
    include_str!("migrations/23_late_ends.sql"),
    AS_WRITTEN,
    REFOLDED,
];

/// With this migration something else follows from the events than before: it is made again.
const REFOLDED: &str = include_str!("migrations/25_queued.sql");

/// With this migration it is kept how references are written.
const AS_WRITTEN: &str = include_str!("migrations/24_as_written.sql");

/// Code that works by the statements of the tables, which are for the columns of the latest version: it runs behind all
/// migrations, if this one is among them.
const CODE_BEHIND: &[(&str, Code)] = &[(REFOLDED, refold::run), (AS_WRITTEN, as_written::fill)];

/// Code that belongs to a migration and runs right after its text; by the migration's place in [`MIGRATIONS`].
const CODE: &[(usize, Code)] = &[
    (BEFORE_DETAILS, migrate_details::fill),
    (BEFORE_MESSAGES, migrate_messages::rewrite),
];

/// How many migrations ran before details were kept.
pub(in crate::store) const BEFORE_DETAILS: usize = 8;

/// How many migrations ran before an alert's reason was kept as a message.
pub(in crate::store) const BEFORE_MESSAGES: usize = 9;

type Code = fn(&Connection) -> rusqlite::Result<()>;

/// The schema version that this program writes.
pub(in crate::store) fn current_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The schema version of a database; 0 for an empty one.
pub(in crate::store) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings the database to [`current_version`], or leaves it exactly as it was.
pub(in crate::store) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    run(db, MIGRATIONS)
}

/// Brings a new database to an earlier version.
#[cfg(test)]
pub(in crate::store) fn migrate_to(db: &mut Connection, version: usize) -> rusqlite::Result<()> {
    run(db, &MIGRATIONS[..version])
}

/// A table, column or index that a current database has and this one has not.
pub(in crate::store) fn missing(db: &Connection) -> rusqlite::Result<Option<String>> {
    let parts = |db: &Connection| -> rusqlite::Result<Vec<String>> {
        db.prepare(
            "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'
             UNION ALL
             SELECT t.name || ' (' || coalesce(i.name, '') || ')' FROM sqlite_schema t, pragma_index_info(t.name) i
             WHERE t.type = 'index'",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
    };
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh)?;
    let found = parts(db)?;
    Ok(parts(&fresh)?
        .into_iter()
        .find(|part| !found.contains(part)))
}

fn run(db: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    // Each reference would need an index, and a page of it for each row, to find the rows that name a deleted one. The
    // writer's own code keeps them right, and `check` looks. A table that others name could not be rebuilt either.
    db.pragma_update(None, "foreign_keys", "off")?;
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let done = usize::try_from(version(&tx)?).unwrap_or(usize::MAX);
    for (place, migration) in migrations.iter().enumerate().skip(done) {
        tx.execute_batch(migration)?;
        for (_, code) in CODE.iter().filter(|(of, _)| *of == place) {
            code(&tx)?;
        }
    }
    let new = migrations.get(done..).unwrap_or_default();
    if migrations.len() == MIGRATIONS.len() {
        for (_, code) in CODE_BEHIND.iter().filter(|(of, _)| new.contains(of)) {
            code(&tx)?;
        }
    }
    if done < migrations.len() {
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(
            None,
            "user_version",
            i64::try_from(migrations.len()).unwrap_or(i64::MAX),
        )?;
    }
    tx.commit()?;
    if done < migrations.len() {
        // Closes what they kept in tables of their own: as long as it is open, every transaction is one of it as well
        // (sqlite.org/pragma.html#pragma_temp_store).
        db.pragma_update(None, "temp_store", "file")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{deliver_at, status};
    use crate::store::{Reader, Verdict};

    fn tables(db: &Connection) -> Vec<String> {
        db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn from_nothing_to_current_and_again_changes_nothing() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        assert_eq!(version(&db).unwrap(), current_version());
        let before = tables(&db);
        migrate(&mut db).unwrap();
        assert_eq!(tables(&db), before);
    }

    #[test]
    fn rows_of_the_first_version_are_all_kept() {
        let mut db = Connection::open_in_memory().unwrap();
        run(&mut db, &MIGRATIONS[..1]).unwrap();
        db.execute_batch(
            "INSERT INTO events (id, key, category, type, received_at_ms) VALUES (7, 'k', 'esim', 'usage', 1);
             INSERT INTO deliveries (received_at_ms, last_received_at_ms, verdict, event, body) VALUES (1, 1, 'accepted', 7, x'7b7d');",
        )
        .unwrap();
        migrate(&mut db).unwrap();
        let kept: (i64, Vec<u8>, bool) = db
            .query_row(
                "SELECT stands_for, body, body_hash IS NULL FROM events JOIN deliveries ON event = events.id",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(kept, (1, b"{}".to_vec(), true));
    }

    /// Two eSIMs of one ICCID, as each version wrote them; the newest event of `a` came before the one of `b`.
    const OLD_ROWS: &str = "
        INSERT INTO esims (id, esim_id, iccid, status, status_since, last_event_at, event_count, last_order_at,
            last_order_terminal, last_order_key, search_text) VALUES
            (3, 'a', '1', 'READY', 20, 20, 2, 20, 0, '1:00000000020:status:esim:a:READY', '1\na'),
            (7, 'b', '1', 'NEW', 15, 15, 1, 15, 0, '1:00000000015:status:esim:b:NEW', '1\nb');
        INSERT INTO events (id, key, category, type, occurred_at, received_at_ms, esim, esim_id, iccid, status) VALUES
            (2, '1:00000000010:status:esim:a:NEW', 'esim', 'status', 10, 1, 3, 'a', '1', 'NEW'),
            (4, '1:00000000015:status:esim:b:NEW', 'esim', 'status', 15, 1, 7, 'b', '1', 'NEW'),
            (5, '1:00000000020:status:esim:a:READY', 'esim', 'status', 20, 1, 3, 'a', '1', 'READY');
        INSERT INTO events (id, key, category, type, occurred_at, received_at_ms) VALUES
            (6, '1:id:partner:top_up:x', 'partner', 'top_up', 30, 1);
        INSERT INTO deliveries (id, received_at_ms, last_received_at_ms, verdict, event, body) VALUES
            (1, 1, 1, 'accepted', 2, x'61'), (2, 1, 1, 'accepted', 4, x'62'), (3, 1, 1, 'accepted', 5, x'63'),
            (4, 1, 1, 'duplicate', 2, x'64'), (9, 1, 1, 'accepted', 6, x'65');
        INSERT INTO deliveries (id, received_at_ms, last_received_at_ms, verdict, malformed_key, body) VALUES
            (11, 1, 1, 'malformed', '1:raw:00', x'66');
        INSERT INTO iccids (iccid, esim) VALUES ('1', 3);
        INSERT INTO counters (name, value) VALUES ('events', 4), ('unrecognized', 0), ('esims:NEW', 1), ('esims:READY', 1),
            ('last_received_at_ms', 1);";

    #[test]
    fn rows_of_every_version_are_kept_and_agree_with_each_other() {
        for version in 1..MIGRATIONS.len() {
            let mut db = Connection::open_in_memory().unwrap();
            run(&mut db, &MIGRATIONS[..version]).unwrap();
            if version >= 8 {
                // The next migration brings rows of its own to test.
                continue;
            }
            db.execute_batch(OLD_ROWS).unwrap();
            if version >= 3 {
                db.execute_batch("INSERT INTO hourly VALUES (0, 'NEW', 2), (0, 'READY', 1)")
                    .unwrap();
            }
            if version >= 4 {
                db.execute_batch("INSERT INTO iccid_esims (iccid, esim) VALUES ('1', 3), ('1', 7)")
                    .unwrap();
            }
            migrate(&mut db).unwrap();
            let reader = Reader { db: &db };
            assert_eq!(reader.check().unwrap(), Vec::<String>::new(), "{version}");
            assert!(reader.damage().unwrap().is_empty(), "{version}");
            let bodies = [(2, "a"), (4, "b"), (5, "c"), (6, "e")]
                .map(|(event, body)| (reader.payload(event).unwrap(), Some(body.into())));
            for (kept, body) in bodies {
                assert_eq!(kept, body, "{version}");
            }
            let timeline = reader.events_of_esim(3, 0, 9).unwrap();
            let ids: Vec<i64> = timeline.iter().map(|event| event.id).collect();
            assert_eq!(ids, [5, 2], "{version}");
            // Ids go on behind the highest that was ever used, and the same bytes are known.
            let again = r#"{"event_category":"esim","event_type":"status","esim_id":"a","iccid":"1","status":"NEW","timestamp":10}"#;
            assert_eq!(deliver_at(&db, again, 2).verdict, Verdict::Duplicate);
            let next = deliver_at(&db, &status(r#""esim_id":"c""#, "NEW", 10), 2);
            assert_eq!(next.delivery, Some(13), "{version}");
            assert_eq!(next.event.unwrap().id, 7, "{version}");
            assert_eq!(next.esim.unwrap().rows, [8], "{version}");
            assert_eq!(reader.check().unwrap(), Vec::<String>::new(), "{version}");
        }
    }

    #[test]
    fn a_failing_migration_leaves_the_database_as_it_was() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        let before = tables(&db);
        let mut more = MIGRATIONS.to_vec();
        more.extend(["CREATE TABLE fine (a INTEGER) STRICT", "CREATE TABEL wrong"]);
        assert!(run(&mut db, &more).is_err());
        assert_eq!(tables(&db), before);
        assert_eq!(version(&db).unwrap(), current_version());
    }

    #[test]
    fn every_table_is_strict() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        let loose: i64 = db
            .query_row(
                "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(loose, 0);
    }
}
