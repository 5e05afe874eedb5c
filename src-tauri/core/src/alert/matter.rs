//! Whether what a rule finds is a matter that was found before, or another one of the same rule and subject.
//!
//! Figures that are learnt late or move a little make no second matter: an end by an hour and some minutes, a start by less
//! than half a day, a size by less than a twentieth, the beginning by a report that comes late. What was gone for
//! longer than a flap ([`Rule::flap_secs`]) does. A balance in another currency is another one, be everything else alike. For an eSIM "gone" is told by its events and not by the desk's clock:
//! a computer that slept, a rule that was off or a retry that came late ends nothing. What the desk can't tell without
//! the eSIM's history is [`Matter::Ask`]; [`super::course`] answers.

use super::{Fact, Rule};
use crate::esim::SAME_START_SECS;
use crate::event::SAME_END_SECS;

const DAY_SECS: i64 = 24 * 3_600;

/// A package whose size differs by less than this share is the same.
const SAME_SIZE: f64 = 0.05;

/// An alert that is kept of the same subject and rule.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// What was found.
    pub fact: &'a Fact,
    /// When it was raised, UTC seconds.
    pub raised_at: i64,
    /// Whether it is open.
    pub open: bool,
}

impl Kept<'_> {
    /// The latest second (UTC) at which it is certain to have held. Warnings are about a time to come: they begin
    /// with the second that they warn from, or when the desk first knew.
    #[must_use]
    pub fn held_at(&self) -> i64 {
        match self.fact.rule.timing().warns {
            true => self.fact.since.max(self.raised_at),
            false => self.fact.since,
        }
    }
}

/// What becomes of a kept alert when its rule finds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// It is that.
    Same,
    /// It is something else.
    Another,
    /// It is that if the eSIM's history knows of no break longer than a flap.
    Ask,
}

/// Whether `found` (at `now`, UTC seconds) is what is kept.
#[must_use]
pub fn matter(kept: &Kept<'_>, found: &Fact, now: i64) -> Matter {
    if !same_currency(kept, found) {
        return Matter::Another;
    }
    let flap = found.rule.flap_secs();
    let same_occasion = plain(kept.fact) == plain(found);
    let same_if = |same: bool| if same { Matter::Same } else { Matter::Another };
    match found.rule {
        Rule::Expired | Rule::Revoked => {
            let moved = found.since.saturating_sub(kept.fact.since);
            let goes_on = kept.open && moved <= flap;
            if goes_on { Matter::Same } else { Matter::Ask }
        }
        Rule::FirstActivation | Rule::ConnectedWithoutData => same_if(alike(kept.fact, found)),
        Rule::ExpiresSoon | Rule::ExpiresVerySoon | Rule::PastEnd | Rule::NotInstalled => {
            match alike(kept.fact, found) {
                true if kept.open => Matter::Same,
                true => Matter::Ask,
                false => Matter::Another,
            }
        }
        // That data was added meanwhile may be told late.
        Rule::DataLow | Rule::DataUsedUp => match alike(kept.fact, found) {
            true if kept.open && found.since <= kept.fact.since => Matter::Same,
            true => Matter::Ask,
            false => Matter::Another,
        },
        // The first of them may arrive last; what is over and begins later begins after money came.
        Rule::BalanceInsufficient => {
            same_if(found.since <= kept.fact.since || (kept.open && same_occasion))
        }
        Rule::BalanceLow => same_if(same_occasion || found.since <= kept.fact.since),
        Rule::BalanceToppedUp | Rule::RefundDecided | Rule::NoEvents => same_if(same_occasion),
        Rule::Unrecognized | Rule::Unreadable => {
            same_if(same_occasion && found.since.saturating_sub(kept.fact.since) < flap)
        }
        Rule::ListenerDown | Rule::TunnelDown | Rule::StorageFailing => {
            same_if((kept.open && same_occasion) || now.saturating_sub(kept.raised_at) < flap)
        }
        Rule::RefusalsPilingUp => same_if(now.saturating_sub(kept.raised_at) < flap),
    }
}

/// Whether what was found has to be told although somebody took the matter up: an order that failed since is another
/// customer's. The matter is new then, and however many follow are told once, until somebody takes it up again.
#[must_use]
pub fn is_worse(kept: &Fact, found: &Fact) -> bool {
    let counts = kept.detail.count.zip(found.detail.count);
    found.rule == Rule::BalanceInsufficient && counts.is_some_and(|(kept, found)| found > kept)
}

/// What is kept of a matter that was found again.
#[must_use]
pub fn updated(kept: &Fact, found: &Fact) -> Fact {
    let since = match found.rule {
        Rule::Expired
        | Rule::Revoked
        | Rule::BalanceLow
        | Rule::BalanceInsufficient
        | Rule::Unrecognized
        | Rule::Unreadable => found.since,
        _ => kept.since,
    };
    Fact {
        occasion: kept.occasion.clone(),
        since,
        ..found.clone()
    }
}

/// The occasion of another matter of which an alert with the same occasion is kept already.
#[must_use]
pub fn another(occasion: &str, began: i64) -> String {
    format!("{}@{began}", base(occasion))
}

