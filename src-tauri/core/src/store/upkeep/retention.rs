//! What becomes of old content, a little at a time, so that deliveries never wait for it.
//!
//! - Raw bodies of events that this version understands are dropped after 400 days: a year and what
//!   it takes to close its books. Everything that lists, states, rules and details show of such an event
//!   stands in its row. Only bodies of eSIM events: those about money are what an accountant asks for. Never those of unrecognised or malformed deliveries, which a later version must
//!   be able to read.
//! - Usage events are folded after 90 days, by when the longest common packages have ended and
//!   nobody asks any more at which hour the data went: of each eSIM and UTC day the last one is shown
//!   and says for how many it stands. The others lose their deliveries and details, which are most of their size, and
//!   leave every list. Their rows stay: when the same event comes again it is known, and when another one
//!   comes late the eSIM is folded from all that ever happened. So folding can't change an eSIM,
//!   whatever comes afterwards.
//!
//! Both ages can be set, within bounds; see [`Ages`].
//!
//! Age counts from the arrival, up to a time of retention's own ([`believed_now`]), which no clock that jumps can carry
//! along: a clock that is wrong must not make everything old. Both walks go in order of arrival and remember how far
//! they are.

use std::ops::RangeInclusive;

use rusqlite::{Connection, params};

use crate::clock::DAY_MS;
use crate::display_in_english;
use crate::event::{EventKind, Topic};
use crate::message::{Message, ToMessage};
use crate::store::Reader;
use crate::store::tables::counters::{self, Numbered};
use crate::store::tables::deliveries;
use crate::store::tables::events::OF_ESIM;
use crate::store::tables::kinds;
use crate::store::tables::settings::{self, Setting};

/// How many rows one step looks at.
const STEP_ROWS: usize = 100;

const BODIES_UP_TO: &str = "retention:bodies";
const USAGE_UP_TO: &str = "retention:usage";

/// Retention's own time, UTC milliseconds.
const BELIEVED: &str = "retention:believed_ms";
/// What the clock told when that was last put forward, UTC milliseconds.
const PUT_FORWARD: &str = "retention:put_forward_ms";

/// By how much retention's time is put forward at most.
const PACE_MS: i64 = DAY_MS / 4;
/// How often it is put forward.
const PACE_EVERY_MS: i64 = 10 * 60_000;

/// How many of the last deliveries tell what time it is while retention has no time of its own.
const ASKED_DELIVERIES: i64 = 101;
/// A delivery so long after the one before it may have come by a clock that was ahead.
const GAP_MS: i64 = 60 * DAY_MS;

/// After how many days content is old. 0: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Raw bodies.
    pub bodies_days: u32,
    /// Usage events.
    pub usage_days: u32,
}

impl Default for Ages {
    fn default() -> Self {
        Ages {
            bodies_days: 400,
            usage_days: 90,
        }
    }
}

impl Ages {
    /// What can be set for raw bodies, beside never: not less than the month in which somebody asks what
    /// came, not more than the ten years that books are kept.
    pub const BODIES_DAYS: RangeInclusive<u32> = 30..=3650;

    /// What can be set for usage events, beside never: not less than the week of a short package.
    pub const USAGE_DAYS: RangeInclusive<u32> = 7..=3650;

    /// The same ages, if each is within its bounds or never.
    ///
    /// # Errors
    /// [`AgesError`], which tells the bounds.
    pub fn checked(self) -> Result<Ages, AgesError> {
        if !allows(&Self::BODIES_DAYS, self.bodies_days) {
            return Err(AgesError::Bodies(self.bodies_days));
        }
        if !allows(&Self::USAGE_DAYS, self.usage_days) {
            return Err(AgesError::Usage(self.usage_days));
        }
        Ok(self)
    }
}

fn allows(bounds: &RangeInclusive<u32>, days: u32) -> bool {
    days == 0 || bounds.contains(&days)
}

/// Why ages can't be set. Each text is for the user and tells the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgesError {
    /// Raw bodies.
    Bodies(u32),
    /// Usage events.
    Usage(u32),
}

display_in_english!(AgesError);

impl ToMessage for AgesError {
    fn to_message(&self) -> Message {
        let (key, days, bounds) = match self {
            AgesError::Bodies(days) => ("error.retention.bodies", days, Ages::BODIES_DAYS),
            AgesError::Usage(days) => ("error.retention.usage", days, Ages::USAGE_DAYS),
        };
        Message::of(key)
            .with("days", days.to_string())
            .with("least", bounds.start().to_string())
            .with("most", bounds.end().to_string())
    }
}

