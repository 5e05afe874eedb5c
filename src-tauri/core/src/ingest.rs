//! The one way in. Every source hands its authentic deliveries to [`Ingest`]; what it returns `Ok`
//! for is on the disk.

use crate::event::{self, ParseError};
use crate::store::{Delivery, Stored, WriteError, Writer};

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
    /// Its content type if that is not JSON: then its bytes are kept, and no event.
    pub foreign_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why a delivery can't be acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IngestError {
    /// It is no event. Its bytes were kept; sending them again will not help.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// It could not be stored. Sending it again later will help.
    #[error(transparent)]
    NotStored(#[from] WriteError),
}

impl Ingest {
    /// An entrance to the store behind this writer.
    #[must_use]
    pub fn new(writer: Writer) -> Self {
        Ingest { writer }
    }

    /// Parses and stores one authentic delivery.
    ///
    /// # Errors
    /// [`IngestError`] if it must not be acknowledged.
    pub async fn deliver(&self, received: Received) -> Result<Stored, IngestError> {
        let parsed = match &received.foreign_type {
            Some(content_type) => Err(ParseError::ContentType(
                content_type.chars().take(80).collect(),
            )),
            None => event::parse(&received.body),
        };
        let malformed = parsed.as_ref().err().cloned();
        let delivery = Delivery {
            received_at_ms: received.at_ms,
            headers: received.headers,
            body: received.body,
            parsed,
        };
        let stored = self.writer.deliver(delivery).await?;
        match malformed {
            Some(error) => Err(error.into()),
            None => Ok(stored),
        }
    }
}
