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
    let end = match (began_anew, absence.in_providers_time().caught_up_at_ms) {
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
    let absence = absence.in_providers_time();
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

/// From when to when, in the provider's time, UTC seconds.
fn seconds(absence: &Absence) -> (i64, i64) {
    let absence = absence.in_providers_time();
    (
        absence.from_ms.div_euclid(1000),
        absence.to_ms.div_euclid(1000),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::caught_up::{self, CatchUpRun, VanishedEsim};
    use crate::store::tests::{database, deliver_at, find, status};

    const EVENING: i64 = 1_764_028_800;
    const MORNING: i64 = EVENING + 10 * 3600;

    fn night() -> Absence {
        Absence {
            from_ms: EVENING * 1000,
            to_ms: MORNING * 1000,
            caught_up_at_ms: Some((MORNING + 60) * 1000),
            ahead_ms: 0,
        }
    }

    fn found(db: &Connection, name: &str, to: &str, at: i64) {
        let body = status(&format!(r#""esim_id":"{name}-1""#), to, at);
        find(db, &[body], MORNING + 30);
    }

    fn raise(db: &Connection, esim: i64, rule: Rule, since: i64, raised: i64, state: &str) {
        db.execute(
            "INSERT INTO alerts (subject, rule, occasion, esim, since, detail, raised_at_ms, state, owed)
             VALUES ('esim:' || ?1, ?2, ?3, ?1, ?3, '{}', ?4, ?5, 0)",
            params![esim, rule.as_str(), since, raised * 1000, state],
        )
        .unwrap();
    }

    fn row_of(db: &Connection, name: &str) -> i64 {
        Reader { db }
            .esim_row(&format!("{name}-1"))
            .unwrap()
            .unwrap()
    }

    #[test]
    fn what_ran_out_in_a_night_and_was_bought_again_is_told_with_its_new_end() {
        let db = database();
        let told = |at: i64, end: i64| {
            format!(
                r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"topped-1","status":"ACTIVATED","end":{end}}}"#
            )
        };
        let (old_end, new_end) = (EVENING + 3_600, MORNING + 500_000);
        deliver_at(&db, &told(EVENING - 60, old_end), (EVENING - 50) * 1000);
        found(&db, "topped", "EXPIRED", old_end);
        found(&db, "topped", "ACTIVATED", EVENING + 10_800);
        // The API is asked in the morning, and tells what is so then.
        find(&db, &[told(MORNING + 20, new_end)], MORNING + 30);
        let receipt = Reader { db: &db }.absence_receipt(night()).unwrap();
        let [line] = &receipt.lines[..] else {
            panic!("{receipt:?}");
        };
        assert_eq!(line.meanwhile, Some(Status::Expired));
        assert_eq!(line.after, Some(Status::Activated));
        assert_eq!(line.new_end, Some(new_end));
    }

    #[test]
    fn what_had_run_out_and_was_bought_again_in_a_night_is_told_with_its_new_end() {
        let db = database();
        let told = |status: &str, at: i64, end: i64| {
            format!(
                r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"topped-1","status":"{status}","end":{end}}}"#
            )
        };
        deliver_at(
            &db,
            &told("ACTIVATED", EVENING - 900, EVENING - 60),
            (EVENING - 890) * 1000,
        );
        let body = status(r#""esim_id":"topped-1""#, "EXPIRED", EVENING - 60);
        deliver_at(&db, &body, (EVENING - 50) * 1000);
        found(&db, "topped", "ACTIVATED", EVENING + 10_800);
        let new_end = MORNING + 500_000;
        find(
            &db,
            &[told("ACTIVATED", MORNING + 20, new_end)],
            MORNING + 30,
        );
        let receipt = Reader { db: &db }.absence_receipt(night()).unwrap();
        assert_eq!(receipt.lines.len(), 1, "{receipt:?}");
        assert_eq!(receipt.lines[0].new_end, Some(new_end));
    }

    #[test]
    fn what_changed_in_a_night_is_told_and_what_came_back_to_itself_is_not() {
        let db = database();
        for name in ["expired", "flaps", "idle", "early"] {
            let body = status(
                &format!(r#""esim_id":"{name}-1""#),
                "ACTIVATED",
                EVENING - 60,
            );
            deliver_at(&db, &body, (EVENING - 50) * 1000);
        }
        found(&db, "expired", "EXPIRED", EVENING + 3600);
        found(&db, "flaps", "INACTIVE", EVENING + 3600);
        found(&db, "flaps", "ACTIVATED", EVENING + 3700);
        found(&db, "new", "NEW", EVENING + 7200);
        // It was missed before: that is no change of this night.
        found(&db, "early", "INACTIVE", EVENING - 10);
        found(&db, "idle", "INACTIVE", MORNING + 10);
        // Its end is learnt, and was so before.
        let end = format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{MORNING},"esim_id":"idle-1","end":{}}}"#,
            MORNING + 90_000
        );
        find(&db, &[end], MORNING + 30);
        let told = Reader { db: &db }.absence_receipt(night()).unwrap();
        let lines: Vec<_> = told
            .lines
            .iter()
            .map(|line| (line.esim, line.before.clone(), line.after.clone()))
            .collect();
        assert_eq!(
            lines,
            [
                (row_of(&db, "new"), None, Some(Status::New)),
                (
                    row_of(&db, "expired"),
                    Some(Status::Activated),
                    Some(Status::Expired)
                )
            ]
        );
        assert_eq!((told.changed, told.needed, told.needing), (2, 0, 0));
    }

    #[test]
    fn what_the_provider_no_longer_has_is_not_as_it_was() {
        let db = database();
        for name in ["vanished", "stays"] {
            let id = format!(r#""esim_id":"{name}-1""#);
            let body = status(&id, "ACTIVATED", EVENING - 60);
            deliver_at(&db, &body, (EVENING - 50) * 1000);
        }
        let run = CatchUpRun {
            vanished: vec![VanishedEsim {
                provider: ProviderId::FIRST.number(),
                esim_id: "vanished-1".to_owned(),
                found_at_ms: (MORNING + 30) * 1000,
            }],
            ..CatchUpRun::default()
        };
        caught_up::note_run(&db, &run).unwrap();
        let told = Reader { db: &db }.absence_receipt(night()).unwrap();
        let line = &told.lines[0];
        assert_eq!((told.changed, told.lines.len()), (1, 1));
        assert_eq!(line.esim, row_of(&db, "vanished"));
        assert_eq!(line.before, Some(Status::Activated));
        assert_eq!(line.after, Some(Status::Unknown));
        let vanished = Reader { db: &db }.vanished_esims().unwrap();
        for (id, status, has) in [
            ("vanished-1", Status::Activated, true),
            ("stays-1", Status::Activated, false),
            // A webhook that came later told what became of it.
            ("vanished-1", Status::Revoked, false),
        ] {
            let state = EsimState {
                esim_id: Some(id.to_owned()),
                status: Some(status),
                ..EsimState::default()
            };
            assert_eq!(vanished.have(&state), has, "{state:?}");
        }
        // Another absence has nothing to do with it.
        let later = Absence {
            from_ms: (MORNING + 3600) * 1000,
            to_ms: (MORNING + 7200) * 1000,
            caught_up_at_ms: Some((MORNING + 7300) * 1000),
            ahead_ms: 0,
        };
        let told = Reader { db: &db }.absence_receipt(later).unwrap();
        assert_eq!(told.lines, []);
    }

    #[test]
    fn one_that_expired_and_was_topped_up_says_why_it_is_another() {
        let db = database();
        let usage = |name: &str, at: i64, end: i64| {
            format!(
                r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"{name}-1","start":{},"end":{end}}}"#,
                EVENING - 90_000
            )
        };
        for name in ["topped-up", "longer"] {
            let body = status(
                &format!(r#""esim_id":"{name}-1""#),
                "ACTIVATED",
                EVENING - 60,
            );
            deliver_at(&db, &body, (EVENING - 50) * 1000);
            let end = usage(name, EVENING - 50, EVENING + 3600);
            deliver_at(&db, &end, (EVENING - 40) * 1000);
        }
        found(&db, "topped-up", "EXPIRED", EVENING + 3600);
        found(&db, "topped-up", "ACTIVATED", EVENING + 7200);
        for name in ["topped-up", "longer"] {
            let end = usage(name, EVENING + 7300, MORNING + 90_000);
            find(&db, &[end], MORNING + 30);
        }
        let told = Reader { db: &db }.absence_receipt(night()).unwrap();
        let mut lines: Vec<_> = told
            .lines
            .iter()
            .map(|line| (line.esim, line.meanwhile.clone(), line.new_end))
            .collect();
        lines.sort_by_key(|line| line.0);
        let end = Some(MORNING + 90_000);
        assert_eq!(
            lines,
            [
                (row_of(&db, "topped-up"), Some(Status::Expired), end),
                (row_of(&db, "longer"), None, end)
            ]
        );
    }

    #[test]
    fn what_needs_somebody_comes_first_and_is_told_as_done_when_it_is() {
        let db = database();
        for name in ["a", "b", "c", "d"] {
            let body = status(
                &format!(r#""esim_id":"{name}-1""#),
                "ACTIVATED",
                EVENING - 60,
            );
            deliver_at(&db, &body, (EVENING - 50) * 1000);
        }
        found(&db, "a", "EXPIRED", EVENING + 60);
        found(&db, "b", "REVOKED", EVENING + 30);
        let row = |name| row_of(&db, name);
        raise(
            &db,
            row("a"),
            Rule::Expired,
            EVENING + 60,
            MORNING + 31,
            "new",
        );
        raise(
            &db,
            row("b"),
            Rule::Revoked,
            EVENING + 30,
            MORNING + 31,
            "new",
        );
        // Told as of now, by the catch-up.
        raise(
            &db,
            row("c"),
            Rule::DataLow,
            MORNING + 29,
            MORNING + 31,
            "acknowledged",
        );
        // Of the day after.
        raise(
            &db,
            row("d"),
            Rule::DataLow,
            MORNING + 900,
            MORNING + 900,
            "new",
        );
        raise(
            &db,
            row("d"),
            Rule::FirstActivation,
            EVENING + 60,
            MORNING + 31,
            "new",
        );
        let told = Reader { db: &db }.absence_receipt(night()).unwrap();
        let lines: Vec<_> = told
            .lines
            .iter()
            .map(|line| (line.esim, line.changed, line.needs.clone()))
            .collect();
        assert_eq!(
            lines,
            [
                (row("b"), true, vec![Rule::Revoked]),
                (row("a"), true, vec![Rule::Expired]),
                (row("c"), false, vec![])
            ]
        );
        assert_eq!((told.changed, told.needed, told.needing), (2, 3, 2));
    }
}