/// What one step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Raw bodies dropped.
    pub bodies: usize,
    /// Usage events that another one stands for now.
    pub folded: usize,
    /// Whether there may be more to do at once.
    pub more: bool,
}

impl Reader<'_> {
    /// The ages that are set. One that can't be read or is out of bounds means never, because dropping
    /// is for ever.
    pub fn ages(&self) -> rusqlite::Result<Ages> {
        let days = |setting, usual, bounds| {
            let read = |text: String| text.trim().parse().ok();
            let text = settings::get(self.db, setting)?;
            Ok::<_, rusqlite::Error>(text.map_or(usual, |text| {
                read(text)
                    .filter(|days| allows(&bounds, *days))
                    .unwrap_or(0)
            }))
        };
        let usual = Ages::default();
        Ok(Ages {
            bodies_days: days(Setting::BodiesDays, usual.bodies_days, Ages::BODIES_DAYS)?,
            usage_days: days(Setting::UsageDays, usual.usage_days, Ages::USAGE_DAYS)?,
        })
    }
}

/// Does the next small piece of work, at this time (UTC milliseconds).
pub(in crate::store) fn step(
    tx: &Connection,
    ages: &Ages,
    now_ms: i64,
) -> rusqlite::Result<Tidied> {
    let Some(now_ms) = believed_now(tx, now_ms)? else {
        return Ok(Tidied::default());
    };
    let mut done = Tidied::default();
    if ages.bodies_days > 0 {
        drop_bodies(tx, now_ms - i64::from(ages.bodies_days) * DAY_MS, &mut done)?;
    }
    if ages.usage_days > 0 {
        fold_usage(tx, now_ms - i64::from(ages.usage_days) * DAY_MS, &mut done)?;
    }
    Ok(done)
}

/// Retention's own time: never beyond the clock and the latest delivery, and put forward by a quarter of a day every
/// ten minutes at most. So a clock that is years ahead has to be so for days before anything goes too early, and what was
/// off for a month has caught up within a day or two. `None`: nothing ever came.
fn believed_now(tx: &Connection, now_ms: i64) -> rusqlite::Result<Option<i64>> {
    let Some(latest) = counters::last_received_at_ms(tx)? else {
        return Ok(None);
    };
    let latest = latest.min(now_ms);
    let put_forward = counters::get(tx, PUT_FORWARD)?;
    let believed = match counters::get(tx, BELIEVED)? {
        Some(known) if latest <= known => latest,
        Some(known) => {
            let since = put_forward.map_or(i64::MAX, |at| now_ms.saturating_sub(at));
            if (0..PACE_EVERY_MS).contains(&since) {
                return Ok(Some(known));
            }
            latest.min(known.saturating_add(PACE_MS))
        }
        None => latest.min(time_of_deliveries(tx)?.unwrap_or(latest)),
    };
    if counters::get(tx, BELIEVED)? != Some(believed) {
        counters::set(tx, BELIEVED, believed)?;
        counters::set(tx, PUT_FORWARD, now_ms)?;
    }
    Ok(Some(believed))
}

/// The latest time that the last deliveries agree on: from the middle one on, as long as no gap is too long.
fn time_of_deliveries(tx: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut times: Vec<i64> = tx
        .prepare_cached("SELECT received_at_ms FROM deliveries ORDER BY id DESC LIMIT ?1")?
        .query_map([ASKED_DELIVERIES], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    times.sort_unstable();
    let (_, later) = times.split_at((times.len().saturating_sub(1)) / 2);
    let together = later.chunk_by(|a, b| b - a <= GAP_MS).next();
    Ok(together.and_then(|times| times.last()).copied())
}

/// Lets the next steps look at every body again, because events have become recognised.
pub(in crate::store) fn forget_bodies_seen(tx: &Connection) -> rusqlite::Result<()> {
    counters::forget(tx, BODIES_UP_TO)
}

fn drop_bodies(tx: &Connection, before_ms: i64, done: &mut Tidied) -> rusqlite::Result<()> {
    // Whether the body goes, or NULL for a row that is not old enough.
    let seen = next(
        tx,
        BODIES_UP_TO,
        &format!(
            "SELECT deliveries.id, iif(deliveries.received_at_ms < ?2,
                 body_hash IS NULL AND events.id IS NOT NULL AND {} AND problem IS NULL, NULL)
             FROM deliveries LEFT JOIN events ON events.id = deliveries.event
             WHERE deliveries.id > ?1 ORDER BY deliveries.id LIMIT ?3",
            kinds::about(Topic::Esim)
        ),
        before_ms,
        done,
    )?;
    let mut read = tx.prepare_cached("SELECT body FROM deliveries WHERE id = ?1")?;
    let mut write = tx.prepare_cached(
        "UPDATE deliveries SET body = x'', headers = NULL, body_hash = ?2 WHERE id = ?1",
    )?;
    for id in seen {
        let body: Vec<u8> = read.query_row([id], |row| row.get(0))?;
        write.execute(params![id, deliveries::hash(&body)])?;
        done.bodies += 1;
    }
    Ok(())
}

