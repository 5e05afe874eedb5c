//! What is to be said, before it is words: a key of the catalogue, and what stands in its places.
//!
//! An error, a reason and an alert's text are messages. They cross to the window and into the store as they are;
//! whoever shows one words it in the reader's language ([`crate::catalogue`], and the window by the same catalogue).
//! Logs and command lines have the English. Must not know any language.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A key of the catalogue, and what stands in its places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The key.
    pub key: String,
    /// By the names of the places.
    #[serde(default)]
    pub values: BTreeMap<String, MessageValue>,
}

/// What stands in a place of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "camelCase")]
pub enum MessageValue {
    /// Text as it is: a name, a path, a port.
    Text(String),
    /// A whole number, which decides the plural form.
    Count(i64),
    /// Percent.
    Percent(f64),
    /// Data, in MB.
    Megabytes(f64),
    /// Money.
    Money {
        /// In units of `currency`.
        amount: f64,
        /// ISO 4217.
        currency: Option<String>,
    },
    /// A moment, by the clock on the reader's wall.
    Time {
        /// UTC seconds.
        at: i64,
        /// How it stands in the sentence.
        form: TimeForm,
    },
    /// A message within the message.
    Message(Message),
}

/// JSON has no figure that is not equal to itself, and nobody makes one here.
impl Eq for MessageValue {}

/// How a moment stands in a sentence; each has its texts in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimeForm {
    /// `today at 18:00`, `on 3 Dec at 18:00`.
    When,
    /// Behind the word "since": `3 Dec at 18:00`.
    Since,
    /// The day alone: `on 3 Dec`.
    WhenDay,
}

impl Message {
    /// The message of a key, with nothing in its places yet.
    #[must_use]
    pub fn of(key: impl Into<String>) -> Message {
        Message {
            key: key.into(),
            values: BTreeMap::new(),
        }
    }

    /// The same with something in the place of this name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<MessageValue>) -> Message {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Somebody else's words, which have no translation: the operating system's, SQLite's. In quotation marks.
    #[must_use]
    pub fn quoted(text: impl fmt::Display) -> Message {
        Message::of("reason.quoted").with("text", text.to_string())
    }
}

impl From<&str> for MessageValue {
    fn from(text: &str) -> MessageValue {
        MessageValue::Text(text.to_owned())
    }
}

impl From<String> for MessageValue {
    fn from(text: String) -> MessageValue {
        MessageValue::Text(text)
    }
}

impl From<&Path> for MessageValue {
    fn from(path: &Path) -> MessageValue {
        MessageValue::Text(path.display().to_string())
    }
}

impl From<i64> for MessageValue {
    fn from(count: i64) -> MessageValue {
        MessageValue::Count(count)
    }
}

impl From<u32> for MessageValue {
    fn from(count: u32) -> MessageValue {
        MessageValue::Count(count.into())
    }
}

impl From<usize> for MessageValue {
    fn from(count: usize) -> MessageValue {
        MessageValue::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<Message> for MessageValue {
    fn from(message: Message) -> MessageValue {
        MessageValue::Message(message)
    }
}

/// Has a message for the user.
pub trait ToMessage {
    /// What happened and what to do.
    fn to_message(&self) -> Message;
}

/// Gives types with a message the English of it as their `Display`, for logs and command lines.
#[macro_export]
macro_rules! display_in_english {
    ($($named:ty),+ $(,)?) => {$(
        impl ::std::fmt::Display for $named {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::message::ToMessage::to_message(self).english())
            }
        }
    )+};
}

/// Turns errors into the variants of another that only hand them on.
#[macro_export]
macro_rules! hand_on {
    ($to:ident: $($variant:ident($from:ty)),+ $(,)?) => {$(
        impl From<$from> for $to {
            fn from(error: $from) -> $to {
                $to::$variant(error)
            }
        }
    )+};
}

#[cfg(test)]
mod tests;
