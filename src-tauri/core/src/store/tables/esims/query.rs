//! What can be asked about eSIMs: their states, alone or with their travellers, and whether they need somebody.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::alert::{Rule, Severity};
use crate::esim::{EsimState, key_of};
use crate::event::{EventKind, ProviderId, Status};
use crate::store::Reader;
use crate::store::tables::esims;
use crate::store::tables::kinds;
use crate::store::tables::travellers;
use crate::traveller::Traveller;

/// Columns that [`esims::from_row`] reads, before those of the two travellers.
const ESIM_COLUMNS: usize = 26;
/// Columns of one traveller: whether there is one, and [`travellers::COLUMNS`].
const TRAVELLER_COLUMNS: usize = 7;

/// How many of an eSIM's latest events are looked through for a report: it flaps by the dozen, not by the hundred.
const MAX_EVENTS_BACK: u32 = 60;

/// One eSIM with who travels with it.
#[derive(Debug, Clone, PartialEq)]
pub struct EsimAndTraveller {
    /// Its row.
    pub row: i64,
    /// Its state.
    pub state: EsimState,
    /// Its traveller, or its order's.
    pub traveller: Option<Traveller>,
}

fn select(condition: &str) -> String {
    let of = |table: &str, columns: &str| -> String {
        let columns = columns
            .split(',')
            .map(|column| format!("{table}.{}", column.trim()));
        columns.collect::<Vec<_>>().join(", ")
    };
    format!(
        "SELECT {}, own.id IS NOT NULL, {}, booked.id IS NOT NULL, {} FROM esims
         LEFT JOIN travellers own ON own.esim = esims.id
         LEFT JOIN travellers booked ON booked.reference_id = esims.reference_id
         {condition}",
        of("esims", esims::COLUMNS),
        of("own", travellers::COLUMNS),
        of("booked", travellers::COLUMNS),
    )
}

fn from_row(db: &Connection, row: &Row<'_>) -> rusqlite::Result<EsimAndTraveller> {
    let esim = esims::from_row(row)?;
    let own = ESIM_COLUMNS;
    let booked = own + TRAVELLER_COLUMNS;
    let traveller = if row.get(own)? {
        Some(travellers::from_row(row, own + 1)?)
    } else if row.get(booked)? {
        let of_order = Some(travellers::from_row(row, booked + 1)?);
        travellers::if_fits(db, esim.id, &esim.state, of_order)?
    } else {
        None
    };
    Ok(EsimAndTraveller {
        row: esim.id,
        state: esim.state,
        traveller,
    })
}

