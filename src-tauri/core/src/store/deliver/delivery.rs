//! What goes in and what comes out: one authentic delivery, and what it changed. Plain data.

use crate::event::{Event, ProviderId, Receipt, Sources};
use crate::provider::{self, Unreadable};
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::events::StoredEvent;

/// One authentic delivery, parsed.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// When it came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Who sent it.
    pub provider: ProviderId,
    /// Whether it was sent or asked for; never both.
    pub source: Sources,
    /// Headers that help to debug, `name: value` on a line each.
    pub headers: Option<String>,
    /// The body as it came.
    pub body: Vec<u8>,
    /// What the body says.
    pub parsed: Result<Event, Unreadable>,
    /// Whether a person has it read again: it did not come now.
    pub again: bool,
}

impl Delivery {
    /// A delivery that came at this time, UTC milliseconds. What it tells is ordered by then where its own time can't be
    /// believed. `known_until`: the latest time at which something is known to have happened, UTC seconds.
    #[must_use]
    pub fn received(
        received_at_ms: i64,
        known_until: Option<i64>,
        provider: ProviderId,
        body: Vec<u8>,
        parsed: Result<Event, Unreadable>,
    ) -> Delivery {
        let believed_ms = received_at_ms;
        Delivery::believed(
            received_at_ms,
            believed_ms,
            known_until,
            provider,
            body,
            parsed,
        )
    }

    /// The same where the desk's clock may just have leapt. `believed_ms`: what is believed of it, UTC milliseconds.
    #[must_use]
    pub fn believed(
        received_at_ms: i64,
        believed_ms: i64,
        known_until: Option<i64>,
        provider: ProviderId,
        body: Vec<u8>,
        mut parsed: Result<Event, Unreadable>,
    ) -> Delivery {
        if let Ok(event) = &mut parsed {
            event.received(Receipt {
                at: believed_ms.div_euclid(1000),
                clock: received_at_ms.div_euclid(1000),
                known_until,
            });
        }
        Delivery {
            received_at_ms,
            provider,
            source: Sources::WEBHOOK,
            headers: None,
            body,
            parsed,
            again: false,
        }
    }

    /// A delivery of the default provider, for whoever fills a store without a listener. `received_at_ms`: UTC
    /// milliseconds.
    #[must_use]
    pub fn of(body: impl Into<Vec<u8>>, received_at_ms: i64) -> Delivery {
        let body = body.into();
        let parsed = provider::DEFAULT.read(&body);
        Delivery::received(received_at_ms, None, provider::DEFAULT.id(), body, parsed)
    }
}

/// What one delivery changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What became of the delivery.
    pub verdict: Verdict,
    /// The row that stands for it; `None`: it is one of many that another row stands for by now.
    pub delivery: Option<i64>,
    /// The event that it brought or told again; `None`: it was malformed.
    pub event: Option<StoredEvent>,
    /// The eSIM that the event belongs to, if its state changed.
    pub esim: Option<EsimChange>,
    /// Whether it shows that the provider reaches this desk: what is replayed, unreadable or the desk's own does not.
    pub heard: bool,
    /// Why it is no event and when it came, UTC milliseconds; `None`: it is one, or a person has it read again.
    pub unreadable: Option<(Unreadable, i64)>,
}

/// How an eSIM changed.
#[derive(Debug, Clone, PartialEq)]
pub struct EsimChange {
    /// Keys that name no eSIM's row any more, because it became one with this one.
    pub replaced: Vec<String>,
    /// Rows of all eSIMs that changed, also of those that are gone.
    pub rows: Vec<i64>,
    /// Rows that are gone because they became one with another.
    pub merges: Vec<Merge>,
}

/// Two eSIMs that turned out to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// The row that is no more.
    pub gone: i64,
    /// The row that has its events now.
    pub survivor: i64,
}
