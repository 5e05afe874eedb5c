//! The part of ICU's message format that the catalogues use: places, and plural forms of whole numbers
//! (Unicode's CLDR). The window reads the same texts with intl-messageformat.

use super::Language;

/// What stands in a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// As it is.
    Text(&'a str),
    /// A whole number: decides the plural form.
    Count(i64),
}

impl Value<'_> {
    fn written(self) -> String {
        match self {
            Value::Text(text) => text.to_owned(),
            Value::Count(count) => count.to_string(),
        }
    }
}

/// Writes a message. What can't be understood of it stays as it is.
pub(super) fn format(text: &str, places: &[(&str, Value<'_>)], language: Language) -> String {
    let mut out = String::with_capacity(text.len());
    write(text, places, language, None, &mut out);
    out
}

fn write(
    text: &str,
    places: &[(&str, Value<'_>)],
    language: Language,
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
        place(inner, places, language, out);
        rest = after;
    }
    out.push_str(rest);
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

fn place(inner: &str, places: &[(&str, Value<'_>)], language: Language, out: &mut String) {
    let mut parts = inner.splitn(3, ',').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let value = places
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value);
    let forms = match (parts.next(), parts.next()) {
        (Some("plural"), Some(forms)) => forms,
        _ => {
            if let Some(value) = value {
                out.push_str(&value.written());
            }
            return;
        }
    };
    let count = match value {
        Some(Value::Count(count)) => count,
        _ => 0,
    };
    let exact = format!("={count}");
    let wanted = if is_one(count, language) {
        "one"
    } else {
        "other"
    };
    let form = |name: &str| {
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
    };
    let form = form(&exact)
        .or_else(|| form(wanted))
        .or_else(|| form("other"));
    if let Some(text) = form {
        write(text, places, language, Some(count), out);
    }
}

/// CLDR's rule for "one", of whole numbers.
fn is_one(count: i64, language: Language) -> bool {
    match language {
        Language::Fr | Language::Pt => matches!(count, 0 | 1),
        Language::En | Language::Es | Language::De | Language::It => count == 1,
    }
}

/// A message backwards: which texts stand in its places.
pub(super) struct Pattern {
    /// Fixed texts; between each two of them stands a place.
    fixed: Vec<String>,
    names: Vec<String>,
}

impl Pattern {
    pub(super) fn of(text: &str) -> Pattern {
        let mut pattern = Pattern {
            fixed: Vec::new(),
            names: Vec::new(),
        };
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            let Some((name, after)) = braced(from) else {
                break;
            };
            pattern.fixed.push(before.to_owned());
            pattern.names.push(name.to_owned());
            rest = after;
        }
        pattern.fixed.push(rest.to_owned());
        pattern
    }

    /// Letters of its own.
    pub(super) fn weight(&self) -> usize {
        self.fixed.iter().map(String::len).sum()
    }

    /// What stands in its places; `None`: the text is another one.
    pub(super) fn places<'p>(&'p self, text: &str) -> Option<Vec<(&'p str, String)>> {
        let (first, others) = self.fixed.split_first()?;
        let mut rest = text.strip_prefix(first.as_str())?;
        let mut found = Vec::with_capacity(self.names.len());
        for (at, (name, after)) in self.names.iter().zip(others).enumerate() {
            let is_last = at + 1 == self.names.len();
            let end = if is_last {
                rest.len().checked_sub(after.len()).filter(|end| {
                    rest.is_char_boundary(*end) && rest.get(*end..) == Some(after.as_str())
                })?
            } else {
                rest.find(after.as_str())?
            };
            found.push((name.as_str(), rest.get(..end)?.to_owned()));
            rest = rest.get(end + after.len()..)?;
        }
        rest.is_empty().then_some(found)
    }
}
