//! The desk's vocabulary: what can happen, and what is told of it. Pure: no wire format, no clock, no store, no
//! network. Whatever sends events ([`crate::provider`]) is put into these words before anybody else sees it.
//!
//! What is not understood is kept and marked with a [`Event::problem`], never dropped.
//!
//! Must not know: who sends and how, where events are kept, who looks.

mod bought;
mod details;
mod event_details;
mod iccid;
mod key;
mod kind;
mod money;
mod problem;
mod receipt;
mod reference;
mod sources;
mod status;

use std::cmp::Reverse;

pub use bought::Bought;
pub use details::{
    BalanceDetails, Details, Left, OrderDetails, RefundDetails, UsageDay, UsageReport,
};
pub use event_details::EventDetails;
pub use iccid::{Iccid, is_identifier, is_placeholder};
pub use key::{Keys, return_id};
pub use kind::{EventKind, Topic};
pub use money::{Money, ORDER_STATUSES, currency_code, order_status, rounding, sort_money};
pub use problem::Problem;
pub use receipt::Receipt;
pub use reference::{as_typed, in_one_form, is_mark};
pub use sources::Sources;
pub use status::Status;

/// An end that moves by less is the same, in seconds. A sender that takes its own zone for another, or a clock change for
/// none, is wrong by an hour, and by the seconds and minutes by which ends move anyway; who buys more buys a day at least.
pub const SAME_END_SECS: i64 = 3_600 + 15 * 60;

/// The number of a provider in the tables. Whose it is stands in [`crate::provider`]'s registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderId(i64);

impl ProviderId {
    /// The provider of everything that was stored before there were several.
    pub const FIRST: ProviderId = ProviderId(1);

    /// The provider of this number.
    #[must_use]
    pub const fn new(number: i64) -> ProviderId {
        ProviderId(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl Default for ProviderId {
    fn default() -> Self {
        ProviderId::FIRST
    }
}

/// One normalised fact that happened once.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Who sent it.
    pub provider: ProviderId,
    /// What makes it the same event when it comes again; see [`Keys`]. Has its version in front.
    pub key: String,
    /// What it tells.
    pub kind: EventKind,
    /// When it happened, UTC seconds. `None`: the payload has no readable timestamp, and it was not [received] yet.
    ///
    /// [received]: Event::received
    pub occurred_at: Option<i64>,
    /// The time that it claims and that is not believed, so that `occurred_at` is its receipt, UTC seconds; 0: it claims
    /// none that can be read. `None`: its time is believed.
    pub unbelieved_at: Option<i64>,
    /// The provider's id of the eSIM.
    pub esim_id: Option<String>,
    /// The SIM profile's number, without spaces.
    pub iccid: Option<String>,
    /// The partner's own order reference, in its one form. Groups eSIMs, never identifies one.
    pub reference_id: Option<String>,
    /// How its sender wrote that; `None`: just so.
    pub reference_written: Option<String>,
    /// The eSIM's status that this event reports; only of kinds about an eSIM.
    pub status: Option<Status>,
    /// Start of the usage period, UTC seconds.
    pub period_start: Option<i64>,
    /// End of the usage period, UTC seconds.
    pub period_end: Option<i64>,
    /// The package and what is left of it; only for usage.
    pub usage: Usage,
    /// What it says beyond these; `None`: nothing.
    pub details: Option<Box<Details>>,
    /// Why the event was not recognised; `None`: it was.
    pub problem: Option<Problem>,
}

/// The package of an eSIM and what is left of it, as far as a usage event says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Name of the package, for instance `3 GB - 7 Days`.
    pub package_name: Option<String>,
    /// Data in the package, in MB.
    pub allowed_mb: Option<f64>,
    /// Data left, in MB.
    pub remaining_mb: Option<f64>,
    /// Whether the data is unlimited; then the amounts mean nothing.
    pub unlimited: Option<bool>,
}

/// From here on a number stands for "no limit": what is written is the largest whole number that every program can
/// write, 9,007,199,254,740,991, and its last digits may be lost on the way through JSON.
const NO_LIMIT: f64 = 9_007_199_254_000_000.0;

/// What stands for "not in the package" where a number must stand.
const NOT_GIVEN: f64 = -1.0;

/// A figure of a package, unless it stands for something that is none: that is never shown and never summed.
#[must_use]
pub fn figure(value: Option<f64>) -> Option<f64> {
    value.filter(|value| *value < NO_LIMIT && (*value - NOT_GIVEN).abs() > f64::EPSILON)
}

/// A number that is as much greater than others as the figure is (`f64::total_cmp`).
fn ranked(figure: f64) -> i64 {
    let bits = figure.to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The size of a package: never less than nothing.
#[must_use]
pub fn size(value: Option<f64>) -> Option<f64> {
    figure(value).filter(|value| *value >= 0.0)
}

/// What is left of a package. Who used more than there was has nothing left.
#[must_use]
pub fn left(value: Option<f64>) -> Option<f64> {
    figure(value).map(|value| if value > 0.0 { value } else { 0.0 })
}

impl Usage {
    fn measured(&self) -> Measured {
        Measured {
            allowed: self.allowed_mb.map(ranked),
            used: self.remaining_mb.map(ranked).map(Reverse),
        }
    }

    /// Usage as it is told or stored: what stands for "no limit" says that the data is unlimited, if nothing else does.
    #[must_use]
    pub fn told(
        package_name: Option<String>,
        allowed_mb: Option<f64>,
        remaining_mb: Option<f64>,
        unlimited: Option<bool>,
    ) -> Usage {
        let endless = |value: Option<f64>| value.is_some_and(|value| value >= NO_LIMIT);
        let told = (endless(allowed_mb) || endless(remaining_mb)).then_some(true);
        Usage {
            package_name,
            allowed_mb: size(allowed_mb),
            remaining_mb: left(remaining_mb),
            unlimited: unlimited.or(told),
        }
    }
}

/// The place of an event in the history of its eSIM: by time, then by the place of its status in an eSIM's life, then by what
/// it measured, then by key. Total, so that every order of arrival gives the same history.
pub type Order<'a> = (i64, u8, Measured, &'a str);

/// What was measured, in the order in which that is measured of a package: it only gets less, unless more is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measured {
    allowed: Option<i64>,
    used: Option<Reverse<i64>>,
}

