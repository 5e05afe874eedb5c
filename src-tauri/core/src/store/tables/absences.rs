//! Times in which the program did not listen, because it was not running or the computer slept. A setting holds until
//! when it last did, and the last few times that it did not. What it could not hear although it ran is an alert's.
//!
//! All are kept as this computer's clock is believed: by the provider's, once that has told the time. A clock that is set or
//! told to be wrong while the program listens makes no absence, and moves the one that was noted when it began, unless what
//! happened in that is known.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::store::Reader;
use crate::store::Setting;
use crate::store::tables::{counters, settings};

/// A program that listens notes so every so often, milliseconds.
pub(crate) const NOTED_EVERY_MS: i64 = 5 * 60_000;

/// Shorter times are the program's start after an update, or one that ended before it noted that it still listened;
/// milliseconds.
const LEAST_ABSENCE_MS: i64 = 2 * NOTED_EVERY_MS;

/// Most times that are kept: some weeks of nights and weekends.
pub const MAX_ABSENCES: usize = 50;

/// A time in which the program did not listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// When it last listened before, UTC milliseconds.
    pub from_ms: i64,
    /// When it listened again, UTC milliseconds.
    pub to_ms: i64,
    /// When its provider had told what happened meanwhile, UTC milliseconds; `None`: it was not asked, or did not tell
    /// everything.
    #[serde(default)]
    pub caught_up_at_ms: Option<i64>,
}

/// What is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// When it last listened, UTC milliseconds; `None`: nobody has noted that yet.
    listened_at_ms: Option<i64>,
    /// When it began to, after the last time that it did not.
    #[serde(default)]
    begun: Option<Begun>,
    /// When it did not, oldest first.
    absences: Vec<Absence>,
}

/// All in UTC milliseconds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Begun {
    /// Until when it had listened before.
    before_ms: i64,
    at_ms: i64,
}

