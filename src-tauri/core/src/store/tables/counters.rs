//! Totals that the dashboards show, kept in the transaction that changes them.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use crate::event::{Event, Status};
use crate::store::Reader;
use crate::store::tables::kinds;

const EVENTS: &str = "events";
const UNRECOGNIZED: &str = "unrecognized";
const STATUS_PREFIX: &str = "esims:";
const LAST_RECEIVED: &str = "last_received_at_ms";
const LAST_HEARD: &str = "last_heard_at_ms";

/// The "hour" of what counts for the whole store: behind all others, so that it lies beside the latest.
const WHOLE: i64 = i64::MAX;

/// The tables whose rows the writer numbers, with the name under which the last number is kept once rows were deleted.
const NUMBERED: [(&str, &str); 3] = [
    ("esims", "last_id:esims"),
    ("events", "last_id:events"),
    ("deliveries", "last_id:deliveries"),
];

/// How many eSIMs have one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCount {
    /// The status as it is stored.
    pub status: String,
    /// Number of eSIMs.
    pub count: i64,
}

/// Totals over the whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Every known status in the order of an eSIM's life, then unknown ones that occur.
    pub by_status: Vec<StatusCount>,
    /// Number of eSIMs.
    pub esims: i64,
    /// Number of events.
    pub events: i64,
    /// Number of events that this version did not recognise.
    pub unrecognized: i64,
}

/// A table whose rows the writer numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Numbered {
    Esims,
    Events,
    Deliveries,
}

/// Changes of the totals that one transaction gathers.
#[derive(Debug, Default)]
pub(in crate::store) struct Deltas {
    by_name: BTreeMap<(i64, String), i64>,
    last_received_at_ms: Option<i64>,
    last_heard_at_ms: Option<i64>,
    changed_at_ms: Option<i64>,
    known: Known,
}

/// What need not be asked of the store again by whoever wrote it. Holds in the next transaction, if this one is committed.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::store) struct Known {
    /// The last id given in each table, in the order of [`NUMBERED`]; `None`: none was given yet.
    last_ids: Option<LastIds>,
    /// The last quarter of an hour that was marked.
    marked_quarter: Option<i64>,
}

/// The last id of each numbered table.
type LastIds = [i64; 3];

impl Deltas {
    /// Those of a transaction that follows the one of which this is left.
    pub(in crate::store) fn after(known: Known) -> Deltas {
        Deltas {
            known,
            ..Deltas::default()
        }
    }

    /// The next id of a table: greater than any that was ever used in it.
    pub(in crate::store) fn next_id(
        &mut self,
        tx: &Connection,
        table: Numbered,
    ) -> rusqlite::Result<i64> {
        let ids = match &mut self.known.last_ids {
            Some(ids) => ids,
            None => self.known.last_ids.insert(last_ids(tx)?),
        };
        let [esims, events, deliveries] = ids;
        let last = match table {
            Numbered::Esims => esims,
            Numbered::Events => events,
            Numbered::Deliveries => deliveries,
        };
        *last = last.saturating_add(1);
        Ok(*last)
    }

    pub(in crate::store) fn event_added(&mut self, recognized: bool) {
        self.add(EVENTS, 1);
        if !recognized {
            self.add(UNRECOGNIZED, 1);
        }
    }

    pub(in crate::store) fn event_became_recognized(&mut self) {
        self.add(UNRECOGNIZED, -1);
    }

    pub(in crate::store) fn event_became_unrecognized(&mut self) {
        self.add(UNRECOGNIZED, 1);
    }

    /// Two events turned out to be one; the one with this problem is gone.
    pub(in crate::store) fn event_removed(&mut self, recognized: bool) {
        self.add(EVENTS, -1);
        if !recognized {
            self.event_became_recognized();
        }
    }

    /// A status change is now (`1`) or no longer (`-1`) told as this event tells it.
    pub(in crate::store) fn status_told(&mut self, event: &Event, change: i64) {
        if let (true, Some((status, at))) = (event.kind.changes_status(), event.status_at()) {
            let hour = (at.div_euclid(3600), status.as_str().to_owned());
            *self.by_name.entry(hour).or_default() += change;
        }
    }

    pub(in crate::store) fn esim_added(&mut self, status: &str) {
        self.add(&format!("{STATUS_PREFIX}{status}"), 1);
    }