impl Reader<'_> {
    /// Calls `each` with every eSIM and its traveller, in the order in which they were first heard of.
    pub fn each_esim_and_traveller(
        &self,
        mut each: impl FnMut(EsimAndTraveller),
    ) -> rusqlite::Result<()> {
        // One after the other: all of them at once would take several times the memory of what is made of them.
        for found in self
            .db
            .prepare(&select("ORDER BY esims.id"))?
            .query_map([], |row| from_row(self.db, row))?
        {
            each(found?);
        }
        Ok(())
    }

    /// Calls `each` with each of these eSIMs and its traveller; `None`: it became one with another.
    pub fn each_of_these_esims(
        &self,
        rows: impl IntoIterator<Item = i64>,
        mut each: impl FnMut(i64, Option<EsimAndTraveller>),
    ) -> rusqlite::Result<()> {
        let mut one = self.db.prepare_cached(&select("WHERE esims.id = ?1"))?;
        for row in rows {
            let found = one.query_row([row], |row| from_row(self.db, row));
            each(row, found.optional()?);
        }
        Ok(())
    }

    /// Calls `each` with every eSIM, in the order in which they were first heard of.
    pub fn each_esim<E: From<rusqlite::Error>>(
        &self,
        mut each: impl FnMut(&EsimState) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = self
            .db
            .prepare(&format!("SELECT {} FROM esims ORDER BY id", esims::COLUMNS))?;
        for esim in rows.query_map([], esims::from_row)? {
            each(&esim?.state)?;
        }
        Ok(())
    }

    /// The row of the eSIM with this key: its eSIM id, or its ICCID.
    pub fn esim_row(&self, key: &str) -> rusqlite::Result<Option<i64>> {
        Ok(esims::by_key(self.db, key)?.map(|found| found.id))
    }

    /// The state of the eSIM in this row; `None`: there is none any more.
    pub fn esim_state(&self, row: i64) -> rusqlite::Result<Option<EsimState>> {
        Ok(esims::by_row(self.db, row)?.map(|found| found.state))
    }

    /// The states of the eSIMs in these rows; `None`: there is none any more.
    pub fn esim_states(&self, rows: &[i64]) -> rusqlite::Result<Vec<(i64, Option<EsimState>)>> {
        rows.iter()
            .map(|row| Ok((*row, self.esim_state(*row)?)))
            .collect()
    }

    /// How many eSIMs an order has.
    pub fn esims_of_order(&self, reference: &str) -> rusqlite::Result<usize> {
        let count: i64 = self
            .db
            .prepare_cached("SELECT count(*) FROM esims WHERE reference_id = ?1")?
            .query_row([reference], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// How many eSIMs are in use at `now`, within their period, and have reported in it what they use, since `since`; both
    /// UTC seconds. Those that never report say nothing by their silence.
    pub fn reporting_esims(&self, now: i64, since: i64) -> rusqlite::Result<i64> {
        self.db
            .prepare_cached(&format!(
                "SELECT count(*) FROM esims WHERE status = ?3 AND last_event_at >= ?2
                     AND coalesce(period_start, 0) <= ?1 AND (coalesce(period_end, 0) = 0 OR period_end > ?1)
                     AND EXISTS (WITH RECURSIVE chain (id, depth) AS (
                             SELECT esims.last_event, 1
                             UNION SELECT link.previous, depth + 1 FROM chain CROSS JOIN events AS link ON link.id = chain.id
                             WHERE link.previous IS NOT NULL AND depth < {MAX_EVENTS_BACK})
                         SELECT 1 FROM chain CROSS JOIN events ON events.id = chain.id
                         WHERE {} AND events.sources & 1
                             AND events.occurred_at >= max(?2, coalesce(esims.period_start, 0)))",
                kinds::is(&EventKind::EsimUsage)
            ))?
            .query_row(params![now, since, Status::Activated.as_str()], |row| row.get(0))
    }

    /// Rows of eSIMs after this row.
    pub fn esim_rows_after(&self, row: i64, limit: usize) -> rusqlite::Result<Vec<i64>> {
        self.db
            .prepare_cached("SELECT id FROM esims WHERE id > ?1 ORDER BY id LIMIT ?2")?
            .query_map(
                params![row, i64::try_from(limit).unwrap_or(i64::MAX)],
                |row| row.get(0),
            )?
            .collect()
    }

    /// Rows of the other eSIMs of the same order, at most so many.
    pub fn same_order(
        &self,
        esim: i64,
        reference: Option<&str>,
        most: u32,
    ) -> rusqlite::Result<Vec<i64>> {
        self.db
            .prepare_cached(
                "SELECT id FROM esims WHERE reference_id = ?1 AND id <> ?2 ORDER BY id LIMIT ?3",
            )?
            .query_map(params![reference, esim, most], |row| row.get(0))?
            .collect()
    }

    /// The keys of those of these eSIMs that are there, in the order of `rows`.
    pub fn esim_keys(&self, rows: &[i64]) -> rusqlite::Result<Vec<String>> {
        let mut one = self
            .db
            .prepare_cached("SELECT provider, esim_id, iccid FROM esims WHERE id = ?1")?;
        let key = |row: &Row<'_>| {
            let (esim_id, iccid): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            let provider = ProviderId::new(row.get(0)?);
            Ok(key_of(provider, esim_id.as_deref(), iccid.as_deref()))
        };
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            keys.extend(one.query_row([row], key).optional()?.flatten());
        }
        Ok(keys)
    }

    /// The ICCIDs of the eSIMs with these keys, in their order; those without one are left out.
    pub fn iccids(&self, keys: &[String]) -> rusqlite::Result<Vec<String>> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let esim = esims::by_key(self.db, key)?;
            found.extend(esim.and_then(|esim| esim.state.iccid));
        }
        Ok(found)
    }

    /// Rows of the eSIMs with a new alert that is more than news.
    pub fn esims_needing_attention(&self) -> rusqlite::Result<HashSet<i64>> {
        let alerts: Vec<(i64, String)> = self
            .db
            .prepare_cached(
                // The first condition leads to the index of open alerts; of the others there may be many.
                "SELECT esim, rule FROM alerts WHERE state <> 'cleared' AND state = 'new' AND +esim IS NOT NULL",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let needs = |rule: &str| severity(rule).is_some_and(|one| one > Severity::Info);
        Ok(alerts
            .into_iter()
            .filter(|(_, rule)| needs(rule))
            .map(|(esim, _)| esim)
            .collect())
    }

    /// How grave the gravest new alert of one eSIM is, if it is more than news.
    pub fn attention(&self, row: i64) -> rusqlite::Result<Option<Severity>> {
        let rules: Vec<String> = self
            .db
            .prepare_cached("SELECT rule FROM alerts WHERE esim = ?1 AND state = 'new'")?
            .query_map(params![row], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let gravest = rules.iter().filter_map(|rule| severity(rule)).max();
        Ok(gravest.filter(|one| *one > Severity::Info))
    }
}

fn severity(rule: &str) -> Option<Severity> {
    Rule::from_text(rule).map(Rule::severity)
}
