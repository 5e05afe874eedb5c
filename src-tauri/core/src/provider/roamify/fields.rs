//! Lenient reading of a payload's fields.
//!
//! Absent, `null` and empty are the same; a number may come as text and text as a number. Values are
//! kept as the raw JSON they came in until they are read, because a 20-digit ICCID written as a
//! number fits neither a double nor a `u64`.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::times;
use crate::event::{Iccid, is_identifier, is_placeholder};

/// Deepest nesting that is compared by meaning; anything deeper is compared as written.
const MAX_DEPTH: usize = 32;

/// Longest identifier that is believed, in bytes. An ICCID has up to 20 digits, a UUID 36 characters.
const MAX_IDENTIFIER: usize = 128;

/// The fields of one JSON object, by name.
pub(super) type Object<'a> = BTreeMap<FieldName<'a>, &'a RawValue>;

/// The name of a field; copied only where it is written with escapes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct FieldName<'a>(#[serde(borrow)] Cow<'a, str>);

impl Borrow<str> for FieldName<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Numbers from here on are no amount of anything, and sums of them would lose their meaning.
const BELIEVED_BELOW: f64 = 1e16;

/// One scalar as it came.
pub(super) enum Scalar<'a> {
    /// Absent, `null`, or nothing but white space.
    Absent,
    /// Text, or the digits of a number, or `true` and `false`; trimmed, without control characters.
    Text(Cow<'a, str>),
    /// An object or a list where a single value belongs.
    Wrong,
}

/// The payload of one delivery: what stands beside `data` and what stands in it, as one.
pub(super) struct Fields<'a> {
    merged: Object<'a>,
}

impl<'a> Fields<'a> {
    /// Joins the envelope with the fields in its `data`, which win where both name one.
    pub(super) fn new(mut envelope: Object<'a>) -> Self {
        if let Some(inner) = envelope.get("data").and_then(|raw| object(raw)) {
            envelope.remove("data");
            envelope.extend(inner.into_iter().filter(|(_, raw)| !is_empty(raw)));
        }
        Fields { merged: envelope }
    }

    pub(super) fn scalar(&self, name: &str) -> Scalar<'a> {
        self.merged
            .get(name)
            .map_or(Scalar::Absent, |raw| scalar(raw))
    }

    /// A text that people read, on one line: where it had several, a blank stands between them.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let plain = self.plain(name)?;
        let raw = self.raw(name).map(RawValue::get);
        let written = raw.filter(|raw| raw.starts_with('"')).map(unquoted);
        Some(match written {
            Some(written) if written.contains(breaks_line) => on_one_line(&written),
            _ => plain.into_owned(),
        })
    }

    /// The same without a copy.
    pub(super) fn plain(&self, name: &str) -> Option<Cow<'a, str>> {
        match self.scalar(name) {
            Scalar::Text(text) => Some(text),
            Scalar::Absent | Scalar::Wrong => None,
        }
    }

    /// Text between quotes that has a letter in it, and is no word for "none": a number is no name of anything.
    pub(super) fn word(&self, name: &str) -> Option<Cow<'a, str>> {
        let quoted = self.raw(name)?.get().starts_with('"');
        let is_word = |text: &Cow<'a, str>| {
            quoted && text.contains(char::is_alphabetic) && !is_placeholder(text)
        };
        self.plain(name).filter(is_word)
    }

    /// An identifier: text without any white space, of a believable length and of the shape of one.
    pub(super) fn identifier(&self, name: &str) -> Option<String> {
        let text: String = self.plain(name)?.split_whitespace().collect();
        (text.len() <= MAX_IDENTIFIER && is_identifier(&text)).then_some(text)
    }

    /// The partner's own reference, as it is written.
    pub(super) fn reference(&self, name: &str) -> Option<Cow<'a, str>> {
        self.plain(name).filter(|text| !is_placeholder(text))
    }

    /// An ICCID.
    pub(super) fn iccid(&self, name: &str) -> Iccid {
        let quoted = self.raw(name).is_some_and(|raw| raw.get().starts_with('"'));
        match self.plain(name) {
            Some(text) if quoted => Iccid::from_text(&text),
            Some(text) => Iccid::from_number(&text),
            None => Iccid::Absent,
        }
    }

    /// A time in UTC seconds. Zero is what some senders write for "none".
    pub(super) fn time(&self, name: &str) -> Option<i64> {
        times::seconds(&self.plain(name)?).filter(|at| *at > 0)
    }

    /// Whether a field gives no time at all, rather than one that can't be read.
    pub(super) fn has_no_time(&self, name: &str) -> bool {
        match self.scalar(name) {
            Scalar::Absent => true,
            Scalar::Text(text) => times::seconds(&text) == Some(0) || is_placeholder(&text),
            Scalar::Wrong => false,
        }
    }

    /// The fields of one object; `None`: it is none.
    pub(super) fn of(raw: &'a RawValue) -> Option<Self> {
        Some(Fields {
            merged: object(raw)?,
        })
    }

    /// A field as it came.
    pub(super) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.merged.get(name).copied()
    }

    pub(super) fn object(&self, name: &str) -> Option<Fields<'a>> {
        let merged = object(self.merged.get(name)?)?;
        Some(Fields { merged })
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.plain(name)?
            .parse()
            .ok()
            .filter(|n: &f64| n.abs() < BELIEVED_BELOW)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.plain(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        }
    }

    /// The content in one fixed spelling: names sorted, empty fields left out, numbers and texts
    /// alike, times in seconds. The same content gives the same text in either envelope.
    /// `overrides` replaces fields whose spelling was normalised (`event_type`).
    pub(super) fn canonical(&self, overrides: &[(&str, &str)]) -> String {
        let mut out = String::from("{");
        for (FieldName(name), raw) in &self.merged {
            let fixed = overrides.iter().find(|(overridden, _)| overridden == name);
            let time = matches!(name.as_ref(), "timestamp" | "start" | "end")
                .then(|| self.time(name))
                .flatten();
            match (fixed, time) {
                (Some((_, text)), _) => write_pair(&mut out, name, text),
                (None, Some(time)) => write_pair(&mut out, name, &time.to_string()),
                (None, None) if is_empty(raw) => {}
                (None, None) => {
                    write_text(&mut out, name);
                    out.push(':');
                    canonical_value(&mut out, raw, MAX_DEPTH);
                    out.push(',');
                }
            }
        }
        out.push('}');
        out
    }
}

