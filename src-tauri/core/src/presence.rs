//! Since when the program has listened without a break, noted in the store now and then: so the next start knows when it
//! did not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Moment;
use crate::store::Writer;

/// Nobody noted yet that it listens.
const HAS_NOT_BEGUN: i64 = i64::MIN;

/// Takes note of it. Cheap to clone: all clones are one.
#[derive(Debug, Clone)]
pub struct Presence {
    writer: Writer,
    /// Since when, by the clock that nobody can set, milliseconds.
    since_ms: Arc<AtomicI64>,
}

impl Presence {
    /// Of a program that has not begun to.
    #[must_use]
    pub fn new(writer: Writer) -> Presence {
        Presence {
            writer,
            since_ms: Arc::new(AtomicI64::new(HAS_NOT_BEGUN)),
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

    /// The computer slept, or the program ends: it begins anew.
    pub fn ends(&self) {
        self.since_ms.store(HAS_NOT_BEGUN, Ordering::Relaxed);
    }
}
