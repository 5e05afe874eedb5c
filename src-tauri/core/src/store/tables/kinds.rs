//! Kinds of event in SQL. Written into the statements, so that SQLite may use the indexes that are of one kind only; and
//! written here only, from the words under which kinds are stored.

use crate::event::{EventKind, Topic};

/// The condition that a row of `events` is of this kind.
#[must_use]
pub fn is(kind: &EventKind) -> String {
    is_in("events", kind)
}

/// The condition that a row of `events` tells of a change of status.
#[must_use]
pub fn changes_status() -> String {
    let kinds = EventKind::KNOWN.iter().filter(|kind| kind.changes_status());
    let each: Vec<String> = kinds.map(is).collect();
    format!("({})", each.join(" OR "))
}

/// The condition that a row of `events`, which the statement calls `table`, is of this kind.
#[must_use]
pub fn is_in(table: &str, kind: &EventKind) -> String {
    let (category, kind) = kind.as_parts();
    format!(
        "{table}.category = {} AND {table}.type = {}",
        literal(category),
        literal(kind)
    )
}

/// The condition that a row of `events` is about this.
#[must_use]
pub fn about(topic: Topic) -> String {
    format!("events.category = {}", literal(topic.category()))
}

/// The condition that a row of `events` is about this and of a kind that is known, be its time or its figures readable
/// or not.
#[must_use]
pub fn known_about(topic: Topic) -> String {
    let kinds = EventKind::KNOWN.iter();
    let names: Vec<String> = kinds
        .filter(|kind| kind.topic() == Some(topic))
        .map(|kind| literal(kind.as_parts().1))
        .collect();
    format!("{} AND events.type IN ({})", about(topic), names.join(", "))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
