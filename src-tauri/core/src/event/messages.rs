//! What keeps an event from being understood, as a message.

use super::ParseError;
use crate::message::{Message, ToMessage};

impl ToMessage for ParseError {
    fn to_message(&self) -> Message {
        match self {
            ParseError::NotJson(said) if said == "it is empty" => Message::of("refusal.empty"),
            ParseError::NotJson(said) => {
                Message::of("refusal.notJson").with("reason", Message::quoted(said))
            }
            ParseError::NotAnObject(kind) => Message::of("refusal.notAnObject").with(
                "kind",
                Message::of(match *kind {
                    "a list" => "json.list",
                    "a text" => "json.text",
                    "true or false" => "json.boolean",
                    "null" => "json.null",
                    _ => "json.number",
                }),
            ),
            ParseError::ContentType(announced) => {
                Message::of("refusal.contentType").with("kind", announced.as_str())
            }
        }
    }
}

/// An event's problem, as it is stored.
#[must_use]
pub fn problem_message(stored: &str) -> Message {
    for (key, sentence) in [
        ("problem.noCategory", "It names no event category."),
        ("problem.noType", "It names no event type."),
        (
            "problem.noTime",
            "It does not say when it happened (no timestamp).",
        ),
        ("problem.unreadableTime", "Its timestamp can't be read."),
        (
            "problem.noEsim",
            "It names no eSIM (neither esim_id nor iccid).",
        ),
        ("problem.noStatus", "It names no status."),
        (
            "problem.noBalance",
            "Its balance is missing or not a number.",
        ),
    ] {
        if stored == sentence {
            return Message::of(key);
        }
    }
    for (key, start) in [
        ("problem.unknownCategory", "The category “"),
        ("problem.unknownType", "The type “"),
        ("problem.unknownStatus", "The status “"),
    ] {
        let name = stored
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix("” is new to this version."));
        if let Some(name) = name {
            return Message::of(key).with("name", name);
        }
    }
    Message::of("problem.noted").with("text", stored)
}
