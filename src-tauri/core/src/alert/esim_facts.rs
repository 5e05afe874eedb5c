//! Which facts hold for one eSIM.
//!
//! What a status says holds as soon as it is known, whatever the desk's clock says; what the clock
//! says (expiring, not installed, past the end) holds from a second on. Everything ends by itself,
//! so that an old store doesn't wake up with thousands of alerts. Of a status that this version
//! does not know nothing is guessed: it may well be an end.
//!
//! One cause gives one alert. Data that is used up is always [`Rule::DataUsedUp`], whether the eSIM
//! is connected or not, because real eSIMs flap between the two within seconds;
//! [`Rule::ConnectedWithoutData`] is for a package that holds no data in the first place.

use jiff::civil::Date;

use super::holding::{self, ALWAYS, Holding};
use super::past::{Past, is_sold};
use super::{AlertSettings, Detail, Fact, Rule, Subject};
use crate::esim::{EsimState, SAME_START_SECS};
use crate::event::{SAME_END_SECS, Status};

const HOUR_SECS: i64 = 3_600;
const DAY_SECS: i64 = 24 * HOUR_SECS;

/// How long the good news of an activation lasts.
const ACTIVATION_LASTS_SECS: i64 = DAY_SECS;
/// How long an expired eSIM is worth a look.
const EXPIRY_LASTS_SECS: i64 = 7 * DAY_SECS;
/// How long everything else does.
const FACT_LASTS_SECS: i64 = 30 * DAY_SECS;
/// How long after its end an eSIM may take to report it.
const LATE_WORD_SECS: i64 = HOUR_SECS;
/// How long before quiet hours what would end in them is warned of, so that somebody can still do something.
const BEFORE_QUIET_SECS: i64 = HOUR_SECS;
/// How long after the sale nobody expects an eSIM to be on a device.
const FRESH_SALE_SECS: i64 = HOUR_SECS;

/// The first day of a trip, as the desk noted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    /// A day of the calendar.
    pub day: Date,
    /// When it begins where the desk is, UTC seconds.
    pub at: i64,
    /// When it ends there: it has an hour more or less when clocks change.
    pub ends: i64,
}

/// What the rules know of one eSIM: what its events say, and what the desk noted beside them.
#[derive(Debug, Clone, Copy)]
pub struct Watched<'a> {
    /// What its events say.
    pub state: &'a EsimState,
    /// When its traveller leaves; `None`: not noted.
    pub trip: Option<Trip>,
    /// What its events said before, if [`asks_for_past`].
    pub past: Past,
    /// When the quiet hours begin in which its period ends, UTC seconds; `None`: it ends in none.
    pub quiet_from: Option<i64>,
}

impl<'a> From<&'a EsimState> for Watched<'a> {
    /// Nothing was noted, and nothing happened before.
    fn from(state: &'a EsimState) -> Watched<'a> {
        Watched {
            state,
            trip: None,
            past: Past::default(),
            quiet_from: None,
        }
    }
}

/// Whether a rule asks when the traveller of this eSIM leaves.
#[must_use]
pub fn asks_for_trip(esim: &EsimState) -> bool {
    is_sold(esim)
}

/// Whether a rule asks what happened to this eSIM before.
#[must_use]
pub fn asks_for_past(esim: &EsimState) -> bool {
    match esim.status {
        Some(Status::Ready | Status::Downloaded) => true,
        Some(Status::Revoked | Status::Other(_)) => false,
        Some(Status::Expired | Status::Deleted) => true,
        _ => later_period(esim).is_some() || may_be_used_up(esim),
    }
}

/// The facts that hold for the eSIM in this row at `now` (UTC seconds), of its state as of then, without those of rules that
/// are switched off.
#[must_use]
pub fn esim_facts<'a>(
    row: i64,
    esim: impl Into<Watched<'a>>,
    settings: &AlertSettings,
    now: i64,
) -> Vec<Fact> {
    holding::at(holdings(row, esim.into(), settings), now)
}

/// The next second after `now` (UTC) at which [`esim_facts`] may differ through time alone.
#[must_use]
pub fn next_check<'a>(
    esim: impl Into<Watched<'a>>,
    settings: &AlertSettings,
    now: i64,
) -> Option<i64> {
    let watched = esim.into();
    let begins = watched.state.queued.map(|queued| queued.start);
    let changes = holding::next_change(&holdings(0, watched, settings), now);
    changes
        .into_iter()
        .chain(begins.filter(|at| *at > now))
        .min()
}