    pub(in crate::store) fn esim_removed(&mut self, status: &str) {
        self.add(&format!("{STATUS_PREFIX}{status}"), -1);
    }

    /// The one that came last counts, not the latest time: after a clock that was ahead was set
    /// right, the program would otherwise seem to hear for years.
    pub(in crate::store) fn received_at(&mut self, ms: i64) {
        self.last_received_at_ms = Some(ms);
    }

    /// Something came that shows that the provider reaches this desk.
    pub(in crate::store) fn heard_at(&mut self, ms: i64) {
        self.last_heard_at_ms = Some(ms);
    }

    /// Something was found at this time that nobody sent.
    pub(in crate::store) fn changed_at(&mut self, ms: i64) {
        self.changed_at_ms = Some(ms);
    }

    fn add(&mut self, name: &str, delta: i64) {
        *self.by_name.entry((WHOLE, name.to_owned())).or_default() += delta;
    }

    /// Writes them, and gives what the next transaction goes on with.
    pub(in crate::store) fn write(mut self, tx: &Connection) -> rusqlite::Result<Known> {
        let changed_at_ms = self.last_received_at_ms.or(self.changed_at_ms);
        let quarter = changed_at_ms.map(quarter_of);
        if let Some(quarter) = quarter.filter(|_| quarter != self.known.marked_quarter) {
            mark(tx, quarter)?;
            self.known.marked_quarter = Some(quarter);
        }
        let mut add = tx.prepare_cached(
            "INSERT INTO counters (hour, name, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (hour, name) DO UPDATE SET value = value + excluded.value",
        )?;
        for ((hour, name), delta) in self.by_name.iter().filter(|(_, delta)| **delta != 0) {
            add.execute(params![hour, name, delta])?;
        }
        if let Some(ms) = self.last_received_at_ms {
            set(tx, LAST_RECEIVED, ms)?;
        }
        if let Some(ms) = self.last_heard_at_ms {
            set(tx, LAST_HEARD, ms)?;
        }
        Ok(self.known)
    }
}

/// Keeps the last id of a table from being forgotten with its row. To be called before rows are deleted.
pub(in crate::store) fn keep_last_id(tx: &Connection, table: Numbered) -> rusqlite::Result<()> {
    for ((_, name), (id, kept)) in NUMBERED.iter().zip(last_ids(tx)?.into_iter().zip([
        Numbered::Esims,
        Numbered::Events,
        Numbered::Deliveries,
    ])) {
        if kept == table {
            set(tx, name, id)?;
        }
    }
    Ok(())
}

/// The last id that was used in each table: as noted, or as it stands there.
fn last_ids(tx: &Connection) -> rusqlite::Result<LastIds> {
    let mut ids = [0; 3];
    for ((table, name), id) in NUMBERED.iter().zip(&mut ids) {
        let highest: Option<i64> = tx
            .prepare_cached(&format!("SELECT max(id) FROM {table}"))?
            .query_row([], |row| row.get(0))?;
        *id = get(tx, name)?.max(highest).unwrap_or(0);
    }
    Ok(ids)
}

/// A number that is kept for the whole store.
pub(in crate::store) fn get(db: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT value FROM counters WHERE hour = ?1 AND name = ?2")?
        .query_row(params![WHOLE, name], |row| row.get(0))
        .optional()
}

