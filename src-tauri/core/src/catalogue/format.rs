//! The part of ICU's message format that the catalogues use: places, and plural forms of whole numbers
//! (Unicode's CLDR). The window reads the same texts with intl-messageformat.

use std::collections::BTreeMap;

use super::figures;
use super::language::Language;
use super::locale::Locale;
use super::texts::Catalogue;
use crate::message::{Message, MessageValue};

/// Writes messages in one language, for one reader.
#[derive(Clone, Copy)]
pub(super) struct Scribe<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// Where and when it is read; `None`: of no matter, because no moment is named.
    pub(super) here: Option<(&'a Locale, i64)>,
}

impl Scribe<'_> {
    /// Words a message. What can't be understood of its text stays as it is.
    pub(super) fn text(self, message: &Message) -> String {
        match self.catalogue.pattern(&message.key) {
            Some(pattern) => {
                let mut out = String::with_capacity(pattern.len());
                self.write(pattern, &message.values, None, &mut out);
                out
            }
            // A test finds it; whoever reads it has at least the word that it is about.
            None if !is_key(&message.key) => message.key.clone(),
            None => {
                tracing::error!(key = message.key, "no text");
                let last = message.key.rsplit('.').next();
                last.unwrap_or_default().to_owned()
            }
        }
    }

    pub(super) fn written(self, value: &MessageValue) -> String {
        match value {
            MessageValue::Text(text) => text.clone(),
            MessageValue::Count(count) => count.to_string(),
            MessageValue::Percent(percent) => self.text(&figures::percent(*percent)),
            MessageValue::Megabytes(mb) => {
                self.text(&figures::data(self.catalogue.language(), *mb))
            }
            MessageValue::Money { amount, currency } => {
                figures::money(self.catalogue.language(), *amount, currency.as_deref())
            }
            MessageValue::Time { at, form } => self.text(&figures::when(self.here, *at, *form)),
            MessageValue::Message(message) => self.text(message),
        }
    }

    pub(super) fn write(
        self,
        text: &str,
        values: &BTreeMap<String, MessageValue>,
        number: Option<i64>,
        out: &mut String,
    ) {
        let mut rest = text;
        while let Some(at) = rest.find(['{', '#']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            if let Some(after) = from.strip_prefix('#') {
                match number {
                    Some(number) => out.push_str(&number.to_string()),
                    None => out.push('#'),
                }
                rest = after;
                continue;
            }
            let Some((inner, after)) = braced(from) else {
                out.push_str(from);
                return;
            };
            self.place(inner, values, out);
            rest = after;
        }
        out.push_str(rest);
    }

    fn place(self, inner: &str, values: &BTreeMap<String, MessageValue>, out: &mut String) {
        let mut parts = inner.splitn(3, ',').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let value = values.get(name);
        let forms = match (parts.next(), parts.next()) {
            (Some("plural"), Some(forms)) => forms,
            _ => {
                if let Some(value) = value {
                    out.push_str(&self.written(value));
                }
                return;
            }
        };
        let count = match value {
            Some(MessageValue::Count(count)) => *count,
            _ => 0,
        };
        let exact = format!("={count}");
        let wanted = if is_one(count, self.catalogue.language()) {
            "one"
        } else {
            "other"
        };
        let form = form(forms, &exact)
            .or_else(|| form(forms, wanted))
            .or_else(|| form(forms, "other"));
        if let Some(text) = form {
            self.write(text, values, Some(count), out);
        }
    }
}

/// Whether a text is a key, and not words that are said as they came.
fn is_key(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.contains('.') && text.split('.').all(part)
}

/// The text of one of these plural forms.
fn form<'f>(forms: &'f str, name: &str) -> Option<&'f str> {
    let mut rest = forms;
    loop {
        let at = rest.find('{')?;
        let (selector, from) = rest.split_at(at);
        let (text, after) = braced(from)?;
        if selector.trim() == name {
            return Some(text);
        }
        rest = after;
    }
}

/// What stands between the first brace and the one that closes it, and what comes after.
fn braced(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some((text.get(1..at)?, text.get(at + 1..)?));
        }
    }
    None
}

/// CLDR's rule for "one", of whole numbers.
fn is_one(count: i64, language: Language) -> bool {
    match language {
        Language::Fr | Language::Pt => matches!(count, 0 | 1),
        Language::En | Language::Es | Language::De | Language::It => count == 1,
    }
}
