//! What a list changes of what is known of a traveller.

use super::person::better_name;
use crate::traveller::Traveller;

/// What the list says counts; what it says nothing of stays, and no note is lost.
pub(super) fn over(known: Option<&Traveller>, listed: &Traveller) -> Traveller {
    let Some(known) = known else {
        return listed.clone();
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
    Traveller {
        name: or(&better_name(&known.name, &listed.name), &known.name),
        contact: or(&listed.contact, &known.contact),
        trip_start: listed
            .trip_start
            .clone()
            .or_else(|| known.trip_start.clone()),
        trip_end: listed.trip_end.clone().or_else(|| known.trip_end.clone()),
        note,
        tags,
    }
}