/// What another version wrote and this one can't read is nothing.
fn kept(db: &Connection) -> rusqlite::Result<Kept> {
    let text = settings::get(db, Setting::Listening)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Until when it listened before now, UTC milliseconds; `None`: nobody knows.
fn listened_until(db: &Connection, kept: &Kept, now_ms: i64) -> rusqlite::Result<Option<i64>> {
    let Some(listened_at_ms) = kept.listened_at_ms else {
        return Ok(None);
    };
    // What a provider told when it was asked says nothing of who listened; neither does what came by a clock that was
    // set since.
    let received_at_ms = counters::last_received_at_ms(db)?;
    let until_ms = listened_at_ms.saturating_add(LEAST_ABSENCE_MS).min(now_ms);
    let heard = received_at_ms.filter(|at| (listened_at_ms..=until_ms).contains(at));
    Ok(Some(heard.unwrap_or(listened_at_ms)))
}

/// The time from then to then (UTC milliseconds), if it is long enough to be one in which nobody listened.
fn between(from_ms: i64, to_ms: i64) -> Option<Absence> {
    let absence = Absence {
        from_ms,
        to_ms,
        caught_up_at_ms: None,
    };
    (to_ms.saturating_sub(from_ms) >= LEAST_ABSENCE_MS).then_some(absence)
}

/// The time before now (UTC milliseconds) in which it did not listen.
fn last(db: &Connection, kept: &Kept, now_ms: i64) -> rusqlite::Result<Option<Absence>> {
    let from_ms = listened_until(db, kept, now_ms)?;
    Ok(from_ms.and_then(|from_ms| between(from_ms, now_ms)))
}

impl Kept {
    fn add(&mut self, absence: Option<Absence>) {
        self.absences.extend(absence);
        let extra = self.absences.len().saturating_sub(MAX_ABSENCES);
        self.absences.drain(..extra);
    }

    /// The clock was set since it began to listen, which it tells by now was then: so was the end of the time before.
    fn begun_at(&mut self, at_ms: i64) {
        let Some(begun) = &mut self.begun else {
            return;
        };
        let noted_ms = std::mem::replace(&mut begun.at_ms, at_ms);
        let before_ms = begun.before_ms;
        let is_it = |absence: &Absence| absence.to_ms == noted_ms;
        if self
            .absences
            .last()
            .is_some_and(|last| is_it(last) && last.caught_up_at_ms.is_some())
        {
            return;
        }
        self.absences.retain(|absence| !is_it(absence));
        self.add(between(before_ms, at_ms));
    }

    fn write(&self, tx: &Connection) -> rusqlite::Result<()> {
        // Plain numbers, which always can be written.
        let text = serde_json::to_string(self).unwrap_or_default();
        settings::set(tx, Setting::Listening, Some(&text))
    }
}

/// Notes that the program begins to listen at this time (UTC milliseconds), and that it did not before if it has long not
/// said so.
pub(in crate::store) fn note_listening(tx: &Connection, now_ms: i64) -> rusqlite::Result<()> {
    let mut kept = kept(tx)?;
    // What ends in time to come was noted by a clock that was ahead.
    kept.absences.retain(|absence| absence.to_ms <= now_ms);
    let before_ms = listened_until(tx, &kept, now_ms)?;
    kept.add(before_ms.and_then(|from_ms| between(from_ms, now_ms)));
    kept.begun = before_ms.map(|before_ms| Begun {
        before_ms,
        at_ms: now_ms,
    });
    // One that a clock noted which was ahead goes back with it.
    kept.listened_at_ms = Some(now_ms);
    kept.write(tx)
}

/// Notes that the program listens at this time (UTC milliseconds) and has for so long (milliseconds).
pub(in crate::store) fn note_still_listening(
    tx: &Connection,
    now_ms: i64,
    for_ms: i64,
) -> rusqlite::Result<()> {
    let mut kept = kept(tx)?;
    let begun_ms = now_ms.saturating_sub(for_ms);
    // By less than that nothing is an absence, or none.
    let is_set = |begun: &Begun| begun.at_ms.abs_diff(begun_ms) > LEAST_ABSENCE_MS.unsigned_abs();
    if kept.begun.as_ref().is_some_and(is_set) {
        kept.begun_at(begun_ms);
    }
    kept.listened_at_ms = Some(now_ms);
    kept.write(tx)
}

/// Notes that a catch-up which began then had been told everything at this time (both UTC milliseconds): what happened
/// before it began is known.
pub(in crate::store) fn note_caught_up(
    tx: &Connection,
    begun_at_ms: i64,
    at_ms: i64,
) -> rusqlite::Result<()> {
    let mut kept = kept(tx)?;
    let open = kept
        .absences
        .iter_mut()
        .filter(|absence| absence.caught_up_at_ms.is_none() && absence.to_ms <= begun_at_ms);
    for absence in open {
        absence.caught_up_at_ms = Some(at_ms);
    }
    kept.write(tx)
}

impl Reader<'_> {
    /// The times in which the program did not listen, as far as they are kept, latest first.
    pub fn kept_absences(&self) -> rusqlite::Result<Vec<Absence>> {
        let mut absences = kept(self.db)?.absences;
        absences.reverse();
        Ok(absences)
    }

    /// Whether the program had listened before it began to this time, as far as anybody has noted.
    pub fn listened_before(&self) -> rusqlite::Result<bool> {
        let kept = kept(self.db)?;
        Ok(kept.listened_at_ms.is_none() || kept.begun.is_some())
    }

    /// When the program did not listen between these times (UTC milliseconds), oldest first.
    pub fn absences(&self, since_ms: i64, now_ms: i64) -> rusqlite::Result<Vec<Absence>> {
        let mut kept = kept(self.db)?;
        // A program that has just started may not have noted so yet.
        kept.absences.extend(last(self.db, &kept, now_ms)?);
        let within = |absence: &Absence| (since_ms + 1..=now_ms).contains(&absence.to_ms);
        let absences = kept.absences.into_iter().filter(within);
        Ok(absences
            .map(|absence| Absence {
                from_ms: absence.from_ms.max(since_ms),
                ..absence
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::database;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    fn all(db: &Connection) -> Vec<(i64, i64)> {
        let absences = Reader { db }.absences(0, i64::MAX / 2).unwrap();
        let spans = absences.iter().map(|one| (one.from_ms, one.to_ms));
        // The last is that of the reader, who comes at the end of time.
        let mut spans: Vec<_> = spans.collect();
        spans.pop();
        spans
    }

    #[test]
    fn what_a_clock_noted_that_was_ahead_goes_with_it() {
        let db = database();
        let night = (DAY, DAY + 13 * HOUR);
        for at in [DAY - HOUR / 12, night.0, night.1] {
            note_listening(&db, at).unwrap();
        }
        assert_eq!(all(&db), [night]);
        note_listening(&db, 40 * DAY).unwrap();
        assert_eq!(all(&db).len(), 2);
        note_listening(&db, night.1 + HOUR / 12).unwrap();
        assert_eq!(all(&db), [night]);
    }

    #[test]
    fn a_catch_up_that_began_after_an_absence_has_told_what_happened_in_it() {
        let db = database();
        let nights = [DAY, 2 * DAY].map(|at| (at, at + 10 * HOUR));
        for (from, to) in nights {
            note_listening(&db, from).unwrap();
            note_listening(&db, to).unwrap();
        }
        let known = || -> Vec<Option<i64>> {
            let kept = Reader { db: &db }.kept_absences().unwrap();
            kept.iter().map(|absence| absence.caught_up_at_ms).collect()
        };
        let (first, second) = (nights[0].1 + HOUR, nights[1].1 + HOUR);
        note_caught_up(&db, first, first + 1).unwrap();
        // The day between was one as well: nobody noted that the program listened.
        assert_eq!(known(), [None, None, Some(first + 1)]);
        note_caught_up(&db, second, second + 1).unwrap();
        let both = [Some(second + 1), Some(second + 1), Some(first + 1)];
        assert_eq!(known(), both);
    }

    #[test]
    fn whoever_listens_for_the_first_time_has_not_listened_before() {
        let db = database();
        let before = || Reader { db: &db }.listened_before().unwrap();
        note_listening(&db, DAY).unwrap();
        assert!(!before());
        note_still_listening(&db, DAY + HOUR, HOUR).unwrap();
        assert!(!before());
        // A restart that is no absence is one all the same.
        note_listening(&db, DAY + HOUR + 1).unwrap();
        assert!(before());
    }

    #[test]
    fn a_clock_that_is_set_while_the_program_listens_makes_no_absence_and_moves_the_last() {
        const MINUTE: i64 = HOUR / 60;
        let evening = DAY;
        // An hour behind until somebody sets it; a battery that is empty; nobody sets it.
        for (started, right, night) in [
            (
                DAY + 9 * HOUR,
                DAY + 10 * HOUR,
                Some((evening, DAY + 10 * HOUR)),
            ),
            (0, DAY + 10 * HOUR, Some((evening, DAY + 10 * HOUR))),
            (40 * DAY, DAY + HOUR, Some((evening, DAY + HOUR))),
            (40 * DAY, DAY + 5 * MINUTE, None),
            (
                DAY + 10 * HOUR,
                DAY + 10 * HOUR,
                Some((evening, DAY + 10 * HOUR)),
            ),
        ] {
            let db = database();
            note_listening(&db, evening - HOUR).unwrap();
            note_still_listening(&db, evening, HOUR).unwrap();
            note_listening(&db, started).unwrap();
            note_still_listening(&db, started + 5 * MINUTE, 5 * MINUTE).unwrap();
            for minutes in [10, 15] {
                let listened = minutes * MINUTE;
                note_still_listening(&db, right + listened, listened).unwrap();
            }
            let kept = Reader { db: &db }.kept_absences().unwrap();
            let spans: Vec<_> = kept.iter().map(|one| (one.from_ms, one.to_ms)).collect();
            assert_eq!(spans, Vec::from_iter(night), "{started} {right}");
        }
        // What happened in it is known by then.
        let db = database();
        note_listening(&db, evening).unwrap();
        note_listening(&db, DAY + 9 * HOUR).unwrap();
        note_caught_up(&db, DAY + 9 * HOUR, DAY + 9 * HOUR + 1).unwrap();
        note_still_listening(&db, DAY + 10 * HOUR + 5 * MINUTE, 5 * MINUTE).unwrap();
        let kept = Reader { db: &db }.kept_absences().unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].to_ms, DAY + 9 * HOUR);
    }
}