/// An occasion without what tells it from an earlier one.
pub(super) fn base(occasion: &str) -> &str {
    // What a sender names may contain the sign as well.
    let earlier = |(_, began): &(&str, &str)| began.parse::<i64>().is_ok();
    let parts = occasion.rsplit_once('@').filter(earlier);
    parts.map_or(occasion, |(base, _)| base)
}

/// Whether what is kept may be about money in the currency of what was found: that may be learnt late, and forgotten.
fn same_currency(kept: &Kept<'_>, found: &Fact) -> bool {
    match (&kept.fact.detail.currency, &found.detail.currency) {
        (Some(kept), Some(found)) => kept == found,
        (Some(_), None) => kept.open,
        (None, _) => true,
    }
}

/// An occasion without what tells it from an earlier one, and without the currency, which versions before did not name.
fn plain(fact: &Fact) -> &str {
    let occasion = base(&fact.occasion);
    let currency = fact.detail.currency.as_deref();
    let named = currency.and_then(|currency| occasion.strip_suffix(currency)?.strip_suffix('/'));
    named.unwrap_or(occasion)
}

/// Whether two facts of one rule about one eSIM name the same thing, the one that is kept first.
pub(super) fn alike(one: &Fact, other: &Fact) -> bool {
    let (a, b) = (base(&one.occasion), base(&other.occasion));
    match one.rule {
        Rule::Expired | Rule::Revoked => true,
        Rule::FirstActivation => same_activation(one, other),
        Rule::ExpiresSoon | Rule::ExpiresVerySoon | Rule::PastEnd => {
            a == b || near(dated(a, "end:"), dated(b, "end:"), SAME_END_SECS)
        }
        Rule::DataLow | Rule::DataUsedUp | Rule::ConnectedWithoutData => same_package(a, b),
        Rule::NotInstalled => same_trip(one, other),
        _ => a == b,
    }
}

/// The second that a part of an occasion names.
fn dated(part: &str, name: &str) -> Option<i64> {
    part.strip_prefix(name)?.parse().ok()
}

fn near(one: Option<i64>, other: Option<i64>, tolerance: i64) -> bool {
    one.zip(other)
        .is_some_and(|(one, other)| one.abs_diff(other) < tolerance.unsigned_abs())
}

/// A period is activated once: which activation is the first may be learnt late, and that one was none. Another package that
/// begins hours later makes no other of it.
fn same_activation(kept: &Fact, found: &Fact) -> bool {
    let start = |fact: &Fact| dated(base(&fact.occasion), "start:").or(fact.detail.at);
    let same = |one: Option<i64>, other: Option<i64>| near(one, other, SAME_START_SECS);
    match (start(kept), start(found)) {
        _ if same(Some(kept.since), Some(found.since)) => true,
        (Some(kept), Some(found)) => same(Some(kept), Some(found)),
        // It was told before the period was known, or by a version that did not keep it.
        (None, Some(start)) => kept.since > start.saturating_sub(SAME_START_SECS),
        // The first of all, unless it was sold once more since.
        (_, None) => found.since < kept.since,
    }
}

/// `start:…/3000`, `end:…/3000` or, while no period is known, `/3000`.
fn same_package(one: &str, other: &str) -> bool {
    let ((of, size), (of_other, size_of_other)) = (parts(one), parts(other));
    let apart = |name: &str, tolerance: i64| {
        let times = dated(of, name).zip(dated(of_other, name));
        times.is_some_and(|(a, b)| a.abs_diff(b) >= tolerance.unsigned_abs())
    };
    let same_size = match size.zip(size_of_other) {
        Some((a, b)) => (a - b).abs() <= SAME_SIZE * a.max(b),
        None => true,
    };
    same_size && !apart("start:", SAME_START_SECS) && !apart("end:", SAME_END_SECS)
}

fn parts(occasion: &str) -> (&str, Option<f64>) {
    match occasion.rsplit_once('/') {
        Some((period, size)) => (period, size.parse().ok()),
        None => (occasion, None),
    }
}

/// The trip may be noted after the warning was given by the period, or by the order. One on another day than the warning said is
/// another matter, also while that is open: whoever took it up did so with the wrong day of departure in mind, and the
/// traveller may leave earlier.
fn same_trip(one: &Fact, other: &Fact) -> bool {
    let (a, b) = (base(&one.occasion), base(&other.occasion));
    if a == b {
        return true;
    }
    let trip = |fact: &Fact| {
        let begins = fact.detail.at.filter(|_| fact.detail.trip.is_some())?;
        // An earlier version did not keep it.
        let ends = fact.detail.trip_day_ends;
        Some((begins, ends.unwrap_or(begins.saturating_add(DAY_SECS))))
    };
    let start = |fact: &Fact| fact.detail.at.filter(|_| fact.detail.trip.is_none());
    let on_the_day =
        |(begins, ends): (i64, i64), start: i64| begins - SAME_START_SECS < start && start < ends;
    match (trip(one), start(one), trip(other), start(other)) {
        (Some(day), _, _, Some(start)) | (_, Some(start), Some(day), _) => on_the_day(day, start),
        // It was noted after the warning, and is still the same.
        (Some((day, _)), _, Some((other, _)), _) => day == other,
        (_, Some(a), _, Some(b)) => near(Some(a), Some(b), SAME_START_SECS),
        // The order's warning was given in the days in which the trip's would have been.
        (None, None, ..) => one.since >= other.since,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
