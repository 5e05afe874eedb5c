//! What is sold once more begins anew: the period that it had, what was left and who used it were the last customer's.

use super::{EsimState, Usage};
use crate::event::{Event, EventKind, Status};

/// Whether it is sold and on no device.
pub(super) fn is_on_no_device(status: &Status) -> bool {
    matches!(status, Status::New | Status::Ready | Status::Downloaded)
}

impl EsimState {
    /// Whether an event tells that it was sold, be it once more: what was over for good begins anew.
    pub(super) fn is_sold_by(&self, event: &Event) -> bool {
        let is_over = matches!(self.status, Some(Status::Revoked | Status::Deleted));
        is_over || event.status == Some(Status::New)
    }

    /// Whether the event tells that it was sold once more: in another order, or ready for somebody after its period was
    /// over. One that its traveller removed and loads again goes on with what it had.
    #[must_use]
    pub fn is_sold_anew(&self, event: &Event) -> bool {
        let is_ready = event.status.as_ref().is_some_and(is_on_no_device);
        if !is_ready {
            return false;
        }
        let orders = self.reference_id.as_ref().zip(event.reference_id.as_ref());
        let in_another_order = orders.is_some_and(|(was, is)| was != is) && self.is_sold_by(event);
        let was_used = match &self.status {
            // Of the package that ran last nobody told a status.
            None => self.first_activated_at.is_some(),
            Some(known) => !is_on_no_device(known) && *known != Status::Unknown,
        };
        let passed = self.period_end.zip(event.occurred_at);
        let is_over =
            self.status == Some(Status::Expired) || passed.is_some_and(|(end, at)| end <= at);
        event.kind == EventKind::EsimStatus
            && event.occurred_at.is_some()
            && (in_another_order || (was_used && is_over))
    }

    /// Forgets whatever was the last customer's.
    pub(super) fn begin_anew(&mut self) {
        (self.status, self.status_since, self.used_since_end) = (None, None, None);
        self.end_is_reported = false;
        (self.period_start, self.period_end, self.queued) = (None, None, None);
        self.first_activated_at = None;
        self.usage = Usage::default();
    }
}
