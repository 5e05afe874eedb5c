//! The life of one eSIM: its events in, its state out. Pure.
//!
//! The state depends on the set of events alone. Events are applied in [`Event::order`]; whoever
//! has one that belongs before the last applied one starts again with [`EsimState::fold`].

mod data_left;
mod key;
mod next;
mod period;
mod queued;
mod sold;

use crate::event::{Event, Iccid, ProviderId, Status, Topic, Usage};

pub use key::{key_of, read_key};
pub use next::NextStep;
pub(crate) use period::SAME_START_SECS;
pub use queued::Queued;

/// The current state of one eSIM, folded from its events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EsimState {
    /// Whose it is. Its id means something only there.
    pub provider: ProviderId,
    /// The provider's id of the eSIM.
    pub esim_id: Option<String>,
    /// The SIM profile's number; the latest, should it ever change.
    pub iccid: Option<String>,
    /// The partner's order reference that it was sold under, in its one form. What is bought for it later may have one of its
    /// own.
    pub reference_id: Option<String>,
    /// How its sender wrote that; `None`: just so.
    pub reference_written: Option<String>,
    /// The status; `None` until an event reports one.
    pub status: Option<Status>,
    /// Since when it has had this status without a break, UTC seconds.
    pub status_since: Option<i64>,
    /// When a report first told that it is used although it had ended, UTC seconds: maybe it was given back, and maybe the
    /// report lags. If it ends once more, it was.
    pub used_since_end: Option<i64>,
    /// That it ended is known of a report alone: a later one may take it back.
    pub end_is_reported: bool,
    /// Start of the usage period, UTC seconds.
    pub period_start: Option<i64>,
    /// End of the usage period, UTC seconds.
    pub period_end: Option<i64>,
    /// The package that begins after this period.
    pub queued: Option<Queued>,
    /// When it was first seen ACTIVATED, UTC seconds.
    pub first_activated_at: Option<i64>,
    /// Package and data left, as last reported.
    pub usage: Usage,
    /// Time of its latest event, UTC seconds.
    pub last_event_at: Option<i64>,
    /// The latest time that one of its events claims and that is not believed, UTC seconds.
    pub unbelieved_until: Option<i64>,
    /// Number of its events, each counted once.
    pub event_count: i64,
    /// Where the last applied event stands: nothing may be applied that stands before it.
    pub last_order: Option<(i64, u8, String)>,
}

impl EsimState {
    /// The state after all of these events, in whatever order they come.
    #[must_use]
    pub fn fold(mut events: Vec<Event>) -> EsimState {
        events.sort_by(|a, b| a.order().cmp(&b.order()));
        EsimState::fold_in_order(&events)
    }

    /// The state after all of these events, which come in order.
    #[must_use]
    pub fn fold_in_order<'a>(events: impl IntoIterator<Item = &'a Event>) -> EsimState {
        let mut state = EsimState::default();
        for event in events {
            state.apply(event);
        }
        state
    }

    /// Whether [`Self::apply`] may take this event: it surely stands behind all that were applied. Of what says the same in the
    /// same second only a look at both tells.
    #[must_use]
    pub fn is_next(&self, event: &Event) -> bool {
        self.last_order
            .as_ref()
            .is_none_or(|(at, place, _)| (*at, *place) < event.moment())
    }

    /// Takes the next event in order.
    pub fn apply(&mut self, event: &Event) {
        self.provider = event.provider;
        self.event_count += 1;
        let known_until = self.last_event_at;
        self.last_event_at = self.last_event_at.max(event.occurred_at);
        self.unbelieved_until = self.unbelieved_until.max(event.unbelieved_at);
        let (at, place) = event.moment();
        self.last_order = Some((at, place, event.key.clone()));
        keep_latest(&mut self.esim_id, &event.esim_id);
        // A number without its last digits, or with a wrong one, is the same, less well known.
        let known = self.iccid.as_deref();
        let says_less = |new: &String| known.is_some_and(|known| Iccid::is_less(new, known));
        if !event.iccid.as_ref().is_some_and(says_less) {
            keep_latest(&mut self.iccid, &event.iccid);
        }
        if event.kind.topic() != Some(Topic::Esim) {
            return;
        }
        self.begin_queued(event.occurred_at);
        if self.is_sold_anew(event) {
            self.begin_anew();
            self.keep_reference(event);
        }
        if self.reference_id.is_none() || self.is_sold_by(event) {
            self.keep_reference(event);
        }
        self.take_in(event, known_until);
    }

    fn keep_reference(&mut self, event: &Event) {
        if event.reference_id.is_some() {
            self.reference_id.clone_from(&event.reference_id);
            self.reference_written.clone_from(&event.reference_written);
        }
    }

    /// The order reference as its sender wrote it.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        let written = self.reference_written.as_deref();
        written.or(self.reference_id.as_deref())
    }

    /// What opens it.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        key_of(
            self.provider,
            self.esim_id.as_deref(),
            self.iccid.as_deref(),
        )
    }

    /// The status to show: `UNKNOWN` ("not known or not given") while none was reported.
    #[must_use]
    pub fn status_text(&self) -> &str {
        self.status.as_ref().map_or("UNKNOWN", Status::as_str)
    }
}

fn keep_latest<T: Clone>(kept: &mut Option<T>, latest: &Option<T>) {
    if latest.is_some() {
        kept.clone_from(latest);
    }
}

#[cfg(test)]
mod tests;
