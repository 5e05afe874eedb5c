//! Messages as the window takes them: it words them by its own catalogue.

use std::collections::BTreeMap;

use esim_watch_core::message;
use serde::Serialize;

mirrored! {
    /// How a moment stands in a sentence; each has its texts in the catalogue.
    TimeForm of message::TimeForm {
        /// `today at 18:00`, `on 3 Dec at 18:00`.
        When,
        /// Behind the word "since": `3 Dec at 18:00`.
        Since,
        /// The day alone: `on 3 Dec`.
        WhenDay,
    }
}

/// A key of the catalogue, and what stands in its places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Message {
    /// The key.
    pub key: String,
    /// By the names of the places.
    pub values: BTreeMap<String, MessageValue>,
}

/// What stands in a place of a message.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
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

/// JSON has no figure that is not equal to itself.
impl Eq for MessageValue {}

impl From<message::Message> for Message {
    fn from(message: message::Message) -> Message {
        let message::Message { key, values } = message;
        let values = values.into_iter();
        Message {
            key,
            values: values.map(|(name, value)| (name, value.into())).collect(),
        }
    }
}

impl From<Message> for message::Message {
    fn from(message: Message) -> message::Message {
        let Message { key, values } = message;
        let values = values.into_iter();
        message::Message {
            key,
            values: values.map(|(name, value)| (name, value.into())).collect(),
        }
    }
}

impl From<MessageValue> for message::MessageValue {
    fn from(value: MessageValue) -> message::MessageValue {
        use message::MessageValue as Core;
        match value {
            MessageValue::Text(text) => Core::Text(text),
            MessageValue::Count(count) => Core::Count(count),
            MessageValue::Percent(percent) => Core::Percent(percent),
            MessageValue::Megabytes(mb) => Core::Megabytes(mb),
            MessageValue::Money { amount, currency } => Core::Money { amount, currency },
            MessageValue::Time { at, form } => Core::Time {
                at,
                form: form.into(),
            },
            MessageValue::Message(message) => Core::Message(message.into()),
        }
    }
}

impl From<message::MessageValue> for MessageValue {
    fn from(value: message::MessageValue) -> MessageValue {
        use message::MessageValue as Core;
        match value {
            Core::Text(text) => MessageValue::Text(text),
            Core::Count(count) => MessageValue::Count(count),
            Core::Percent(percent) => MessageValue::Percent(percent),
            Core::Megabytes(mb) => MessageValue::Megabytes(mb),
            Core::Money { amount, currency } => MessageValue::Money { amount, currency },
            Core::Time { at, form } => MessageValue::Time {
                at,
                form: form.into(),
            },
            Core::Message(message) => MessageValue::Message(message.into()),
        }
    }
}
