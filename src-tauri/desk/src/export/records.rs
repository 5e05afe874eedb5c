//! The store's content for other programs, as JSON or CSV (RFC 4180). Times are UTC seconds,
//! identifiers are text. Rows are written as they are read; in CSV no text is one that a spreadsheet takes for a formula,
//! JSON has them all as they are.

use std::borrow::Cow;
use std::io::{self, Write};

use super::guard::{harmless, harmless_json};
use esim_watch_core::io_reason::reason;
use esim_watch_core::message::{Message, ToMessage};
use esim_watch_core::store::{OpenError, Readers, SqliteError, SqliteReason};
use esim_watch_core::{display_in_english, hand_on};
use serde::Serialize;
use serde_json::value::RawValue;

/// What to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// One record per eSIM.
    Esims,
    /// One record per event, its raw payload included.
    Events,
}

/// How to write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordFormat {
    /// One array of objects.
    Json,
    /// A header line, then one line per record.
    Csv,
}

impl RecordFormat {
    /// A text as this format may have it.
    fn text(self, text: &str) -> Cow<'_, str> {
        match self {
            RecordFormat::Json => Cow::Borrowed(text),
            RecordFormat::Csv => harmless(text),
        }
    }
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The store can't be read.
    Store(OpenError),
    /// SQLite failed underway.
    Sqlite(#[from] SqliteError),
    /// The output can't be written.
    Write(#[from] io::Error),
    /// A row could not be put into words.
    Json(#[from] serde_json::Error),
    /// A row could not be put into a line.
    Csv(#[from] csv::Error),
}

hand_on!(RecordsError: Store(OpenError));
display_in_english!(RecordsError);

impl ToMessage for RecordsError {
    fn to_message(&self) -> Message {
        let failed = |reason: Message| Message::of("error.export.failed").with("reason", reason);
        match self {
            RecordsError::Store(error) => error.to_message(),
            RecordsError::Sqlite(error) => Message::of("error.database.notRead")
                .with("reason", SqliteReason::from(error).to_message()),
            RecordsError::Write(error) => failed(reason(error)),
            RecordsError::Json(error) => failed(Message::quoted(error)),
            RecordsError::Csv(error) => failed(match error.kind() {
                csv::ErrorKind::Io(error) => reason(error),
                _ => Message::quoted(error),
            }),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EsimRecord<'a> {
    esim_id: Option<Cow<'a, str>>,
    iccid: Option<Cow<'a, str>>,
    reference_id: Option<Cow<'a, str>>,
    status: Cow<'a, str>,
    status_since: Option<i64>,
    start: Option<i64>,
    end: Option<i64>,
    first_activated_at: Option<i64>,
    last_event_at: Option<i64>,
    event_count: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventRecord<'a, P> {
    key: Cow<'a, str>,
    category: Cow<'a, str>,
    r#type: Cow<'a, str>,
    occurred_at: Option<i64>,
    received_at: i64,
    esim_id: Option<Cow<'a, str>>,
    iccid: Option<Cow<'a, str>>,
    reference_id: Option<Cow<'a, str>>,
    status: Option<Cow<'a, str>>,
    recognized: bool,
    /// `webhook`, `api` or `both`.
    source: &'static str,
    /// The body as it came; empty if it is no longer kept.
    payload: Option<P>,
}

/// Writes everything of one kind.
///
/// # Errors
/// [`RecordsError`] if the store can't be read or `out` can't be written.
pub fn write(
    readers: &Readers,
    what: Records,
    format: RecordFormat,
    out: &mut dyn Write,
) -> Result<(), RecordsError> {
    let mut sink = match format {
        RecordFormat::Json => RecordSink::Json { out, first: true },
        RecordFormat::Csv => {
            let mut lines = csv::WriterBuilder::new();
            // Whoever reads it with another separator finds no cell that begins within a text.
            let lines = lines.quote_style(csv::QuoteStyle::NonNumeric);
            RecordSink::Csv(Box::new(lines.from_writer(out)))
        }
    };
    readers.read(|store| {
        Ok(match what {
            Records::Esims => store.each_esim(|esim| {
                sink.record(&EsimRecord {
                    esim_id: esim.esim_id.as_deref().map(|id| format.text(id)),
                    iccid: esim.iccid.as_deref().map(|iccid| format.text(iccid)),
                    reference_id: esim.reference().map(|id| format.text(id)),
                    status: format.text(esim.status_text()),
                    status_since: esim.status_since,
                    start: esim.period_start,
                    end: esim.period_end,
                    first_activated_at: esim.first_activated_at,
                    last_event_at: esim.last_event_at,
                    event_count: esim.event_count,
                })
            }),
            Records::Events => store.each_event(|stored, body| {
                let text = body.and_then(|body| std::str::from_utf8(body).ok());
                let event = &stored.event;
                let (category, kind) = event.kind.as_parts();
                let record = EventRecord {
                    key: format.text(&event.key),
                    category: format.text(category),
                    r#type: format.text(kind),
                    occurred_at: event.occurred_at,
                    received_at: stored.received_at_ms.div_euclid(1000),
                    esim_id: event.esim_id.as_deref().map(|id| format.text(id)),
                    iccid: event.iccid.as_deref().map(|iccid| format.text(iccid)),
                    reference_id: event.reference().map(|id| format.text(id)),
                    status: event
                        .status
                        .as_ref()
                        .map(|status| format.text(status.as_str())),
                    recognized: event.recognized(),
                    source: stored.sources.as_str(),
                    payload: text.map(harmless_json),
                };
                match format {
                    RecordFormat::Csv => sink.record(&record),
                    RecordFormat::Json => {
                        let payload = text.map(serde_json::from_str::<&RawValue>).transpose()?;
                        sink.record(&record.with_payload(payload))
                    }
                }
            }),
        })
    })??;
    sink.finish()
}

impl<'a, P> EventRecord<'a, P> {
    fn with_payload<Q>(self, payload: Option<Q>) -> EventRecord<'a, Q> {
        EventRecord {
            key: self.key,
            category: self.category,
            r#type: self.r#type,
            occurred_at: self.occurred_at,
            received_at: self.received_at,
            esim_id: self.esim_id,
            iccid: self.iccid,
            reference_id: self.reference_id,
            status: self.status,
            recognized: self.recognized,
            source: self.source,
            payload,
        }
    }
}

enum RecordSink<'a> {
    Json { out: &'a mut dyn Write, first: bool },
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
}

impl RecordSink<'_> {
    fn record(&mut self, record: &impl Serialize) -> Result<(), RecordsError> {
        match self {
            RecordSink::Json { out, first } => {
                out.write_all(if *first { b"[\n" } else { b",\n" })?;
                *first = false;
                serde_json::to_writer(out, record)?;
            }
            RecordSink::Csv(lines) => lines.serialize(record)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<(), RecordsError> {
        match self {
            RecordSink::Json { out, first } => {
                out.write_all(if first { b"[]\n" } else { b"\n]\n" })?
            }
            RecordSink::Csv(mut lines) => lines.flush()?,
        }
        Ok(())
    }
}