/// Keeps a number for the whole store.
pub(in crate::store) fn set(tx: &Connection, name: &str, value: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO counters (hour, name, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (hour, name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![WHOLE, name, value])?;
    Ok(())
}

/// Forgets a number.
pub(in crate::store) fn forget(tx: &Connection, name: &str) -> rusqlite::Result<()> {
    tx.execute(
        "DELETE FROM counters WHERE hour = ?1 AND name = ?2",
        params![WHOLE, name],
    )?;
    Ok(())
}

/// Milliseconds of a quarter of an hour.
const QUARTER_MS: i64 = 900_000;

/// For how many quarters marks are kept: 35 days.
const KEPT_QUARTERS: i64 = 35 * 24 * 4;

/// How many of them are forgotten at most when another is marked: a clock that is ahead for hours must not forget today.
const FORGOTTEN_QUARTERS: i64 = 4;

fn quarter_of(ms: i64) -> i64 {
    ms.div_euclid(QUARTER_MS)
}

/// Notes how many eSIMs have each status, before the first delivery of this quarter of an hour counts.
fn mark(tx: &Connection, quarter: i64) -> rusqlite::Result<()> {
    let marked = tx
        .prepare_cached("SELECT 1 FROM status_marks WHERE quarter = ?1 LIMIT 1")?
        .exists([quarter])?;
    if marked {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO status_marks (quarter, status, count)
         SELECT ?1, '', 0
         UNION ALL SELECT ?1, substr(name, length(?2) + 1), value FROM counters WHERE hour = ?3 AND name GLOB ?2 || '*'",
        params![quarter, STATUS_PREFIX, WHOLE],
    )?;
    tx.execute(
        "DELETE FROM status_marks WHERE quarter < ?1 AND quarter < (SELECT min(quarter) FROM status_marks) + ?2",
        [quarter - KEPT_QUARTERS, FORGOTTEN_QUARTERS],
    )?;
    Ok(())
}

/// How many eSIMs had each status at this time (UTC milliseconds, to the quarter of an hour); a status
/// that is not named had none. Further back than is kept: as of the first that is.
pub(in crate::store) fn by_status_at(
    db: &Connection,
    at_ms: i64,
) -> rusqlite::Result<Vec<StatusCount>> {
    // What is marked beyond the last delivery was marked by a clock that was ahead.
    let last = last_received_at_ms(db)?.unwrap_or(i64::MAX);
    let quarter: Option<i64> = db.query_row(
        "SELECT min(quarter) FROM status_marks WHERE quarter BETWEEN ?1 AND ?2",
        [quarter_of(at_ms), quarter_of(last)],
        |row| row.get(0),
    )?;
    let Some(quarter) = quarter else {
        // Nothing has come since.
        return Ok(counts(db)?.by_status);
    };
    db.prepare_cached(
        "SELECT status, count FROM status_marks WHERE quarter = ?1 AND status <> '' ORDER BY status",
    )?
    .query_map([quarter], |row| {
        Ok(StatusCount {
            status: row.get(0)?,
            count: row.get(1)?,
        })
    })?
    .collect()
}

pub(in crate::store) fn counts(db: &Connection) -> rusqlite::Result<Counts> {
    let mut stored: HashMap<String, i64> = db
        .prepare_cached("SELECT name, value FROM counters WHERE hour = ?1")?
        .query_map([WHOLE], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut by_status: Vec<StatusCount> = Status::KNOWN
        .iter()
        .map(|status| {
            let name = format!("{STATUS_PREFIX}{status}");
            StatusCount {
                status: status.to_string(),
                count: stored.remove(&name).unwrap_or(0),
            }
        })
        .collect();
    let mut others: Vec<StatusCount> = stored
        .iter()
        .filter(|(_, count)| **count != 0)
        .filter_map(|(name, count)| {
            let status = name.strip_prefix(STATUS_PREFIX)?.to_owned();
            Some(StatusCount {
                status,
                count: *count,
            })
        })
        .collect();
    others.sort_by(|a, b| a.status.cmp(&b.status));
    by_status.extend(others);
    let named = |name: &str| stored.get(name).copied().unwrap_or(0);
    Ok(Counts {
        esims: by_status.iter().map(|entry| entry.count).sum(),
        by_status,
        events: named(EVENTS),
        unrecognized: named(UNRECOGNIZED),
    })
}

/// How many status changes to one status happened in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourCount {
    /// Hours since the epoch, UTC.
    pub hour: i64,
    /// The status as it is stored.
    pub status: String,
    /// Number of status changes.
    pub count: i64,
}

/// Status changes in these hours since the epoch, the last one included.
pub(in crate::store) fn hourly(
    db: &Connection,
    first: i64,
    last: i64,
) -> rusqlite::Result<Vec<HourCount>> {
    db.prepare_cached(
        "SELECT hour, name, value FROM counters WHERE hour BETWEEN ?1 AND ?2 AND value > 0 ORDER BY hour, name",
    )?
    .query_map([first, last.min(WHOLE - 1)], |row| {
        Ok(HourCount {
            hour: row.get(0)?,
            status: row.get(1)?,
            count: row.get(2)?,
        })
    })?
    .collect()
}

/// Counts everything again.
pub(in crate::store) fn recount(tx: &Connection) -> rusqlite::Result<()> {
    tx.execute(
        "DELETE FROM counters WHERE hour < ?4 OR name IN (?1, ?2) OR name GLOB ?3 || '*'",
        params![EVENTS, UNRECOGNIZED, STATUS_PREFIX, WHOLE],
    )?;
    tx.execute(
        "INSERT INTO counters (hour, name, value)
         SELECT ?5, ?1, count(*) FROM events
         UNION ALL SELECT ?5, ?2, count(*) FROM events WHERE problem IS NOT NULL
         UNION ALL SELECT ?5, ?3 || coalesce(status, ?4), count(*) FROM esims GROUP BY coalesce(status, ?4)",
        params![EVENTS, UNRECOGNIZED, STATUS_PREFIX, Status::Unknown.as_str(), WHOLE],
    )?;
    tx.execute(
        &format!(
            "INSERT INTO counters (hour, name, value) {}",
            told_by_hour()
        ),
        [],
    )?;
    Ok(())
}

/// What the hourly counters should say.
fn told_by_hour() -> String {
    format!(
        "SELECT occurred_at / 3600, status, count(*) FROM events
         WHERE {} AND status IS NOT NULL AND occurred_at IS NOT NULL GROUP BY 1, 2",
        kinds::changes_status()
    )
}

/// Whether the hourly counters agree with the events.
pub(in crate::store) fn hourly_agrees(db: &Connection) -> rusqlite::Result<bool> {
    let counted =
        format!("SELECT hour, name, value FROM counters WHERE hour < {WHOLE} AND value <> 0");
    let told = told_by_hour();
    let differ =
        format!("SELECT EXISTS ({counted} EXCEPT {told}) OR EXISTS ({told} EXCEPT {counted})");
    Ok(!db.query_row(&differ, [], |row| row.get::<_, bool>(0))?)
}

/// When the last authentic delivery came, UTC milliseconds; `None`: never.
pub(in crate::store) fn last_received_at_ms(db: &Connection) -> rusqlite::Result<Option<i64>> {
    get(db, LAST_RECEIVED)
}

/// When something came last, as it is kept: a delivery, and one that shows that the provider reaches this desk.
pub(in crate::store) type CameLast = [Option<i64>; 2];

/// As it is kept now.
pub(in crate::store) fn came_last(db: &Connection) -> rusqlite::Result<CameLast> {
    Ok([get(db, LAST_RECEIVED)?, get(db, LAST_HEARD)?])
}

/// Something came since that. `right`: when it did by a clock that is right, if it was noted by another.
pub(in crate::store) fn set_last_right(
    tx: &Connection,
    before: CameLast,
    right: impl Fn(i64) -> Option<i64>,
) -> rusqlite::Result<()> {
    let names = [LAST_RECEIVED, LAST_HEARD];
    let since = names
        .into_iter()
        .zip(came_last(tx)?.into_iter().zip(before));
    for (name, (now, before)) in since {
        if let Some(right_ms) = now.filter(|_| now != before).and_then(&right) {
            set(tx, name, right_ms)?;
        }
    }
    Ok(())
}

impl Reader<'_> {
    /// The totals.
    pub fn counts(&self) -> rusqlite::Result<Counts> {
        counts(self.db)
    }

    /// How many eSIMs had each status at this time (UTC milliseconds, to the quarter of an hour), as far
    /// as the program had heard of it by then; a status that is not named had none.
    pub fn by_status_at(&self, at_ms: i64) -> rusqlite::Result<Vec<StatusCount>> {
        by_status_at(self.db, at_ms)
    }

    /// When the last event came that shows that the provider reaches this desk, UTC milliseconds: one that was new, and
    /// no test of the desk's own. A database of an earlier version tells of any delivery.
    pub fn last_heard_at_ms(&self) -> rusqlite::Result<Option<i64>> {
        match get(self.db, LAST_HEARD)? {
            Some(ms) => Ok(Some(ms)),
            None => last_received_at_ms(self.db),
        }
    }

    /// When the last authentic delivery came, UTC milliseconds.
    pub fn last_received_at_ms(&self) -> rusqlite::Result<Option<i64>> {
        last_received_at_ms(self.db)
    }
}
