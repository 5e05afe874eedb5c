//! Since when the program has listened without a break, noted in the store now and then: so the next start knows when it
//! did not. And since when it has noted times at all: if somebody tells later that its clock was wrong, they are set right.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use crate::clock::{CLOCKS_DIFFER_SECS, Moment};
use crate::store::{LastRows, Writer, WronglyNoted};

/// Nobody noted yet that it listens.
const HAS_NOT_BEGUN: i64 = i64::MIN;

/// Takes note of it. Cheap to clone: all clones are one.
#[derive(Debug, Clone)]
pub struct Presence {
    writer: Writer,
    /// Since when, by the clock that nobody can set, milliseconds.
    since_ms: Arc<AtomicI64>,
    /// When the program started, and what there was by then; `None`: it notes nothing that could be wrong.
    began: Option<(Moment, LastRows)>,
    /// Somebody has told the right time since.
    is_told: Arc<AtomicBool>,
}

impl Presence {
    /// Of a program that has not begun to.
    #[must_use]
    pub fn new(writer: Writer) -> Presence {
        Presence {
            writer,
            since_ms: Arc::new(AtomicI64::new(HAS_NOT_BEGUN)),
            began: None,
            is_told: Arc::default(),
        }
    }

    /// The same of a program that starts at this moment, when these rows were the last.
    #[must_use]
    pub fn since(self, now: Moment, last: LastRows) -> Presence {
        Presence {
            began: Some((now, last)),
            ..self
        }
    }

    /// Notes that the program listens at this time (UTC milliseconds), which is now as far as that is believed: it begins to,
    /// or still does. What can't be noted now is noted the next time.
    pub async fn note(&self, at_ms: i64, now: Moment) {
        let since_ms = self.since_ms.load(Ordering::Relaxed);
        let noted = if since_ms == HAS_NOT_BEGUN {
            let noted = self.writer.note_listening(at_ms).await;
            if noted.is_ok() {
                self.since_ms.store(now.running_ms, Ordering::Relaxed);
            }
            noted
        } else {
            let for_ms = now.running_ms.saturating_sub(since_ms);
            self.writer.note_still_listening(at_ms, for_ms).await
        };
        if let Err(error) = noted {
            tracing::debug!(%error, "that the program listens is noted later");
        }
    }

    /// Notes the same at once where it listens and somebody has just told the right time, which this is: what was noted of its
    /// beginning moves with it. A program that does not listen, as one that was asked for a catch-up, has nothing to note.
    pub async fn set_right(&self, right: Moment) {
        if self.since_ms.load(Ordering::Relaxed) != HAS_NOT_BEGUN {
            self.note(right.clock_ms, right).await;
        }
    }

    /// Sets right what was noted since the start, the first time that somebody tells the right time of this moment. Where the
    /// clock leapt meanwhile, nobody knows which of it was wrong: that stays.
    pub async fn set_notes_right(&self, right: Moment, clock: Moment) {
        let was_told = self.is_told.swap(true, Ordering::Relaxed);
        let ahead_ms = clock.clock_ms.saturating_sub(right.clock_ms);
        let Some((start, before)) = self.began.filter(|_| !was_told && ahead_ms != 0) else {
            return;
        };
        let passed = |by: fn(&Moment) -> i64| by(&clock).saturating_sub(by(&start));
        let leapt = passed(|moment| moment.clock_ms).abs_diff(passed(|moment| moment.running_ms));
        if leapt > CLOCKS_DIFFER_SECS.unsigned_abs() * 1000 {
            return;
        }
        let noted = WronglyNoted {
            before,
            ahead_ms,
            now_ms: right.clock_ms,
        };
        if let Err(error) = self.writer.set_right(noted).await {
            tracing::warn!(%error, "what the clock noted before it was known to be wrong stays so");
        }
    }

    /// The computer slept, or the program ends: it begins anew.
    pub fn ends(&self) {
        self.since_ms.store(HAS_NOT_BEGUN, Ordering::Relaxed);
    }
}
