//! The desk's clocks: one that may be wrong, one that nobody can set, and what the program believes of them.

use esim_watch_core::clock::{Moment, SteadyTime};
use esim_watch_core::presence::Presence;

use super::Desk;
use crate::line::set_clock;
use crate::plan::MINUTE;

/// So long after a clock was set it is believed, with a second more; as in the program.
const SETTLED_MS: i64 = 5 * MINUTE * 1000 + 1_000;

impl Desk {
    /// By how much its clock is ahead, in milliseconds.
    pub(super) fn ahead_ms(&self) -> i64 {
        let now = self.now();
        let wrong = self.wrong_clock;
        let wrong = wrong.filter(|wrong| (wrong.from..wrong.to).contains(&now));
        wrong.map_or(0, |wrong| wrong.ahead * 1000)
    }

    /// Now as the program is told it, UTC milliseconds.
    pub(super) fn clock_ms(&self) -> i64 {
        self.right().clock_ms
    }

    /// This moment by a clock that is right, as far as the program knows.
    pub(super) fn right(&self) -> Moment {
        self.told.right(self.moment())
    }

    /// When somebody sets its clock next, or that has become long ago.
    pub(super) fn next_set_ms(&self) -> Option<i64> {
        let wrong = self.wrong_clock?;
        let set = [wrong.from, wrong.to].map(|at| at * 1000);
        let set = set.iter().flat_map(|at| [*at, at + SETTLED_MS]);
        set.filter(|at| *at > self.at_ms).min()
    }

    /// Another clock, which nobody can set, counts its sleep.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            clock_ms: self.at_ms + self.ahead_ms(),
            running_ms: self.at_ms,
        }
    }

    /// What the program believes, UTC milliseconds.
    pub(super) fn believed_ms(&mut self) -> i64 {
        let moment = self.moment();
        let time = self
            .time
            .get_or_insert_with(|| SteadyTime::new(moment, None));
        match self.told.surely(moment) {
            Some(right) => time.tell_right(right),
            None => time.tell(moment, None),
        }
    }

    /// What takes note of when it listens.
    pub fn presence(&self) -> Presence {
        self.running.as_ref().unwrap().presence.clone()
    }

    /// Notes that it listens, as the program does every few minutes.
    pub(super) async fn note_listening(&mut self) {
        if self.running.is_none() || !self.listens {
            return;
        }
        let believed_ms = self.believed_ms();
        let moment = self.moment();
        let running = self.running.as_ref().unwrap();
        running.presence.note(believed_ms, moment).await;
        self.noted_ms = self.at_ms;
    }

    pub(super) fn set_now(&mut self, at_ms: i64) {
        self.at_ms = self.at_ms.max(at_ms);
        set_clock(self.moment());
    }
}
