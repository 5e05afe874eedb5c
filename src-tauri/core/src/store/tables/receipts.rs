//! What became of an absence: which eSIMs are another after it, and which of them need somebody. Only the absence is kept:
//! events and alerts are never dropped, so whoever asks later is told the same.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::alert::{Rule, Severity};
use crate::esim::EsimState;
use crate::event::{Event, ProviderId, Status};
use crate::store::Reader;
use crate::store::tables::absences::Absence;
use crate::store::tables::{esims, events};

/// Most eSIMs that are named; all are counted.
const MAX_RECEIPT_LINES: usize = 200;

/// So long after the last answer of a catch-up rules may have found what it told, milliseconds.
const RULES_TAKE_MS: i64 = 2 * 60_000;

/// So long after an absence a provider that has not told everything yet is asked for what happened in it, milliseconds.
const ASKED_WITHIN_MS: i64 = 86_400_000;

/// What became of an absence.
#[derive(Debug, Clone, PartialEq)]
pub struct AbsenceReceipt {
    /// When nobody listened.
    pub absence: Absence,
    /// How many eSIMs are another after it.
    pub changed: i64,
    /// How many of the others got an alert by what happened that is more than news.
    pub unchanged: i64,
    /// How many eSIMs got an alert by what happened that is more than news.
    pub needed: i64,
    /// How many of those nobody has seen to yet.
    pub needing: i64,
    /// These eSIMs: first those that need somebody, then by what happened last.
    pub lines: Vec<ReceiptLine>,
}

/// One eSIM that is another after an absence, or needs somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptLine {
    /// Its row.
    pub esim: i64,
    /// Whether it is another.
    pub changed: bool,
    /// Its status before; `None`: it was not known, or had none.
    pub before: Option<Status>,
    /// What it was meanwhile where it is again what it was: an end that somebody bought it out of, else what comes last in an
    /// eSIM's life.
    pub meanwhile: Option<Status>,
    /// Its status after.
    pub after: Option<Status>,
    /// When its plan ends, UTC seconds, if that is another than before.
    pub new_end: Option<i64>,
    /// When the last of it happened, UTC seconds; `None`: an alert alone names it.
    pub at: Option<i64>,
    /// The rules that found something which nobody has seen to yet.
    pub needs: Vec<Rule>,
}

impl Reader<'_> {
    /// What became of an absence.
    pub fn absence_receipt(&self, absence: Absence) -> rusqlite::Result<AbsenceReceipt> {
        let found = alerts(self.db, &absence)?;
        let mut lines: BTreeMap<i64, ReceiptLine> = BTreeMap::new();
        for esim in touched(self.db, &absence)? {
            lines.extend(line(self.db, esim, &absence)?.map(|line| (esim, line)));
        }
        for line in vanished(self, &absence)? {
            lines.insert(line.esim, line);
        }
        let changed = lines.len();
        let needed: BTreeSet<i64> = found.iter().map(|(esim, ..)| *esim).collect();
        for (esim, rule, is_new) in found {
            let line = match lines.entry(esim) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => {
                    let Some(state) = self.esim_state(esim)? else {
                        continue;
                    };
                    place.insert(ReceiptLine {
                        esim,
                        changed: false,
                        before: state.status.clone(),
                        meanwhile: None,
                        after: state.status,
                        new_end: None,
                        at: None,
                        needs: Vec::new(),
                    })
                }
            };
            if is_new {
                line.needs.push(rule);
            }
        }
        let mut lines: Vec<ReceiptLine> = lines.into_values().collect();
        let unchanged = lines.len().saturating_sub(changed);
        let needing = lines.iter().filter(|line| !line.needs.is_empty()).count();
        lines.sort_by_key(|line| {
            let gravest = line.needs.iter().map(|rule| rule.severity()).max();
            (std::cmp::Reverse((gravest, line.at)), line.esim)
        });
        lines.truncate(MAX_RECEIPT_LINES);
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Ok(AbsenceReceipt {
            absence,
            changed: count(changed),
            unchanged: count(unchanged),
            needed: count(needed.len()),
            needing: count(needing),
            lines,
        })
    }
}

/// The last event that was stored before then (UTC milliseconds): events are numbered as they come.
pub(super) fn last_event_before(db: &Connection, at_ms: i64) -> rusqlite::Result<i64> {
    db.query_row(
        "SELECT coalesce((SELECT id FROM events WHERE received_at_ms < ?1 ORDER BY id DESC LIMIT 1), 0)",
        [at_ms],
        |row| row.get(0),
    )
}

