//! eSIMs as the list has them: their state, their traveller, whether they need somebody.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Row, params};

use crate::alert::{Rule, Severity};
use crate::roster::{Listed, Roster};
use crate::store::Reader;
use crate::store::query::EsimRow;
use crate::store::tables::esims;
use crate::store::tables::travellers;

/// Columns that [`esims::from_row`] reads, before those of the two travellers.
const ESIM_COLUMNS: usize = 19;
/// Columns of one traveller: whether there is one, and [`travellers::COLUMNS`].
const TRAVELLER_COLUMNS: usize = 7;

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

fn from_row(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let esim = esims::from_row(row)?;
    let own = ESIM_COLUMNS;
    let booked = own + TRAVELLER_COLUMNS;
    let traveller = if row.get(own)? {
        Some(travellers::from_row(row, own + 1)?)
    } else if row.get(booked)? {
        Some(travellers::from_row(row, booked + 1)?)
    } else {
        None
    };
    Ok(Listed {
        row: esim.id,
        state: esim.state,
        traveller,
    })
}

impl Reader<'_> {
    /// The list of all eSIMs.
    pub fn roster(&self) -> rusqlite::Result<Roster> {
        let mut roster = Roster::default();
        // One after the other: all of them at once would take several times the roster's own memory.
        for listed in self
            .db
            .prepare(&select("ORDER BY esims.id"))?
            .query_map([], from_row)?
        {
            roster.add(&listed?);
        }
        roster.settle();
        Ok(roster)
    }

    /// Calls `each` with each of these eSIMs as the list has it; `None`: it became one with another.
    pub fn each_listed(
        &self,
        rows: impl IntoIterator<Item = i64>,
        mut each: impl FnMut(i64, Option<Listed>),
    ) -> rusqlite::Result<()> {
        let mut one = self.db.prepare_cached(&select("WHERE esims.id = ?1"))?;
        for row in rows {
            each(row, one.query_row([row], from_row).optional()?);
        }
        Ok(())
    }

    /// Those of these eSIMs that are there, in the order of `rows`.
    pub fn esim_rows(&self, rows: &[i64]) -> rusqlite::Result<Vec<EsimRow>> {
        let mut found = Vec::with_capacity(rows.len());
        self.each_listed(rows.iter().copied(), |_, listed| found.extend(listed))?;
        found
            .into_iter()
            .map(|listed: Listed| {
                let attention = self.attention(listed.row)?;
                Ok(shown(listed, attention))
            })
            .collect()
    }

    /// The keys of those of these eSIMs that are there, in the order of `rows`.
    pub fn esim_keys(&self, rows: &[i64]) -> rusqlite::Result<Vec<String>> {
        let mut one = self
            .db
            .prepare_cached("SELECT coalesce(esim_id, iccid) FROM esims WHERE id = ?1")?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            keys.extend(one.query_row([row], |row| row.get(0)).optional()?.flatten());
        }
        Ok(keys)
    }

    /// The ICCIDs of the eSIMs with these keys, in their order; those without one are left out.
    pub fn iccids(&self, keys: &[String]) -> rusqlite::Result<Vec<String>> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let esim = match esims::by_esim_id(self.db, key)? {
                Some(esim) => Some(esim),
                None => esims::owner_of_iccid(self.db, key)?,
            };
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
    fn attention(&self, row: i64) -> rusqlite::Result<Option<Severity>> {
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

fn shown(listed: Listed, attention: Option<Severity>) -> EsimRow {
    let state = listed.state;
    let traveller = listed.traveller.unwrap_or_default();
    EsimRow {
        key: state.key().unwrap_or_default(),
        status: state.status_text().to_owned(),
        esim_id: state.esim_id,
        iccid: state.iccid,
        reference_id: state.reference_id,
        status_since: state.status_since,
        start: state.period_start,
        end: state.period_end,
        first_activated_at: state.first_activated_at,
        last_event_at: state.last_event_at,
        event_count: state.event_count,
        package_name: state.usage.package_name,
        data_allowed_mb: state.usage.allowed_mb,
        data_remaining_mb: state.usage.remaining_mb,
        data_unlimited: state.usage.unlimited,
        traveller: Some(traveller.name).filter(|name| !name.is_empty()),
        trip_start: traveller.trip_start,
        trip_end: traveller.trip_end,
        tags: traveller.tags,
        attention,
    }
}
