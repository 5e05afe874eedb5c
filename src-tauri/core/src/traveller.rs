//! What the desk itself knows of the person who travels with an eSIM. Pure; nothing of it comes from
//! a provider, and nothing of it goes there.

mod error;
mod tags;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

pub use error::{TravellerError, TravellerField};
pub(crate) use tags::read_tags;
pub use tags::written_tags;

/// Longest name and longest contact, in characters.
pub const MAX_LINE: usize = 200;

/// Longest note, in characters.
pub const MAX_NOTE: usize = 4000;

/// Most tags of one traveller, and the longest, in characters.
pub const MAX_TAGS: usize = 20;
/// Longest tag, in characters.
pub const MAX_TAG: usize = 40;

/// A traveller as the desk wrote it down. Empty texts: nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Traveller {
    /// Who travels.
    pub name: String,
    /// An address, a telephone number, or whatever reaches them.
    pub contact: String,
    /// First day of the trip, `YYYY-MM-DD`: a day of the traveller's calendar, no instant.
    pub trip_start: Option<String>,
    /// Last day of the trip, `YYYY-MM-DD`.
    pub trip_end: Option<String>,
    /// Anything else.
    pub note: String,
    /// Words to find groups of travellers by.
    pub tags: Vec<String>,
}

/// Whose a traveller is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Owner {
    /// The eSIM with this row.
    Esim(i64),
    /// All eSIMs of the order with this reference that have none of their own.
    Order(String),
}

/// A traveller as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravellerChange {
    /// Whose it is.
    pub owner: Owner,
    /// What is known from then on.
    pub traveller: Traveller,
    /// For how many lines of the list it stands: none, if it goes along with another one.
    pub lines: usize,
}

/// When an eSIM is there to be used, as far as that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EsimTime {
    /// From when on, UTC seconds.
    pub began: Option<i64>,
    /// Until when, UTC seconds.
    pub ended: Option<i64>,
}

/// How far a day of a calendar may lie from the same day in UTC, in days.
const ZONE_DAYS: i64 = 1;

impl Traveller {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Traveller::default()
    }

    /// The last day that is known of the trip.
    #[must_use]
    pub fn last_day(&self) -> Option<&str> {
        self.trip_end.as_deref().or(self.trip_start.as_deref())
    }

    /// Whether the trip begins when an eSIM has ended.
    #[must_use]
    pub fn begins_after(&self, time: EsimTime) -> bool {
        let first = self.trip_start.as_deref();
        let ended = time.ended.and_then(|end| day_of(end, ZONE_DAYS));
        // Written with the year first, days compare as their texts do.
        first.zip(ended).is_some_and(|(first, end)| *first > *end)
    }

    /// Whether the trip is over when an eSIM begins.
    #[must_use]
    pub fn ends_before(&self, time: EsimTime) -> bool {
        let began = time.began.and_then(|began| day_of(began, -ZONE_DAYS));
        let last = self.last_day();
        last.zip(began).is_some_and(|(last, began)| *last < *began)
    }

    /// Whether an eSIM of this time may be the traveller's: of an order whose reference is used again some are not.
    #[must_use]
    pub fn fits(&self, time: EsimTime) -> bool {
        !self.begins_after(time) && !self.ends_before(time)
    }

    /// The same without blanks around texts, empty tags and repeated ones.
    ///
    /// # Errors
    /// [`TravellerError`], at the field where it is wrong.
    pub fn tidy(self) -> Result<Traveller, TravellerError> {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut tags: Vec<String> = Vec::new();
        for tag in self.tags.iter().map(|tag| one_line(tag)) {
            let known = tags
                .iter()
                .any(|one| one.to_lowercase() == tag.to_lowercase());
            if !tag.is_empty() && !known {
                tags.push(tag);
            }
        }
        let tidy = Traveller {
            name: one_line(&self.name),
            contact: one_line(&self.contact),
            trip_start: day(self.trip_start, TravellerField::TripStart)?,
            trip_end: day(self.trip_end, TravellerField::TripEnd)?,
            note: self.note.trim().to_owned(),
            tags,
        };
        fits(&tidy.name, MAX_LINE, TravellerField::Name)?;
        fits(&tidy.contact, MAX_LINE, TravellerField::Contact)?;
        fits(&tidy.note, MAX_NOTE, TravellerField::Note)?;
        for tag in &tidy.tags {
            fits(tag, MAX_TAG, TravellerField::Tags)?;
        }
        if tidy.tags.len() > MAX_TAGS {
            return Err(TravellerError::TooManyTags);
        }
        match (&tidy.trip_start, &tidy.trip_end) {
            // Written with the year first, days compare as their texts do.
            (Some(start), Some(end)) if end < start => Err(TravellerError::EndsBeforeStart),
            _ => Ok(tidy),
        }
    }

    /// The days of the trip in one line; empty: none is noted.
    fn trip(&self) -> String {
        let days = [&self.trip_start, &self.trip_end].into_iter().flatten();
        days.map(String::as_str).collect::<Vec<_>>().join(" – ")
    }

    /// The first and the last day, if the other may be on the same trip.
    fn trip_with(&self, other: &Traveller) -> Option<(Option<String>, Option<String>)> {
        let day = |mine: &Option<String>, theirs: &Option<String>| {
            let differ = mine.is_some() && theirs.is_some() && mine != theirs;
            (!differ).then(|| mine.clone().or_else(|| theirs.clone()))
        };
        let start = day(&self.trip_start, &other.trip_start)?;
        let end = day(&self.trip_end, &other.trip_end)?;
        let backwards = start.as_ref().zip(end.as_ref());
        let backwards = backwards.is_some_and(|(start, end)| end < start);
        (!backwards).then_some((start, end))
    }

    /// Two people wrote about one eSIM that turned out to be the same: `self` stands, nothing of the
    /// other is lost.
    #[must_use]
    pub fn and(self, other: &Traveller) -> Traveller {
        let or = |mine: String, theirs: &String| {
            if mine.is_empty() {
                theirs.clone()
            } else {
                mine
            }
        };
        let mut notes: Vec<String> = vec![self.note.clone()];
        let mut beside = |mine: &str, theirs: &str| {
            if !theirs.is_empty() && !mine.is_empty() && mine != theirs {
                notes.push(theirs.to_owned());
            }
        };
        beside(&self.name, &other.name);
        beside(&self.contact, &other.contact);
        if !other.note.is_empty() && other.note != self.note {
            notes.push(other.note.clone());
        }
        let trip = self.trip_with(other);
        if trip.is_none() {
            notes.push(other.trip());
        }
        notes.retain(|note| !note.is_empty());
        let mut tags = self.tags.clone();
        tags.extend(
            other
                .tags
                .iter()
                .filter(|tag| !self.tags.contains(tag))
                .cloned(),
        );
        let (trip_start, trip_end) = trip.unwrap_or((self.trip_start, self.trip_end));
        Traveller {
            note: notes.join("\n"),
            name: or(self.name, &other.name),
            contact: or(self.contact, &other.contact),
            trip_start,
            trip_end,
            tags,
        }
    }
}

