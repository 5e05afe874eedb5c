//! A message in German, held against English.

use esim_watch_core::catalogue::{Catalogue, Language};
use esim_watch_core::message::{Message, MessageValue, ToMessage};
use serde::Serialize;

/// Words that English sentences hardly do without, and that are none in German.
pub(crate) const ENGLISH: &[&str] = &[
    "the", "and", "not", "can't", "could", "this", "that", "with", "has", "there", "which",
    "because", "must", "your", "from", "again", "is", "be", "it", "of", "to", "a", "or", "no",
    "nothing", "used", "choose", "check", "set", "event", "file",
];

/// The same message without what is nobody's language: paths, ports, other programs' words.
pub(crate) fn without_values(message: &Message) -> Message {
    let values = message.values.iter().map(|(name, value)| {
        let value = match value {
            MessageValue::Text(_) => MessageValue::Text("7".to_owned()),
            MessageValue::Message(inner) => MessageValue::Message(without_values(inner)),
            other => other.clone(),
        };
        (name.clone(), value)
    });
    Message {
        key: message.key.clone(),
        values: values.collect(),
    }
}

/// Fails if the message has English in it. Gives what a German reads.
#[track_caller]
pub(crate) fn german(message: &Message) -> String {
    let bare = without_values(message);
    let text = Catalogue::of(Language::De).text(&bare);
    assert_ne!(text, bare.english(), "{message:?}");
    assert!(!text.contains(['{', '}']), "{text}");
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let word = word.to_lowercase();
        assert!(!ENGLISH.contains(&word.as_str()), "“{word}” in: {text}");
    }
    Catalogue::of(Language::De).text(message)
}

/// The German of an error, which has to say this.
#[track_caller]
pub(crate) fn says(error: &impl ToMessage, part: &str) {
    let text = german(&error.to_message());
    assert!(text.contains(part), "{text}");
}

/// The German of what crosses to the window, which has to say this.
#[track_caller]
pub(crate) fn crosses(view: &impl Serialize, part: &str) {
    let crossed = serde_json::to_value(view).unwrap();
    let message: Message = serde_json::from_value(crossed).unwrap();
    let text = german(&message);
    assert!(text.contains(part), "{text}");
}