/// What a rule found: on which occasion, since when, holding from and until when.
struct Found {
    rule: Rule,
    occasion: String,
    since: i64,
    from: i64,
    until: i64,
    detail: Detail,
}

/// Everything that a rule finds, whether its time has come or not.
pub(super) fn found(row: i64, watched: Watched<'_>, settings: &AlertSettings) -> Vec<Fact> {
    let all = holdings(row, watched, settings).into_iter();
    all.map(|holding| holding.fact).collect()
}

fn holdings(row: i64, watched: Watched<'_>, settings: &AlertSettings) -> Vec<Holding> {
    let mut found = Vec::new();
    let esim = watched.state;
    match &esim.status {
        Some(Status::Expired) => {
            found.extend(ended(esim, Rule::Expired, EXPIRY_LASTS_SECS));
            found.extend(withdrawn(watched.past));
        }
        Some(Status::Revoked) => found.extend(ended(esim, Rule::Revoked, FACT_LASTS_SECS)),
        Some(Status::Deleted) => found.extend(withdrawn(watched.past)),
        Some(Status::Other(_)) => {}
        _ => {
            found.extend(first_activation(watched));
            found.extend(expires_soon(watched, settings));
            found.extend(expires_very_soon(watched, settings));
            found.extend(past_end(esim));
            found.extend(not_installed(watched, settings));
            found.extend(data(watched, settings));
        }
    }
    found
        .into_iter()
        .filter(|found| settings.of(found.rule).enabled)
        .map(|found| Holding {
            from: found.from,
            until: found.until,
            fact: Fact {
                subject: Subject::Esim(row),
                rule: found.rule,
                occasion: found.occasion,
                since: found.since,
                detail: found.detail,
            },
        })
        .collect()
}

/// The end of the usage period. One that is not behind its start is not known yet.
fn end(esim: &EsimState) -> Option<i64> {
    let end = esim.period_end?;
    let known = esim.period_start.is_none_or(|start| end > start);
    known.then_some(end)
}

/// A status that ended the eSIM's life. That it is taken back ends the alert, and no other tells of it: whoever is to do
/// something about a withdrawn eSIM opens it first, where its status and what happened last stand on top, and a
/// notification would come for each that is withdrawn and given back by mistake in the night. What is so by then, little
/// data or a near end, is told anew. It is one matter while the status lasts, whatever is learnt of the period.
fn ended(esim: &EsimState, rule: Rule, lasts: i64) -> Option<Found> {
    let since = match rule {
        Rule::Expired => expired_since(esim)?,
        _ => esim.status_since?,
    };
    Some(ended_at(since, rule, lasts))
}

fn ended_at(since: i64, rule: Rule, lasts: i64) -> Found {
    Found {
        rule,
        occasion: format!("since:{since}"),
        since,
        from: ALWAYS,
        until: since.saturating_add(lasts),
        detail: Detail::default(),
    }
}

/// A withdrawal that another end followed: the traveller has no eSIM all the same, so it is settled when one runs again or
/// somebody takes it up.
fn withdrawn(past: Past) -> Option<Found> {
    let since = past.withdrawn_at?;
    Some(ended_at(since, Rule::Revoked, FACT_LASTS_SECS))
}

/// Since when an expired eSIM is so. A period that begins after that is another package: until something comes after its
/// end it has not expired, although nobody said that it was in use.
fn expired_since(esim: &EsimState) -> Option<i64> {
    let since = esim.status_since?;
    let start = esim.period_start.unwrap_or(i64::MIN);
    if start <= since.saturating_add(SAME_END_SECS) {
        return Some(since);
    }
    end(esim).filter(|end| esim.last_event_at.is_some_and(|last| last >= *end))
}

/// The first ACTIVATED in a period. Its second is no occasion: of the ACTIVATED that flapping
/// sends within seconds, the first may well arrive last.
fn first_activation(watched: Watched<'_>) -> Option<Found> {
    let esim = watched.state;
    let (occasion, since) = match later_period(esim) {
        None => ("first".to_owned(), esim.first_activated_at?),
        Some(start) => (format!("start:{start}"), watched.past.activated_at?),
    };
    Some(Found {
        rule: Rule::FirstActivation,
        occasion,
        since,
        from: ALWAYS,
        until: since.saturating_add(ACTIVATION_LASTS_SECS),
        detail: Detail {
            at: esim.period_start,
            ..Detail::default()
        },
    })
}

