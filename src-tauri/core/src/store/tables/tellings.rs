//! What the deliveries of an event say, read again from their bytes.

use rusqlite::Connection;

use crate::event::{Event, ProviderId, Receipt, Sources};
use crate::provider;
use crate::store::tables::deliveries::OF_EVENT;
use crate::store::tables::events;

/// One delivery whose bytes are kept and say something.
pub(in crate::store) struct KeptTelling {
    /// Row of the delivery.
    pub delivery: i64,
    /// When it came first, UTC milliseconds.
    pub received_at_ms: i64,
    pub source: Sources,
    pub event: Event,
}

/// What the kept deliveries of an event say.
#[derive(Default)]
pub(in crate::store) struct KeptTellings {
    /// Each of them, those that came first in front.
    pub found: Vec<KeptTelling>,
    /// Whether they say all that was ever told of it.
    pub complete: bool,
    /// How many bodies were read.
    pub read: u64,
}

/// Reads the kept deliveries of an event.
pub(in crate::store) fn of(db: &Connection, event: i64) -> rusqlite::Result<KeptTellings> {
    let mut tellings = KeptTellings {
        complete: !events::is_folded(db, event)?,
        ..KeptTellings::default()
    };
    let mut rows = db.prepare_cached(&format!(
        "SELECT id, received_at_ms, body, body_hash IS NULL, provider, source FROM deliveries WHERE {OF_EVENT} ORDER BY id"
    ))?;
    let rows = rows.query_map([event], |row| {
        let (delivery, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let provider = provider::by_id(ProviderId::new(row.get(4)?));
        Ok((
            delivery,
            at,
            provider,
            row.get::<_, Vec<u8>>(2)?,
            row.get(3)?,
            Sources::new(row.get(5)?),
        ))
    })?;
    for row in rows {
        let (delivery, received_at_ms, provider, body, kept, source) = row?;
        tellings.read += u64::from(kept);
        match provider.read(&body) {
            Ok(mut event) if kept => {
                event.received(Receipt::at(received_at_ms.div_euclid(1000)));
                tellings.found.push(KeptTelling {
                    delivery,
                    received_at_ms,
                    source,
                    event,
                });
            }
            _ => tellings.complete = false,
        }
    }
    Ok(tellings)
}
