//! The one way in. Every source hands its authentic deliveries to [`Ingest`]; what it returns `Ok`
//! for is on the disk.

use std::sync::{Arc, Mutex, PoisonError};

use crate::answer::{self, Refused};
use crate::clock::{Moment, SteadyTime, ToldTime};
use crate::message::{Message, ToMessage};
use crate::provider::{Authentic, Unreadable};
use crate::store::{Delivery, Stored, WriteError, Writer};
use crate::{display_in_english, hand_on};

/// Takes deliveries from a source to the store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest {
    writer: Writer,
    time: Arc<Mutex<SteadyTime>>,
    told: ToldTime,
}

/// An authentic delivery as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// When.
    pub at: Moment,
    /// Headers that help to debug, `name: value` on a line each.
    pub headers: Option<String>,
    /// Why it is no event, whatever its bytes say: then they are kept all the same.
    pub unreadable: Option<Unreadable>,
    /// The body.
    pub body: Authentic,
    /// Whether a person has it read again: it did not come now.
    pub again: bool,
}

/// Why a delivery can't be acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IngestError {
    /// It is no event. Its bytes were kept; sending them again will not help.
    Unreadable(Refused),
    /// It could not be stored. Sending it again later will help.
    NotStored(WriteError),
}

hand_on!(IngestError: NotStored(WriteError));
display_in_english!(IngestError);

impl ToMessage for IngestError {
    fn to_message(&self) -> Message {
        match self {
            IngestError::Unreadable(refused) => refused.to_message(),
            IngestError::NotStored(error) => error.to_message(),
        }
    }
}

impl Ingest {
    /// An entrance to the store behind this writer, which opens now.
    #[must_use]
    pub fn new(writer: Writer) -> Self {
        Ingest::opened(writer, Moment::now())
    }

    /// An entrance that opens at this moment: what the clocks told then is believed.
    #[must_use]
    pub fn opened(writer: Writer, at: Moment) -> Self {
        let time = SteadyTime::new(at, writer.known_until());
        Ingest {
            writer,
            time: Arc::new(Mutex::new(time)),
            told: ToldTime::default(),
        }
    }

    /// The same, which knows what a provider's clock tells.
    #[must_use]
    pub fn sure_of(self, told: ToldTime) -> Self {
        Ingest { told, ..self }
    }

    /// This moment by a clock that is right, as far as anybody knows.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.told.right(Moment::now())
    }

    /// Takes note of what the clocks tell: one that has stood for a while where it leapt to is believed. Between deliveries it
    /// has to be told now and then.
    pub fn tell(&self, now: Moment) {
        self.believed(now);
    }

    /// What is known of a moment at which something comes: what is believed of the clock, UTC milliseconds, and until when
    /// something is known, UTC seconds.
    fn believed(&self, at: Moment) -> (i64, Option<i64>) {
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        // Who knows the time knows as well that nothing has happened later.
        if let Some(right) = self.told.surely(at) {
            let right_ms = time.tell_right(right);
            return (right_ms, Some(right_ms.div_euclid(1000)));
        }
        let known_until = self.told.sure_of(self.writer.known_until(), at);
        (time.tell(at, known_until), known_until)
    }

    /// Reads and stores one authentic delivery.
    ///
    /// # Errors
    /// [`IngestError`] if it must not be acknowledged.
    pub async fn deliver(&self, received: Received) -> Result<Stored, IngestError> {
        let read = match received.unreadable {
            Some(why) => Err(why),
            None => received.body.read(),
        };
        let answer = answer::to(&read);
        let provider = received.body.provider().id();
        let body = received.body.into_body();
        let (believed_ms, known_until) = self.believed(received.at);
        let delivery = Delivery {
            headers: received.headers,
            again: received.again,
            ..Delivery::believed(
                self.told.right(received.at).clock_ms,
                believed_ms,
                known_until,
                provider,
                body,
                read,
            )
        };
        let stored = self.writer.deliver(delivery).await?;
        match answer.refused {
            None => Ok(stored),
            Some(refused) => Err(IngestError::Unreadable(refused)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::provider::DEFAULT;
    use crate::store::Store;

    /// UTC seconds.
    const NOW: i64 = 1_795_860_000;
    const DAY: i64 = 86_400;

    /// What the clocks tell so many seconds after [`NOW`], when that on the wall is ahead by so many.
    fn moment(after: i64, ahead: i64) -> Moment {
        Moment {
            clock_ms: (NOW + after + ahead) * 1000,
            running_ms: after * 1000,
        }
    }

    /// The event that is stored of what comes at this moment and claims this time.
    async fn came(ingest: &Ingest, store: &Store, at: Moment, claimed: i64) -> Event {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"ACTIVATED","timestamp":{claimed}}}"#
        );
        let body = Authentic::check(DEFAULT, &|_| None, body.into_bytes(), &[]).unwrap();
        let received = Received {
            at,
            headers: None,
            unreadable: None,
            body,
            again: false,
        };
        ingest.deliver(received).await.unwrap();
        let last = store.readers().read(|store| store.latest_changes(1));
        last.unwrap().remove(0).event
    }

    fn opened(ahead: i64) -> (tempfile::TempDir, Store, Ingest) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), |_| {}).unwrap();
        let ingest = Ingest::opened(store.writer().clone(), moment(0, ahead));
        (folder, store, ingest)
    }

    #[tokio::test]
    async fn an_event_from_the_future_is_ordered_by_what_is_believed_of_a_clock_that_leapt() {
        let (_folder, store, ingest) = opened(0);
        let claimed = NOW + 400 * DAY;
        let event = came(&ingest, &store, moment(60, 365 * DAY), claimed).await;
        let times = (event.occurred_at, event.unbelieved_at);
        assert_eq!(times, (Some(NOW + 60), Some(claimed)));
        // The clock is right again, and nothing of it is left.
        let event = came(&ingest, &store, moment(120, 0), NOW + 110).await;
        let times = (event.occurred_at, event.unbelieved_at);
        assert_eq!(times, (Some(NOW + 110), None));
    }

    #[tokio::test]
    async fn an_event_from_before_a_clock_that_was_set_right_is_believed() {
        let (_folder, store, ingest) = opened(-DAY);
        // Late, and a moment after the clock was set.
        let event = came(&ingest, &store, moment(7_200, 0), NOW + 3_600).await;
        let times = (event.occurred_at, event.unbelieved_at);
        assert_eq!(times, (Some(NOW + 3_600), None));
    }

    #[tokio::test]
    async fn a_clock_that_has_stood_for_a_while_is_believed_although_nothing_came() {
        let (_folder, store, ingest) = opened(-DAY);
        for minute in 1..=7 {
            ingest.tell(moment(minute * 60, 0));
        }
        let claimed = NOW + 400 * DAY;
        let event = came(&ingest, &store, moment(480, 0), claimed).await;
        assert_eq!(event.occurred_at, Some(NOW + 480));
    }
}