/// The start of a period after the one that the first activation opened.
fn later_period(esim: &EsimState) -> Option<i64> {
    let first = esim.first_activated_at?;
    esim.period_start
        .filter(|start| *start >= first.saturating_add(SAME_START_SECS))
}

/// The first warning. A package that is not longer than it warns ahead gets the last one only:
/// whoever activated it a minute ago knows that it is for a day.
fn expires_soon(watched: Watched<'_>, settings: &AlertSettings) -> Option<Found> {
    let esim = watched.state;
    let end = end(esim)?;
    let ahead = i64::from(settings.expires_soon_hours) * HOUR_SECS;
    if is_short(esim, end, ahead) || esim.goes_on_after(end) {
        return None;
    }
    let until = match settings.of(Rule::ExpiresVerySoon).enabled {
        true => last_warning_from(watched, end, settings),
        false => end,
    };
    let from = end.saturating_sub(ahead);
    Some(expiry_warning(Rule::ExpiresSoon, end, from, until))
}

/// The last warning; the first no longer holds beside it.
fn expires_very_soon(watched: Watched<'_>, settings: &AlertSettings) -> Option<Found> {
    let esim = watched.state;
    let end = end(esim)?;
    let ahead = i64::from(settings.expires_very_soon_hours) * HOUR_SECS;
    if is_short(esim, end, ahead) || esim.goes_on_after(end) {
        return None;
    }
    let from = last_warning_from(watched, end, settings);
    Some(expiry_warning(Rule::ExpiresVerySoon, end, from, end))
}

/// When the last warning is given. Quiet hours that hold it back until the end would swallow it: then it comes before
/// they begin.
fn last_warning_from(watched: Watched<'_>, end: i64, settings: &AlertSettings) -> i64 {
    let ahead = i64::from(settings.expires_very_soon_hours) * HOUR_SECS;
    let from = end.saturating_sub(ahead);
    let held_back = !settings.of(Rule::ExpiresVerySoon).breaks_quiet;
    match watched.quiet_from {
        Some(quiet) if held_back => from.min(quiet.saturating_sub(BEFORE_QUIET_SECS)),
        _ => from,
    }
}

/// A package of a day is one also when its end is told a second later.
fn is_short(esim: &EsimState, end: i64, ahead: i64) -> bool {
    esim.period_start
        .is_some_and(|start| end.saturating_sub(start) < ahead.saturating_add(SAME_END_SECS))
}

fn expiry_warning(rule: Rule, end: i64, from: i64, until: i64) -> Found {
    Found {
        rule,
        occasion: format!("end:{end}"),
        since: from,
        from,
        until,
        detail: Detail {
            at: Some(end),
            ..Detail::default()
        },
    }
}

/// The period is over and no status said so. Of what never was on a device nobody says it.
fn past_end(esim: &EsimState) -> Option<Found> {
    let end = end(esim).filter(|_| !is_sold(esim))?;
    Some(Found {
        rule: Rule::PastEnd,
        occasion: format!("end:{end}"),
        since: end,
        from: end.saturating_add(LATE_WORD_SECS),
        until: end.saturating_add(FACT_LASTS_SECS),
        detail: Detail {
            at: Some(end),
            ..Detail::default()
        },
    })
}