impl Event {
    /// Whether this version of the program understood the event.
    #[must_use]
    pub fn recognized(&self) -> bool {
        self.problem.is_none()
    }

    /// Where the event stands in its eSIM's history. One without a time stands first.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        let (at, place) = self.moment();
        (at, place, self.usage.measured(), &self.key)
    }

    /// Where the event stands by its time and by the place of its status in an eSIM's life.
    #[must_use]
    pub fn moment(&self) -> (i64, u8) {
        let place = self.status.as_ref().map_or(0, Status::place_in_life);
        (self.occurred_at.unwrap_or(i64::MIN), place)
    }

    /// The status that an eSIM had at a known time, if the event reports one. Usage counts too: it
    /// carries "the status fields", and so heals a status webhook that never arrived.
    #[must_use]
    pub fn status_at(&self) -> Option<(&Status, i64)> {
        self.status.as_ref().zip(self.occurred_at)
    }

    /// Takes over what another telling of the same event (same key) knows. Field by field the
    /// larger value stays, so that the result does not depend on which of the two came first.
    /// Returns whether anything changed.
    pub fn absorb(&mut self, other: &Event) -> bool {
        // Understood beats not understood; of two problems the greater stays.
        let problem = match (&self.problem, &other.problem) {
            (Some(mine), Some(theirs)) if theirs > mine => Some(Some(theirs.clone())),
            (Some(_), None) => Some(None),
            _ => None,
        };
        let mut changed = problem.is_some();
        if let Some(problem) = problem {
            self.problem = problem;
        }
        changed |= self.absorb_time(other);
        changed |= self.absorb_names(other);
        changed |= self.absorb_reference(other);
        changed |= greater(&mut self.status, &other.status);
        changed |= greater(&mut self.period_start, &other.period_start);
        changed |= greater(&mut self.period_end, &other.period_end);
        changed |= greater(&mut self.usage.package_name, &other.usage.package_name);
        changed |= greater(&mut self.usage.allowed_mb, &other.usage.allowed_mb);
        changed |= greater(&mut self.usage.remaining_mb, &other.usage.remaining_mb);
        changed |= greater(&mut self.usage.unlimited, &other.usage.unlimited);
        if let Some(theirs) = &other.details {
            changed |= self.details.get_or_insert_default().absorb(theirs);
        }
        changed
    }
}

/// Keeps the larger of the two. Returns whether that changed anything.
fn greater<T: PartialOrd + Clone>(mine: &mut Option<T>, theirs: &Option<T>) -> bool {
    let grows = theirs
        .as_ref()
        .is_some_and(|theirs| mine.as_ref().is_none_or(|mine| theirs > mine));
    if grows {
        mine.clone_from(theirs);
    }
    grows
}