/// The day of an instant, so many days later.
fn day_of(second: i64, later: i64) -> Option<String> {
    let time = Timestamp::from_second(second).ok()?;
    let day = time.to_zoned_datetime(TimeZone::UTC).date();
    Some(day.checked_add(later.days()).ok()?.to_string())
}

fn fits(text: &str, most: usize, field: TravellerField) -> Result<(), TravellerError> {
    if text.chars().count() > most {
        return Err(TravellerError::TooLong { most, field });
    }
    Ok(())
}

fn day(text: Option<String>, field: TravellerField) -> Result<Option<String>, TravellerError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    match text.trim().parse::<Date>() {
        Ok(date) => Ok(Some(date.to_string())),
        Err(_) => Err(TravellerError::NoDay(text, field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Traveller {
        Traveller {
            name: name.to_owned(),
            ..Traveller::default()
        }
    }

    #[test]
    fn blanks_empty_tags_and_repeated_ones_go() {
        let tidy = Traveller {
            tags: vec!["VIP".into(), " ".into(), "vip".into(), "group  7".into()],
            trip_start: Some(" 2026-12-01 ".into()),
            trip_end: Some(String::new()),
            ..named("  Maria \n Rossi ")
        }
        .tidy()
        .unwrap();
        assert_eq!(tidy.name, "Maria Rossi");
        assert_eq!(tidy.tags, ["VIP", "group 7"]);
        assert_eq!(tidy.trip_start.as_deref(), Some("2026-12-01"));
        assert_eq!(tidy.trip_end, None);
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        let wrong = |traveller: Traveller| {
            let error = traveller.tidy().unwrap_err();
            (error.field(), error.to_string())
        };
        assert_eq!(
            wrong(named(&"x".repeat(201))),
            (
                TravellerField::Name,
                "The name is longer than 200 characters. Shorten it.".to_owned()
            )
        );
        let trip = |start: &str, end: &str| Traveller {
            trip_start: Some(start.to_owned()),
            trip_end: Some(end.to_owned()),
            ..named("A")
        };
        assert_eq!(
            wrong(trip("2026-12-02", "2026-12-01")).0,
            TravellerField::TripEnd
        );
        assert_eq!(
            wrong(trip("tomorrow", "2026-12-01")),
            (
                TravellerField::TripStart,
                "\"tomorrow\" is not a day. Write it as 2026-12-31.".to_owned()
            )
        );
    }

    #[test]
    fn of_two_that_become_one_nothing_is_lost() {
        let survivor = Traveller {
            note: "Window seat".into(),
            tags: vec!["VIP".into()],
            ..named("Maria Rossi")
        };
        let other = Traveller {
            contact: "+39 06 1".into(),
            trip_start: Some("2026-12-01".into()),
            note: "Vegetarian".into(),
            tags: vec!["VIP".into(), "group 7".into()],
            ..named("M. Rossi")
        };
        let both = survivor.and(&other);
        assert_eq!(both.name, "Maria Rossi");
        assert_eq!(both.contact, "+39 06 1");
        assert_eq!(both.note, "Window seat\nM. Rossi\nVegetarian");
        assert_eq!(both.tags, ["VIP", "group 7"]);
        assert_eq!(both.trip_start.as_deref(), Some("2026-12-01"));
    }

    /// Where it is wrong; `None`: it is not.
    fn wrong_at(traveller: Traveller) -> Option<TravellerField> {
        traveller.tidy().err().map(|error| error.field())
    }

    #[test]
    fn a_name_may_be_as_long_as_it_says_in_letters_of_any_alphabet() {
        assert_eq!(wrong_at(named(&"Ω".repeat(MAX_LINE))), None);
        assert_eq!(
            wrong_at(named(&"Ω".repeat(MAX_LINE + 1))),
            Some(TravellerField::Name)
        );
    }

    #[test]
    fn a_contact_that_is_too_long_is_told_at_its_field() {
        let traveller = Traveller {
            contact: "1".repeat(MAX_LINE + 1),
            ..named("A")
        };
        assert_eq!(wrong_at(traveller), Some(TravellerField::Contact));
    }

    #[test]
    fn a_note_that_is_too_long_is_told_at_its_field() {
        let traveller = Traveller {
            note: "x".repeat(MAX_NOTE + 1),
            ..named("A")
        };
        assert_eq!(wrong_at(traveller), Some(TravellerField::Note));
    }

    #[test]
    fn a_tag_that_is_too_long_is_told_at_its_field() {
        let traveller = Traveller {
            tags: vec!["x".repeat(MAX_TAG + 1)],
            ..named("A")
        };
        assert_eq!(wrong_at(traveller), Some(TravellerField::Tags));
    }

    #[test]
    fn as_many_tags_as_it_says_are_taken_and_no_more() {
        let tagged = |count: usize| Traveller {
            tags: (0..count).map(|n| format!("tag {n}")).collect(),
            ..named("A")
        };
        assert_eq!(wrong_at(tagged(MAX_TAGS)), None);
        assert_eq!(wrong_at(tagged(MAX_TAGS + 1)), Some(TravellerField::Tags));
    }

    #[test]
    fn a_trip_may_last_one_day() {
        let traveller = Traveller {
            trip_start: Some("2026-12-01".into()),
            trip_end: Some("2026-12-01".into()),
            ..named("A")
        };
        assert_eq!(wrong_at(traveller), None);
    }

    #[test]
    fn a_traveller_of_blanks_is_none() {
        let blank = Traveller {
            note: " \n ".into(),
            tags: vec![" ".into()],
            ..named("  ")
        };
        assert!(!blank.is_empty());
        assert!(blank.tidy().unwrap().is_empty());
    }

    #[test]
    fn a_note_keeps_its_lines() {
        let noted = Traveller {
            note: "\nVegan\n\nWindow seat\n".into(),
            ..named("A")
        };
        assert_eq!(noted.tidy().unwrap().note, "Vegan\n\nWindow seat");
    }

    #[test]
    fn days_of_two_trips_are_not_made_one_trip_and_not_lost() {
        let on = |start: Option<&str>, end: Option<&str>| Traveller {
            trip_start: start.map(str::to_owned),
            trip_end: end.map(str::to_owned),
            ..named("Maria Rossi")
        };
        let both = |one: Traveller, other: Traveller| {
            let both = one.and(&other);
            (both.trip_start, both.trip_end, both.note)
        };
        let (first, fifth) = (Some("2025-12-01"), Some("2025-12-05"));
        let tenth = Some("2025-12-10");
        let days = |start: Option<&str>, end: Option<&str>, note: &str| {
            (
                start.map(str::to_owned),
                end.map(str::to_owned),
                note.to_owned(),
            )
        };
        let filled = both(on(first, None), on(first, fifth));
        assert_eq!(filled, days(first, fifth, ""));
        let other = both(on(tenth, None), on(first, fifth));
        assert_eq!(other, days(tenth, None, "2025-12-01 – 2025-12-05"));
        let backwards = both(on(tenth, None), on(None, fifth));
        assert_eq!(backwards, days(tenth, None, "2025-12-05"));
    }

    #[test]
    fn nobody_adds_nothing_to_a_traveller() {
        let known = Traveller {
            note: "Vegan".into(),
            ..named("Maria Rossi")
        };
        assert_eq!(known.clone().and(&Traveller::default()), known);
        assert_eq!(Traveller::default().and(&known), known);
    }

    #[test]
    fn what_both_say_alike_is_not_said_twice() {
        let known = Traveller {
            contact: "+39 06 1".into(),
            note: "Vegan".into(),
            ..named("Maria Rossi")
        };
        assert_eq!(known.clone().and(&known), known);
    }
}