/// Sold, and not on a device: some hours before the trip, or some days after the order. The two are
/// two occasions, because the order's warning can come months before the trip's.
fn not_installed(watched: Watched<'_>, settings: &AlertSettings) -> Vec<Found> {
    let esim = watched.state;
    let sold = watched.past.sold_at.or(esim.status_since);
    let (Some(status), Some(sold)) = (&esim.status, sold) else {
        return Vec::new();
    };
    if !asks_for_trip(esim) {
        return Vec::new();
    }
    let end = end(esim).unwrap_or(i64::MAX);
    let found = |occasion: String, from: i64, until: i64, detail: Detail| Found {
        rule: Rule::NotInstalled,
        occasion,
        since: from,
        from,
        until: until.min(end),
        detail,
    };
    let fresh_until = sold.saturating_add(FRESH_SALE_SECS);
    // What the desk noted says more than the period, which may be opened long before anybody leaves. A day
    // before the sale is that of another trip.
    let noted = watched.trip.filter(|trip| trip.ends > sold);
    // A period that starts with the sale is no trip's date. Whoever downloads the profile when the
    // trip has begun is late, not early.
    let opened = esim
        .period_start
        .filter(|start| *start > fresh_until || *status == Status::Downloaded);
    let order_from = sold.saturating_add(i64::from(settings.not_installed_days) * DAY_SECS);
    let order_until = order_from.saturating_add(FACT_LASTS_SECS);
    let order = |until: i64| {
        let detail = Detail {
            days: Some(settings.not_installed_days),
            ..Detail::default()
        };
        found("order".to_owned(), order_from, until, detail)
    };
    let (occasion, start) = match (noted, opened) {
        (Some(trip), _) => (format!("trip:{}", trip.day), trip.at),
        (None, Some(start)) => (format!("start:{start}"), start),
        (None, None) => return vec![order(order_until)],
    };
    let ahead = i64::from(settings.not_installed_hours) * HOUR_SECS;
    let trip_from = start.saturating_sub(ahead).max(fresh_until);
    let detail = Detail {
        at: Some(start),
        trip: noted.map(|trip| trip.day.to_string()),
        trip_day_ends: noted.map(|trip| trip.ends),
        ..Detail::default()
    };
    vec![
        order(order_until.min(trip_from)),
        found(
            occasion,
            trip_from,
            start.saturating_add(FACT_LASTS_SECS).max(fresh_until),
            detail,
        ),
    ]
}

/// Whether some MB are left that may have been there before the data was used up as well, so far as a report is late.
fn may_be_used_up(esim: &EsimState) -> bool {
    let some = esim.usage.percent_left().is_some_and(|left| left > 0.0);
    some && esim.usage.is_as_good_as_none()
}

/// What is left of the data, until the period is over or nothing has been heard for long. What was used up stays so while
/// nothing is added: some MB that one report has and the next has not are no data with which anybody could do something.
fn data(watched: Watched<'_>, settings: &AlertSettings) -> Option<Found> {
    let esim = watched.state;
    let usage = &esim.usage;
    let reported = esim.last_event_at?;
    if usage.unlimited == Some(true) {
        return None;
    }
    let (allowed, left) = (usage.allowed_mb, usage.remaining_mb);
    let percent = usage.percent_left();
    let in_use = matches!(esim.status, Some(Status::Activated | Status::Inactive));
    let rule = match percent {
        None if allowed.is_some_and(|allowed| allowed <= 0.0) => {
            (esim.status == Some(Status::Activated)).then_some(Rule::ConnectedWithoutData)?
        }
        // Nothing is nothing of whatever size. Before the first use it may only mean that nothing is measured yet.
        None if allowed.is_none() && in_use && left.is_some_and(|left| left <= 0.0) => {
            Rule::DataUsedUp
        }
        Some(percent) if percent <= 0.0 => Rule::DataUsedUp,
        Some(_) if watched.past.used_up && may_be_used_up(esim) => Rule::DataUsedUp,
        Some(_) if usage.is_low(settings.data_low_percent) => Rule::DataLow,
        _ => return None,
    };
    // A package is known by its period and its size. Not by its name: a provider's API tells the data
    // left without one, and a name that is learned later must not repeat the alert.
    let size = allowed.map_or(String::new(), |allowed| format!("{allowed:.0}"));
    let occasion = format!("{}/{size}", period(esim).unwrap_or_default());
    let until = reported.saturating_add(FACT_LASTS_SECS);
    Some(Found {
        rule,
        occasion,
        since: reported,
        from: ALWAYS,
        until: end(esim).map_or(until, |end| end.min(until)),
        detail: Detail {
            percent: percent.map(|percent| percent.max(0.0)),
            remaining_mb: left.map(|left| left.max(0.0)),
            ..Detail::default()
        },
    })
}

/// The usage period, by its start: an end can be cut short when the data runs out.
fn period(esim: &EsimState) -> Option<String> {
    let start = esim.period_start.map(|start| format!("start:{start}"));
    start.or_else(|| end(esim).map(|end| format!("end:{end}")))
}

#[cfg(test)]
mod tests;
