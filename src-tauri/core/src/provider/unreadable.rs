//! Why bytes are no event at all: a code and what it names, which is what is stored; and the message of both.

use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Longest text of a delivery that is repeated, in characters.
const MAX_ARGUMENT: usize = 80;

/// Why bytes are no event at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// There are none.
    Empty,
    /// They are not JSON (RFC 8259); what the parser said.
    NotJson(String),
    /// They are JSON, but not an object.
    NotAnObject(JsonType),
    /// They were announced as something else than JSON (RFC 9110, section 8.3).
    ContentType(String),
    /// They were announced as compressed or otherwise encoded (RFC 9110, section 8.4).
    ContentEncoding(String),
}

/// What JSON can be beside an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// A list.
    List,
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// Null.
    Null,
    /// A number.
    Number,
}

impl JsonType {
    const ALL: [JsonType; 5] = [
        JsonType::List,
        JsonType::Text,
        JsonType::Boolean,
        JsonType::Null,
        JsonType::Number,
    ];

    fn as_str(self) -> &'static str {
        match self {
            JsonType::List => "list",
            JsonType::Text => "text",
            JsonType::Boolean => "boolean",
            JsonType::Null => "null",
            JsonType::Number => "number",
        }
    }
}

impl Unreadable {
    /// Bytes that were announced as this.
    #[must_use]
    pub fn content_type(announced: &str) -> Unreadable {
        Unreadable::ContentType(announced.chars().take(MAX_ARGUMENT).collect())
    }

    /// What is wrong with bytes that were announced as this content type; `None`: nothing. What HTTP clients say when
    /// nobody told them is only believed of what is no object.
    #[must_use]
    pub fn announced(content_type: &str, body: &[u8]) -> Option<Unreadable> {
        let text = content_type.to_ascii_lowercase();
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let is_object = body.trim_ascii_start().starts_with(b"{");
        let fits = text.contains("json") || is_object;
        (!fits).then(|| Unreadable::content_type(&text))
    }

    /// What is wrong with bytes that were announced as compressed or otherwise encoded; `None`: they come as they are.
    #[must_use]
    pub fn encoded(content_encoding: &str) -> Option<Unreadable> {
        let text = content_encoding.trim().to_ascii_lowercase();
        let plain = text.is_empty() || text == "identity";
        (!plain).then(|| Unreadable::ContentEncoding(text.chars().take(MAX_ARGUMENT).collect()))
    }

    /// The code. Never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Unreadable::Empty => "empty",
            Unreadable::NotJson(_) => "notJson",
            Unreadable::NotAnObject(_) => "notAnObject",
            Unreadable::ContentType(_) => "contentType",
            Unreadable::ContentEncoding(_) => "contentEncoding",
        }
    }

    /// What it names.
    #[must_use]
    pub fn argument(&self) -> Option<&str> {
        match self {
            Unreadable::Empty => None,
            Unreadable::NotJson(said) => Some(said),
            Unreadable::NotAnObject(what) => Some(what.as_str()),
            Unreadable::ContentType(announced) | Unreadable::ContentEncoding(announced) => {
                Some(announced)
            }
        }
    }

    /// The reason as it is stored: `empty`, `notAnObject:list`.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self.argument() {
            Some(argument) => format!("{}:{argument}", self.code()),
            None => self.code().to_owned(),
        }
    }

    /// Reads a stored reason; `None`: this version does not know it.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Unreadable> {
        let (code, argument) = text.split_once(':').unwrap_or((text, ""));
        Some(match code {
            "empty" => Unreadable::Empty,
            "notJson" => Unreadable::NotJson(argument.to_owned()),
            "notAnObject" => Unreadable::NotAnObject(
                JsonType::ALL
                    .into_iter()
                    .find(|what| what.as_str() == argument)?,
            ),
            "contentType" => Unreadable::ContentType(argument.to_owned()),
            "contentEncoding" => Unreadable::ContentEncoding(argument.to_owned()),
            _ => return None,
        })
    }
}

display_in_english!(Unreadable);

impl ToMessage for Unreadable {
    fn to_message(&self) -> Message {
        match self {
            Unreadable::Empty => Message::of("refusal.empty"),
            Unreadable::NotJson(said) => {
                Message::of("refusal.notJson").with("reason", Message::quoted(said))
            }
            Unreadable::NotAnObject(what) => {
                Message::of("refusal.notAnObject").with("kind", what.to_message())
            }
            Unreadable::ContentType(announced) => {
                Message::of("refusal.contentType").with("kind", announced.as_str())
            }
            Unreadable::ContentEncoding(announced) => {
                Message::of("refusal.contentEncoding").with("kind", announced.as_str())
            }
        }
    }
}

impl ToMessage for JsonType {
    fn to_message(&self) -> Message {
        Message::of(match self {
            JsonType::List => "json.list",
            JsonType::Text => "json.text",
            JsonType::Boolean => "json.boolean",
            JsonType::Null => "json.null",
            JsonType::Number => "json.number",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_whatever_it_is_announced_as() {
        for body in ["{}", " {}", "\u{feff}{}"] {
            assert_eq!(Unreadable::announced("text/plain", body.as_bytes()), None);
        }
        let xml = Unreadable::announced("text/xml", b"<event/>");
        assert_eq!(xml, Some(Unreadable::content_type("text/xml")));
        let gzip = Unreadable::ContentEncoding("gzip".to_owned());
        assert_eq!(Unreadable::encoded(" GZIP"), Some(gzip));
        assert_eq!(Unreadable::encoded("identity"), None);
    }

    #[test]
    fn every_reason_is_read_from_what_is_stored_of_it() {
        let mut all: Vec<Unreadable> = JsonType::ALL.map(Unreadable::NotAnObject).into();
        all.extend([
            Unreadable::Empty,
            Unreadable::NotJson("EOF: line 1".to_owned()),
            Unreadable::content_type("text/xml"),
            Unreadable::ContentEncoding("gzip".to_owned()),
        ]);
        for reason in all {
            assert_eq!(Unreadable::from_text(&reason.as_text()), Some(reason));
        }
        assert_eq!(Unreadable::from_text("later:x"), None);
    }
}