fn object(raw: &RawValue) -> Option<Object<'_>> {
    raw.get()
        .starts_with('{')
        .then(|| serde_json::from_str(raw.get()).ok())
        .flatten()
}

fn is_empty(raw: &RawValue) -> bool {
    matches!(scalar(raw), Scalar::Absent)
}

fn scalar(raw: &RawValue) -> Scalar<'_> {
    let json = raw.get();
    let text = match json.as_bytes().first() {
        Some(b'{' | b'[') => return Scalar::Wrong,
        Some(b'"') => unquoted(json),
        _ if json == "null" => return Scalar::Absent,
        _ => Cow::Borrowed(json),
    };
    let text = if text.contains(char::is_control) {
        Cow::Owned(text.chars().filter(|c| !c.is_control()).collect())
    } else {
        text
    };
    let trimmed = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    if trimmed.is_empty() {
        Scalar::Absent
    } else {
        Scalar::Text(trimmed)
    }
}

/// What ends a line, or leaves a part of it blank.
fn breaks_line(c: char) -> bool {
    (c.is_control() && c.is_whitespace()) || matches!(c, '\u{2028}' | '\u{2029}')
}

fn on_one_line(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|c| breaks_line(*c) || !c.is_control())
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a JSON string says.
fn unquoted(json: &str) -> Cow<'_, str> {
    let inner = json
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    match inner {
        Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
        // A lone surrogate is no text; then the escape is kept as it was written.
        _ => serde_json::from_str(json)
            .map_or_else(|_| Cow::Borrowed(json.trim_matches('"')), Cow::Owned),
    }
}

fn canonical_value(out: &mut String, raw: &RawValue, depth: usize) {
    let json = raw.get();
    let nested = depth.checked_sub(1);
    match (json.as_bytes().first(), nested) {
        (Some(b'{'), Some(depth)) => match object(raw) {
            Some(fields) => {
                out.push('{');
                for (FieldName(name), raw) in fields.iter().filter(|(_, raw)| !is_empty(raw)) {
                    write_text(out, name);
                    out.push(':');
                    canonical_value(out, raw, depth);
                    out.push(',');
                }
                out.push('}');
            }
            None => write_text(out, json),
        },
        (Some(b'['), Some(depth)) => match serde_json::from_str::<Vec<&RawValue>>(json) {
            Ok(items) => {
                out.push('[');
                for raw in items {
                    canonical_value(out, raw, depth);
                    out.push(',');
                }
                out.push(']');
            }
            Err(_) => write_text(out, json),
        },
        (Some(b'{' | b'['), None) => write_text(out, json),
        _ => match scalar(raw) {
            Scalar::Text(text) => write_text(out, &plain_number(&text)),
            Scalar::Absent | Scalar::Wrong => out.push_str("\"\""),
        },
    }
}

/// `18.990` and `1.899e1` as `18.99`; whole numbers, however long, and other texts stay.
fn plain_number(text: &str) -> Cow<'_, str> {
    let fraction = text.contains(['.', 'e', 'E']);
    match text.parse::<f64>() {
        Ok(number) if fraction && number.is_finite() => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(text),
    }
}

fn write_pair(out: &mut String, name: &str, value: &str) {
    write_text(out, name);
    out.push(':');
    write_text(out, value);
    out.push(',');
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}
