//! What became of an absence: which eSIMs are another after it than they were known to be before, and which of them need
//! somebody. What happened earlier and is learnt only when a provider is asked about the absence belongs to it. Only the absence
//! is kept: events and alerts are never dropped, so whoever asks later is told the same.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::alert::{Rule, Severity};
use crate::esim::EsimState;
use crate::event::{Event, ProviderId, SAME_END_SECS, Status};
use crate::store::Reader;
use crate::store::tables::absences::Absence;
use crate::store::tables::{esims, events};

/// Most eSIMs that are named; all are counted.
const MAX_RECEIPT_LINES: usize = 200;

/// So long after the last answer of a catch-up rules may have found what it told, milliseconds.
const RULES_TAKE_MS: i64 = 2 * 60_000;

/// So long after an absence a provider that has not told everything yet is asked for what happened in it, milliseconds.
const ASKED_WITHIN_MS: i64 = 3_600_000;

/// An event that nobody sent.
const ASKED_ALONE: &str = "sources & 1 = 0";

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
    /// Its status after, as far as anybody knows.
    pub after: Option<Status>,
    /// Whether it was in use and its provider was found to have it no longer: somebody has to ask what became of it.
    pub gone: bool,
    /// When its plan ends, UTC seconds, if that is another than before.
    pub new_end: Option<i64>,
    /// Whether it has a larger package than before.
    pub more_data: bool,
    /// When the last of it happened, UTC seconds; `None`: an alert alone names it.
    pub at: Option<i64>,
    /// The rules that found something which nobody has seen to yet.
    pub needs: Vec<Rule>,
}

impl Reader<'_> {
    /// What became of an absence.
    pub fn absence_receipt(&self, absence: Absence) -> rusqlite::Result<AbsenceReceipt> {
        let until = answered_until(self, &absence)?;
        let found = alerts(self.db, &absence, until)?;
        let mut lines: BTreeMap<i64, ReceiptLine> = BTreeMap::new();
        for esim in touched(self.db, &absence, until)? {
            lines.extend(line(self.db, esim, &absence, until)?.map(|line| (esim, line)));
        }
        for line in vanished(self, &absence, until)? {
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
                        gone: false,
                        new_end: None,
                        more_data: false,
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
        let gone = lines.iter().filter(|line| line.gone).map(|line| line.esim);
        let needed = needed.into_iter().chain(gone).collect::<BTreeSet<i64>>();
        let needs = |line: &&ReceiptLine| !line.needs.is_empty() || line.gone;
        let needing = lines.iter().filter(needs).count();
        lines.sort_by_key(|line| {
            let gone = line.gone.then_some(Severity::Critical);
            let found = line.needs.iter().map(|rule| rule.severity());
            let gravest = found.chain(gone).max();
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

/// Until when what a provider told of now, when it was asked what happened meanwhile, belongs to this absence, UTC seconds. A
/// later one has its own.
fn answered_until(store: &Reader<'_>, absence: &Absence) -> rusqlite::Result<i64> {
    let asked_ms = match absence.caught_up_at_ms {
        Some(at_ms) => at_ms.saturating_add(RULES_TAKE_MS),
        None => absence.to_ms.saturating_add(ASKED_WITHIN_MS),
    };
    let others = store.kept_absences()?.into_iter();
    let later = others
        .map(|other| other.from_ms)
        .filter(|from_ms| *from_ms >= absence.to_ms);
    Ok(later
        .min()
        .map_or(asked_ms, |from_ms| from_ms.min(asked_ms))
        .div_euclid(1000))
}

/// Rows of the eSIMs to which something happened meanwhile, or of which a provider alone told something when it was asked.
fn touched(db: &Connection, absence: &Absence, until: i64) -> rusqlite::Result<Vec<i64>> {
    let known = last_event_before(db, absence.from_ms)?;
    let last = last_event_before(db, until.saturating_mul(1000))?;
    let (from, to) = seconds(absence);
    db.prepare_cached(&format!(
        "SELECT DISTINCT esim FROM events
         WHERE id > ?1 AND esim IS NOT NULL AND (occurred_at > ?2 AND occurred_at <= ?3
             OR occurred_at <= ?4 AND id <= ?5 AND {ASKED_ALONE})"
    ))?
    .query_map(params![known, from, to, until, last], |row| row.get(0))?
    .collect()
}

/// What a provider told of one since then (UTC seconds), when it was asked, and nobody else.
fn asked_since(db: &Connection, esim: i64, to: i64, until: i64) -> rusqlite::Result<BTreeSet<i64>> {
    db.prepare_cached(&format!(
        "SELECT id FROM events WHERE esim = ?1 AND occurred_at > ?2 AND occurred_at <= ?3 AND {ASKED_ALONE}"
    ))?
    .query_map([esim, to, until], |row| row.get(0))?
    .collect()
}

/// The eSIMs in use that the provider was found to have no longer when it was asked what happened meanwhile: nobody knows
/// how they are.
fn vanished(
    store: &Reader<'_>,
    absence: &Absence,
    until: i64,
) -> rusqlite::Result<Vec<ReceiptLine>> {
    let until_ms = until.saturating_mul(1000);
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
            before: found.state.status.clone(),
            after: found.state.status,
            gone: true,
            meanwhile: None,
            new_end: None,
            more_data: false,
            at: Some(vanished.found_at_ms.div_euclid(1000)),
            needs: Vec::new(),
        }));
    }
    Ok(lines)
}

