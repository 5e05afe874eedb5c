//! Times in which the program did not listen, because it was not running or the computer slept. A setting holds until
//! when it last did, and the last few times that it did not. What it could not hear although it ran is an alert's.

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
    /// When it did not, oldest first.
    absences: Vec<Absence>,
}

/// What another version wrote and this one can't read is nothing.
fn kept(db: &Connection) -> rusqlite::Result<Kept> {
    let text = settings::get(db, Setting::Listening)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// The time before now (UTC milliseconds) in which it did not listen.
fn last(db: &Connection, kept: &Kept, now_ms: i64) -> rusqlite::Result<Option<Absence>> {
    let Some(listened_at_ms) = kept.listened_at_ms else {
        return Ok(None);
    };
    // What a provider told when it was asked says nothing of who listened.
    let received_at_ms = counters::last_received_at_ms(db)?;
    let heard = received_at_ms.filter(|at| (listened_at_ms..=now_ms).contains(at));
    let from_ms = heard.unwrap_or(listened_at_ms);
    let absence = Absence {
        from_ms,
        to_ms: now_ms,
        caught_up_at_ms: None,
    };
    Ok((now_ms - from_ms >= LEAST_ABSENCE_MS).then_some(absence))
}

/// Notes that the program listens at this time (UTC milliseconds), and that it did not before if it has long not said
/// so.
pub(in crate::store) fn note_listening(tx: &Connection, now_ms: i64) -> rusqlite::Result<()> {
    let mut kept = kept(tx)?;
    // What ends in time to come was noted by a clock that was ahead.
    kept.absences.retain(|absence| absence.to_ms <= now_ms);
    kept.absences.extend(last(tx, &kept, now_ms)?);
    let extra = kept.absences.len().saturating_sub(MAX_ABSENCES);
    kept.absences.drain(..extra);
    // One that a clock noted which was ahead goes back with it.
    kept.listened_at_ms = Some(now_ms);
    // Plain numbers, which always can be written.
    let text = serde_json::to_string(&kept).unwrap_or_default();
    settings::set(tx, Setting::Listening, Some(&text))
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
    let text = serde_json::to_string(&kept).unwrap_or_default();
    settings::set(tx, Setting::Listening, Some(&text))
}

impl Reader<'_> {
    /// The times in which the program did not listen, as far as they are kept, latest first.
    pub fn kept_absences(&self) -> rusqlite::Result<Vec<Absence>> {
        let mut absences = kept(self.db)?.absences;
        absences.reverse();
        Ok(absences)
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
}
