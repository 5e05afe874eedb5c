//! Until when something is known to have happened: a clock that says it is earlier is behind.
//!
//! A sender's clock and this computer's may be ahead together, and what came then would have every right clock taken for
//! one that is behind. So what is told now by a clock that agrees with this computer's counts more than what was told once:
//! if it is told again, the later time was none.

use std::collections::VecDeque;

use crate::event::{Event, Sources};
use crate::store::tables::events::StoredEvent;

/// A clock that says so much less than what is known is far behind, seconds: no late delivery agrees with it.
const FAR_BEHIND_SECS: i64 = 2 * 3_600;

/// Clocks that agree differ by less, seconds.
const AGREE_SECS: i64 = 10 * 60;

/// What agrees with a clock agrees once more at least so much later, seconds.
const APART_SECS: i64 = 60;

/// So many of the latest events that were sent tell whether clocks agree.
pub(super) const LATEST_SENT: usize = 50;

/// The latest time at which something happened, and what speaks against it.
#[derive(Debug, Default)]
pub(super) struct KnownTime {
    /// UTC seconds.
    until: Option<i64>,
    /// When the first of the events happened that were sent just now by a clock that is far behind that; UTC seconds.
    agrees_since: Option<i64>,
}

impl KnownTime {
    /// What is known of a store: the latest that is believed, and the events that were sent last, oldest first.
    pub fn of(until: Option<i64>, sent: VecDeque<StoredEvent>) -> KnownTime {
        let mut known = KnownTime {
            until,
            agrees_since: None,
        };
        for stored in &sent {
            known.note(stored);
        }
        known
    }

    /// UTC seconds.
    pub fn until(&self) -> Option<i64> {
        self.until
    }

    /// Takes note of an event that came for the first time.
    pub fn note(&mut self, stored: &StoredEvent) {
        let Some(at) = believed(&stored.event) else {
            return;
        };
        let clock = stored.received_at_ms.div_euclid(1000);
        let is_behind = self.until > Some(clock.saturating_add(FAR_BEHIND_SECS));
        let sent = stored.sources.have(Sources::WEBHOOK);
        if !is_behind || !sent || at > clock.saturating_add(AGREE_SECS) {
            self.agrees_since = None;
            self.until = self.until.max(Some(at));
        } else if at > clock.saturating_sub(AGREE_SECS) {
            let since = *self.agrees_since.get_or_insert(at);
            if at >= since.saturating_add(APART_SECS) {
                (self.until, self.agrees_since) = (Some(at), None);
            }
        }
    }
}

/// When an event happened whose time is believed, UTC seconds.
fn believed(event: &Event) -> Option<i64> {
    event.occurred_at.filter(|_| event.unbelieved_at.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::parse;

    const NOW: i64 = 1_795_860_000;
    const DAY: i64 = 86_400;

    /// What is known after events that happened at a time and came at another, by the clock of the computer; after [`NOW`].
    fn known(until: i64, came: &[(i64, i64)]) -> i64 {
        let sent = |(n, (at, clock)): (usize, &(i64, i64))| {
            let body = format!(
                r#"{{"event_category":"esim","event_type":"status","esim_id":"{n}","status":"NEW","timestamp":{}}}"#,
                NOW + at
            );
            let event = parse(body.as_bytes()).unwrap();
            StoredEvent {
                sources: Sources::WEBHOOK,
                ..StoredEvent::new(1, (NOW + clock) * 1000, event)
            }
        };
        let sent = came.iter().enumerate().map(sent).collect();
        KnownTime::of(Some(NOW + until), sent).until().unwrap() - NOW
    }

    #[test]
    fn what_was_told_by_a_clock_that_was_ahead_is_known_no_more_once_two_agree_on_another_time() {
        let ahead = 30 * DAY;
        assert_eq!(known(ahead, &[(0, 2)]), ahead);
        assert_eq!(known(ahead, &[(0, 2), (20, 21)]), ahead, "of one minute");
        assert_eq!(known(ahead, &[(0, 2), (300, 301)]), 300);
        // One that is late agrees with nothing, and takes nothing away.
        assert_eq!(known(ahead, &[(0, 2), (-3_600, 30), (300, 301)]), 300);
        let again = [(0, 2), (300, 301), (ahead, 310), (600, 601)];
        assert_eq!(known(ahead, &again), ahead, "told once more");
    }

    #[test]
    fn a_clock_that_is_behind_stays_so_while_others_tell_a_later_time() {
        let behind = [
            (0, -DAY),
            (60, 60 - DAY),
            (-DAY, 90 - DAY),
            (300, 300 - DAY),
            (400 - DAY, 400 - DAY),
        ];
        assert_eq!(known(0, &behind), 300);
    }
}
