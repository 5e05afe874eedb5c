//! The one way in. Every source hands its authentic deliveries to [`Ingest`]; what it returns `Ok`
//! for is on the disk.

use crate::answer::{self, Refused};
use crate::clock::Moment;
use crate::message::{Message, ToMessage};
use crate::provider::{Authentic, Unreadable};
use crate::store::{Delivery, Stored, WriteError, Writer};
use crate::{display_in_english, hand_on};

/// Takes deliveries from a source to the store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest {
    writer: Writer,
}

/// An authentic delivery as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// When, UTC milliseconds.
    pub at_ms: i64,
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
    /// An entrance to the store behind this writer.
    #[must_use]
    pub fn new(writer: Writer) -> Self {
        Ingest { writer }
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
        let delivery = Delivery {
            headers: received.headers,
            again: received.again,
            ..Delivery::received(
                received.at_ms,
                self.writer.sure_of(Moment::now().running_ms),
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