/// Rows of the eSIMs to which something happened meanwhile.
fn touched(db: &Connection, absence: &Absence) -> rusqlite::Result<Vec<i64>> {
    let after = last_event_before(db, absence.from_ms)?;
    let (from, to) = seconds(absence);
    db.prepare_cached(
        "SELECT DISTINCT esim FROM events
         WHERE id > ?1 AND esim IS NOT NULL AND occurred_at > ?2 AND occurred_at <= ?3",
    )?
    .query_map(params![after, from, to], |row| row.get(0))?
    .collect()
}

/// The eSIMs in use that the provider was found to have no longer when it was asked what happened meanwhile: nobody knows
/// how they are.
fn vanished(store: &Reader<'_>, absence: &Absence) -> rusqlite::Result<Vec<ReceiptLine>> {
    let until_ms = absence
        .caught_up_at_ms
        .unwrap_or_else(|| absence.to_ms.saturating_add(ASKED_WITHIN_MS));
    let mut lines = Vec::new();
    for vanished in store.catch_up_run()?.vanished {
        if !(absence.to_ms..=until_ms).contains(&vanished.found_at_ms) {
            continue;
        }
        let provider = ProviderId::new(vanished.provider);
        let found = esims::by_esim_id(store.db, provider, &vanished.esim_id)?;
        lines.extend(found.map(|(found, _)| ReceiptLine {
            esim: found.id,
            changed: true,
            before: found.state.status,
            after: Some(Status::Unknown),
            meanwhile: None,
            new_end: None,
            at: Some(vanished.found_at_ms.div_euclid(1000)),
            needs: Vec::new(),
        }));
    }
    Ok(lines)
}

/// What became of one; `None`: it is as it was.
fn line(db: &Connection, esim: i64, absence: &Absence) -> rusqlite::Result<Option<ReceiptLine>> {
    let (from, to) = seconds(absence);
    let history = events::to_fold(db, esim)?;
    let until = |at: i64| -> Vec<Event> {
        let by_then = |event: &&Event| event.occurred_at.is_none_or(|one| one <= at);
        history.iter().filter(by_then).cloned().collect()
    };
    let (known, all) = (until(from), until(to));
    let is_new = known.is_empty();
    let meanwhile = all
        .iter()
        .filter(|event| event.occurred_at > Some(from))
        .filter_map(|event| event.status.clone())
        .max_by_key(Status::place_in_life);
    let (before, after) = (EsimState::fold(known), EsimState::fold(all));
    // An end that was not known is learnt, not changed.
    let same_end = before.period_end.is_none() || before.period_end == after.period_end;
    let same_status = before.status == after.status;
    let meanwhile =
        meanwhile.filter(|status| same_status && before.status.as_ref() != Some(status));
    // What had ended and runs again was bought, or given back: of the new end a provider may tell when it is asked alone.
    let is_over = |status: &Option<Status>| status.as_ref().is_some_and(Status::is_terminal);
    let began_anew = is_over(&meanwhile) || (is_over(&before.status) && !is_over(&after.status));
    let end = match (began_anew, absence.caught_up_at_ms) {
        (true, Some(at_ms)) => EsimState::fold(until(at_ms.div_euclid(1000))).period_end,
        _ => after.period_end,
    };
    let same_end = same_end && (!began_anew || before.period_end == end);
    let is_same = same_status && same_end && !began_anew;
    Ok((is_new || !is_same).then(|| ReceiptLine {
        esim,
        changed: true,
        meanwhile,
        before: before.status,
        after: after.status,
        new_end: end.filter(|_| !is_new && !same_end),
        at: after.last_event_at,
        needs: Vec::new(),
    }))
}

/// What the rules found of what happened meanwhile and is more than news: the eSIM, the rule, and whether nobody has seen
/// to it yet. What a provider tells of now when it is asked was found by that.
fn alerts(db: &Connection, absence: &Absence) -> rusqlite::Result<Vec<(i64, Rule, bool)>> {
    let until_ms = absence
        .caught_up_at_ms
        .map_or(absence.to_ms, |at| at.saturating_add(RULES_TAKE_MS));
    let span = [absence.from_ms, until_ms].map(|ms| ms.div_euclid(1000));
    let found: Vec<(i64, String, String)> = db
        .prepare_cached(
            "SELECT esim, rule, state FROM alerts
             WHERE esim IS NOT NULL AND since > ?1 AND since <= ?2 ORDER BY id",
        )?
        .query_map(span, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let known = found.into_iter().filter_map(|(esim, rule, state)| {
        let rule = Rule::from_text(&rule)?;
        (rule.severity() > Severity::Info).then_some((esim, rule, state == "new"))
    });
    Ok(known.collect())
}

/// From when to when, UTC seconds.
fn seconds(absence: &Absence) -> (i64, i64) {
    (
        absence.from_ms.div_euclid(1000),
        absence.to_ms.div_euclid(1000),
    )
}

#[cfg(test)]
mod tests;
