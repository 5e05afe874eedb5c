//! What a list changes of what is known of a traveller.

use super::person::better_name;
use crate::traveller::Traveller;

/// What the list says counts; what it says nothing of stays, and no note is lost.
pub(super) fn over(known: Option<&Traveller>, listed: &Traveller) -> Traveller {
    let Some(known) = known else {
        return with_trip(listed.clone(), listed);
    };
    let or = |new: &String, old: &String| if new.is_empty() { old } else { new }.clone();
    let note = match (known.note.is_empty(), listed.note.is_empty()) {
        (false, false) if !known.note.contains(&listed.note) => {
            format!("{}\n{}", known.note, listed.note)
        }
        (true, _) => listed.note.clone(),
        _ => known.note.clone(),
    };
    let mut tags = known.tags.clone();
    for tag in &listed.tags {
        if !tags
            .iter()
            .any(|one| one.to_lowercase() == tag.to_lowercase())
        {
            tags.push(tag.clone());
        }
    }
    let all = Traveller {
        name: or(&better_name(&known.name, &listed.name), &known.name),
        contact: or(&listed.contact, &known.contact),
        trip_start: listed
            .trip_start
            .clone()
            .or_else(|| known.trip_start.clone()),
        trip_end: listed.trip_end.clone().or_else(|| known.trip_end.clone()),
        note,
        tags,
    };
    with_trip(all, listed)
}

/// A trip that would end before it starts: a day that was known before gives way to the listed one; of two that are
/// listed the last is left out.
fn with_trip(mut all: Traveller, listed: &Traveller) -> Traveller {
    // Written with the year first, days compare as their texts do.
    let days = all.trip_start.as_ref().zip(all.trip_end.as_ref());
    if days.is_some_and(|(start, end)| end < start) {
        match (&listed.trip_start, &listed.trip_end) {
            (None, Some(_)) => all.trip_start = None,
            _ => all.trip_end = None,
        }
    }
    all
}

/// Whether a day of the trip that was known gave way to another one.
pub(super) fn drops_day(known: &Traveller, after: &Traveller) -> bool {
    let dropped =
        |known: &Option<String>, after: &Option<String>| known.is_some() && after.is_none();
    dropped(&known.trip_start, &after.trip_start) || dropped(&known.trip_end, &after.trip_end)
}
