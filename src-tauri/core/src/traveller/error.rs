//! What can be wrong with a traveller.

use super::MAX_TAGS;
use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// A field of a traveller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TravellerField {
    /// [`Traveller::name`].
    Name,
    /// [`Traveller::contact`].
    Contact,
    /// [`Traveller::trip_start`].
    TripStart,
    /// [`Traveller::trip_end`].
    TripEnd,
    /// [`Traveller::note`].
    Note,
    /// [`Traveller::tags`].
    Tags,
}

/// What is wrong with a traveller, for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TravellerError {
    /// A text is too long.
    TooLong {
        /// How long it may be, in characters.
        most: usize,
        /// The field it stands in.
        field: TravellerField,
    },
    /// A day that is none.
    NoDay(String, TravellerField),
    /// The trip ends before it starts.
    EndsBeforeStart,
    /// Too many tags.
    TooManyTags,
}

display_in_english!(TravellerError);

impl ToMessage for TravellerError {
    fn to_message(&self) -> Message {
        match self {
            TravellerError::TooLong { most, field } => Message::of(match field {
                TravellerField::Name => "error.traveller.tooLong.name",
                TravellerField::Contact => "error.traveller.tooLong.contact",
                TravellerField::Note => "error.traveller.tooLong.note",
                TravellerField::Tags => "error.traveller.tooLong.tag",
                TravellerField::TripStart | TravellerField::TripEnd => {
                    "error.traveller.tooLong.day"
                }
            })
            .with("most", most.to_string()),
            TravellerError::NoDay(text, _) => {
                Message::of("error.traveller.noDay").with("text", text.as_str())
            }
            TravellerError::EndsBeforeStart => Message::of("error.traveller.endsBeforeStart"),
            TravellerError::TooManyTags => {
                Message::of("error.traveller.tooManyTags").with("most", MAX_TAGS.to_string())
            }
        }
    }
}

impl TravellerError {
    /// The field that it stands at.
    #[must_use]
    pub fn field(&self) -> TravellerField {
        match self {
            TravellerError::TooLong { field, .. } | TravellerError::NoDay(_, field) => *field,
            TravellerError::EndsBeforeStart => TravellerField::TripEnd,
            TravellerError::TooManyTags => TravellerField::Tags,
        }
    }
}