/// What became of one; `None`: it is as it was.
fn line(
    db: &Connection,
    esim: i64,
    absence: &Absence,
    until: i64,
) -> rusqlite::Result<Option<ReceiptLine>> {
    let (from, to) = seconds(absence);
    let asked = asked_since(db, esim, to, until)?;
    let history = events::rows_to_fold(db, esim)?;
    let last = last_event_before(db, absence.from_ms)?;
    let by_then = |event: &Event, at: i64| event.occurred_at.is_none_or(|one| one <= at);
    let events = |is_meant: &dyn Fn(&i64, &Event) -> bool| -> Vec<Event> {
        let meant = history.iter().filter(|(row, event)| is_meant(row, event));
        meant.map(|(_, event)| event.clone()).collect()
    };
    let known = events(&|row, event| by_then(event, from) && *row <= last);
    let all = events(&|_, event| by_then(event, to));
    let is_new = known.is_empty();
    // One that was sold before anybody listened is found, and is no other than it was.
    if is_new && all.iter().all(|event| by_then(event, from)) {
        return Ok(None);
    }
    let meanwhile = history
        .iter()
        .filter(|(row, event)| by_then(event, to) && (*row > last || !by_then(event, from)))
        .filter_map(|(_, event)| event.status.clone())
        .max_by_key(Status::place_in_life);
    let (before, after) = (EsimState::fold(known), EsimState::fold(all));
    // What was bought meanwhile a provider may tell with nothing but how the eSIM is when it is asked.
    let told = EsimState::fold(events(&|row, event| {
        by_then(event, to) || asked.contains(row)
    }));
    // An end that was not known is learnt, not changed; by minutes ends move.
    let moved = |end: Option<i64>| {
        let by = before
            .period_end
            .zip(end)
            .map(|(before, end)| before.abs_diff(end));
        by.is_some_and(|by| by >= SAME_END_SECS.unsigned_abs())
    };
    let same_end = !moved(told.period_end) && !moved(after.period_end);
    let sizes = before.usage.allowed_mb.zip(told.usage.allowed_mb);
    let more_data = sizes.is_some_and(|(before, told)| told > before);
    let same_status = before.status == after.status;
    let meanwhile =
        meanwhile.filter(|status| same_status && before.status.as_ref() != Some(status));
    // What had ended and runs again was bought, or given back: of the new end a provider may tell when it is asked alone.
    let is_over = |status: &Option<Status>| status.as_ref().is_some_and(Status::is_terminal);
    let began_anew = is_over(&meanwhile) || (is_over(&before.status) && !is_over(&after.status));
    let is_same = same_status && same_end && !began_anew && !more_data;
    let only_asked = same_status && !began_anew && !moved(after.period_end);
    Ok((is_new || !is_same).then(|| ReceiptLine {
        esim,
        changed: true,
        meanwhile,
        before: before.status,
        after: after.status,
        gone: false,
        new_end: told.period_end.filter(|_| !is_new && !same_end),
        more_data: more_data && !is_new,
        at: after.last_event_at.filter(|_| is_new || !only_asked),
        needs: Vec::new(),
    }))
}

/// What the rules found of what happened meanwhile and is more than news: the eSIM, the rule, and whether nobody has seen
/// to it yet. What a provider tells of now when it is asked was found by that. An absence begins with the last sign of life:
/// what the rules found after that, before whatever ended it, belongs to it as the change does.
fn alerts(
    db: &Connection,
    absence: &Absence,
    until: i64,
) -> rusqlite::Result<Vec<(i64, Rule, bool)>> {
    let (from, to) = seconds(absence);
    let found: Vec<(i64, String, String, i64)> = db
        .prepare_cached(
            "SELECT esim, rule, state, since FROM alerts
             WHERE esim IS NOT NULL AND since <= ?2
                 AND (since > ?1 OR raised_at_ms BETWEEN ?3 AND ?2 * 1000) ORDER BY id",
        )?
        .query_map([from, until, absence.from_ms], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    let known = found.into_iter().filter_map(|(esim, rule, state, since)| {
        let rule = Rule::from_text(&rule)?;
        // Whatever else began later happened while somebody listened.
        let is_meant = since <= to || rule.is_of_data();
        let is_meant = is_meant && rule.severity() > Severity::Info;
        is_meant.then_some((esim, rule, state == "new"))
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