fn fold_usage(tx: &Connection, before_ms: i64, done: &mut Tidied) -> rusqlite::Result<()> {
    let seen = next(
        tx,
        USAGE_UP_TO,
        &format!(
            "SELECT id, iif(received_at_ms < ?2, {} AND problem IS NULL
                 AND esim IS NOT NULL AND occurred_at IS NOT NULL AND stands_for > 0, NULL)
             FROM events WHERE id > ?1 ORDER BY id LIMIT ?3",
            kinds::is(&EventKind::EsimUsage)
        ),
        before_ms,
        done,
    )?;
    for id in seen {
        fold_day_of(tx, id, before_ms, done)?;
    }
    Ok(())
}

/// Lets the last old usage event of a day stand for all of them.
fn fold_day_of(
    tx: &Connection,
    event: i64,
    before_ms: i64,
    done: &mut Tidied,
) -> rusqlite::Result<()> {
    let (esim, at): (i64, i64) = tx
        .prepare_cached("SELECT esim, occurred_at FROM events WHERE id = ?1")?
        .query_row([event], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let day: Vec<(i64, i64)> = tx
        .prepare_cached(&format!(
            "SELECT id, stands_for FROM events
             WHERE {OF_ESIM} AND occurred_at >= ?3 AND occurred_at < ?3 + 86400
                 AND {} AND problem IS NULL AND stands_for > 0 AND received_at_ms < ?2
             ORDER BY occurred_at DESC, key DESC",
            kinds::is(&EventKind::EsimUsage)
        ))?
        .query_map(params![esim, before_ms, at - at % 86_400], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    // None: it was folded a moment ago, together with its day.
    let Some(((last, _), others)) = day.split_first() else {
        return Ok(());
    };
    if !others.is_empty() {
        counters::keep_last_id(tx, Numbered::Deliveries)?;
    }
    let mut stand = tx.prepare_cached("UPDATE events SET stands_for = ?2 WHERE id = ?1")?;
    let mut forget_details =
        tx.prepare_cached("UPDATE events SET details = '' WHERE id = ?1 AND details IS NOT NULL")?;
    for (other, _) in others {
        stand.execute([*other, 0])?;
        for delivery in deliveries::of_event(tx, *other)? {
            deliveries::forget(tx, delivery)?;
        }
        forget_details.execute([other])?;
        done.folded += 1;
    }
    if !others.is_empty() {
        let all: i64 = day.iter().map(|(_, stands_for)| stands_for).sum();
        stand.execute([*last, all])?;
    }
    Ok(())
}

/// The rows among the next ones that something is to be done with, and remembers that they were
/// seen. `sql` gives each row's id and 1, 0 or, where the walk has to wait, NULL.
fn next(
    tx: &Connection,
    name: &str,
    sql: &str,
    before_ms: i64,
    done: &mut Tidied,
) -> rusqlite::Result<Vec<i64>> {
    let seen_up_to = counters::get(tx, name)?.unwrap_or(0);
    let rows: Vec<(i64, Option<bool>)> = tx
        .prepare_cached(sql)?
        .query_map(params![seen_up_to, before_ms, STEP_ROWS as i64], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let old: Vec<(i64, bool)> = rows
        .iter()
        .map_while(|(id, due)| due.map(|due| (*id, due)))
        .collect();
    if let Some((last, _)) = old.last() {
        counters::set(tx, name, *last)?;
    }
    done.more |= old.len() == STEP_ROWS;
    Ok(old
        .into_iter()
        .filter_map(|(id, due)| due.then_some(id))
        .collect())
}

#[cfg(test)]
mod tests;
