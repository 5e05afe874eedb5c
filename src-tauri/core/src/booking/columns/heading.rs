//! What a heading says, by its most specific word: "Booking reference" is one, "Booking date" is none.

use super::leading;
use super::outer_days::{OuterDay, outer_day};
use super::said::{MAX_HEADING, Said, said, spelled_out, without_endings, words};
use super::words::Word;
use crate::booking::column::Column;
use crate::booking::plain::plain as plain_text;

/// What a heading says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// What stands below it.
    pub column: Column,
    /// Of several columns that say the same the one with the highest counts.
    pub rank: u8,
    /// Which way a day leads.
    pub way: Way,
}

/// Which way a day leads: whether it is the first or the last of a trip depends on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Plain,
    Departure,
    Arrival,
}

/// The rank of a heading that is as good as none: what stands below has to say so.
pub(super) const DOUBTFUL: u8 = 1;

/// The rank of a name of nobody knows what, which is no traveller's beside a column of people: `Activity name`; and of
/// what reaches something else than people: `Hotel phone`.
pub(super) const UNSURE: u8 = 0;

/// The ranks of headings that name a traveller, with the word for a name or without.
const TRAVELLERS_NAME: u8 = 6;
const CUSTOMERS_NAME: u8 = 5;
const TRAVELLER: u8 = 4;
/// That of a name that nothing else is said of.
pub(super) const NAME: u8 = 3;
const CUSTOMER: u8 = 2;

/// What a heading says; `Err(true)`: nothing that is taken over, but it is a heading; `Err(false)`: nothing known.
pub(super) fn meaning(heading: &str) -> Result<Meaning, bool> {
    if heading.chars().count() > MAX_HEADING {
        return Err(false);
    }
    let plain = spelled_out(&plain_text(&without_endings(heading)));
    let whole = match plain.as_str() {
        "out" | "out date" | "date out" => return Ok(leads(Way::Departure)),
        "in" | "in date" | "date in" => return Ok(leads(Way::Arrival)),
        "du" | "de" | "da" => Some(Column::TripStart),
        "to" | "au" | "al" | "a" | "ate" => Some(Column::TripEnd),
        "first" => Some(Column::FirstName),
        "last" => Some(Column::LastName),
        whole if LONE.contains(&whole) => return Err(true),
        whole if leading::is_for_somebody(whole) => Some(Column::Name),
        _ => None,
    };
    if let Some(column) = whole {
        return Ok(of(column, 1));
    }
    if let Some(day) = outer_day(&plain) {
        return Ok(match day {
            OuterDay::First => of(Column::TripStart, 4),
            OuterDay::Last => of(Column::TripEnd, 4),
            OuterDay::Out => leads(Way::Departure),
            OuterDay::In => leads(Way::Arrival),
        });
    }
    let mut said = words(&plain);
    if said.any(&[Word::FlightDate]) {
        let way = said.any(&[
            Word::Start,
            Word::End,
            Word::Departure,
            Word::Arrival,
            Word::Return,
        ]);
        said.words
            .push(if way { Word::Date } else { Word::Departure });
    }
    if said.any(&[Word::Sim, Word::Iccid]) && names_last_digits(&plain) {
        said.words.push(Word::Digits);
    }
    // What stands in brackets only says more of it.
    if let Some((front, _)) = heading.split_once('(') {
        let front = words(&spelled_out(&plain_text(front)));
        said.person_leads |= front.names_people() && !front.any(&leading::OTHERS);
    }
    match said.words.is_empty() {
        true => Err(false),
        false => decide(&said, is_joined(heading)),
    }
}

/// Headings that are as good as none, and may name whoever travels.
const LONE: [&str; 4] = ["holder", "inhaber", "hote", "hotes"];

/// Whether people may stand below a heading although it is never that of travellers where there is another one.
pub(super) fn may_name_people(heading: &str) -> bool {
    LONE.contains(&plain_text(&without_endings(heading)).as_str())
        || said(heading).names_companions()
}

/// What is at the end, in the languages of the window.
const LAST: [&str; 13] = [
    "last",
    "final",
    "letzte",
    "letzten",
    "ultimo",
    "ultimos",
    "ultimas",
    "dernier",
    "derniers",
    "dernieres",
    "ultime",
    "ultimi",
    "end",
];

/// How many digits at the end of a number people go by.
const ENDS: std::ops::RangeInclusive<u8> = 3..=10;

/// Whether a heading says that so many digits stand below it as the end of a number: `ICCID (last 4)`.
fn names_last_digits(plain: &str) -> bool {
    let mut words = plain.split(' ');
    let counts = |word: &str| word.parse().is_ok_and(|count| ENDS.contains(&count));
    words.clone().any(|word| LAST.contains(&word)) && words.any(counts)
}

/// Whether a heading names people, and not only a name.
pub(in crate::booking) fn names_people(heading: &str) -> bool {
    said(heading).names_people()
}

/// Whose name may stand below a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::booking) enum MayName {
    /// A person's.
    Person,
    /// That of somebody who travels with another one.
    Companion,
    /// Nobody knows what's.
    Unsure,
    /// Nothing is known of the heading.
    Unknown,
    /// It is about something else.
    Nobody,
}

impl MayName {
    /// What a heading says of that.
    pub fn of(heading: &str) -> MayName {
        let names = [Column::Name, Column::FirstName, Column::LastName];
        match meaning(heading) {
            Err(_) if LONE.contains(&plain_text(heading).as_str()) => MayName::Unsure,
            Ok(said) if names.contains(&said.column) && said.rank == UNSURE => MayName::Unsure,
            Ok(said) if said.column == Column::Name && names_people(heading) => MayName::Person,
            // Who booked may stand there instead of what was booked.
            Ok(known) if known.column == Column::Reference && said(heading).names_booking() => {
                MayName::Unknown
            }
            Ok(_) => MayName::Nobody,
            Err(_) if said(heading).names_companions() => MayName::Companion,
            Err(true) if said(heading).names_others() => MayName::Unknown,
            Err(true) if !said(heading).names_somebody() => MayName::Nobody,
            Err(true) => MayName::Unknown,
            Err(false) => MayName::Unknown,
        }
    }
}

/// Whether a heading names what stands between a first and a last name.
pub(super) fn names_middle(heading: &str) -> bool {
    said(heading).names_middle()
}

/// Whether a heading says no more than that somebody is reached there: by whatever, or by asking whom.
pub(super) fn names_contact_alone(heading: &str) -> bool {
    let said = said(heading);
    said.any(&[Word::Contact]) && !said.any(&[Word::Mail, Word::Phone]) && !said.with_unknown
}

/// Whether a heading names a trip, and nothing that is counted or noted of it.
pub(super) fn names_trip(heading: &str) -> bool {
    let said = said(heading);
    !said.words.is_empty() && said.words.iter().all(|word| *word == Word::Trip)
}

/// Whether a heading says nothing but that days stand below it.
pub(in crate::booking) fn names_days(heading: &str) -> bool {
    let said = said(heading);
    let days = said.words.iter().all(|word| *word == Word::Date);
    days && !said.words.is_empty() && !said.with_unknown
}

/// Whether days below a heading may be of trips for all that it says.
pub(in crate::booking) fn may_be_days(heading: &str) -> bool {
    names_days(heading) || (!heading.is_empty() && meaning(heading) == Err(false))
}

/// What stands between a first and a last name that share a column.
const ANDS: [&str; 9] = [",", "&", "+", " y ", " e ", " et ", " und ", " and ", ";"];

fn is_joined(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ANDS.iter().any(|and| heading.contains(and))
}

/// A day that is the first or the last of a trip: the other one tells.
fn leads(way: Way) -> Meaning {
    let column = Column::TripStart;
    Meaning {
        column,
        rank: 2,
        way,
    }
}

fn of(column: Column, rank: u8) -> Meaning {
    let way = Way::Plain;
    Meaning { column, rank, way }
}

/// `joined`: whether the heading names two things side by side.
fn decide(said: &Said, joined: bool) -> Result<Meaning, bool> {
    use Word::{
        Address, Arrival, Billing, Booked, Booker, Booking, Contact, Customer, Date, Departure,
        Digits, Document, End, First, Foreign, Iccid, Id, Last, Mail, Name, Note, Number, Phone,
        Reference, Return, Shipping, Sim, Somebody, Staff, Start, Tag, Thing, Traveller, Trip,
        User,
    };
    let words = said.words.as_slice();
    let has = |word: Word| words.contains(&word);
    let any = |some: &[Word]| some.iter().any(|word| has(*word));
    let known = |column, rank| Ok(of(column, rank));
    const OTHER: Result<Meaning, bool> = Err(true);
    let way = any(&[Start, End, Departure, Arrival, Return]);
    let person = any(&[Traveller, Customer, Somebody]);
    let thing = any(&[Thing, Staff, User]) && !said.person_leads;
    if has(Foreign) && !any(&[Note]) {
        return OTHER;
    }
    // A name as it stands in the document, and nothing else of that.
    let as_in_document = any(&[Name, First, Last]) && !any(&[Number, Date]) && !way;
    if has(Document) && !any(&[Note]) && !as_in_document {
        return OTHER;
    }
    // Who did it, and when, is not for whom.
    if (said.names_doer && !has(Note)) || (has(Booked) && !person && !any(&[Name, Note])) {
        return OTHER;
    }
    if has(Digits) {
        return known(Column::Iccid, 4);
    }
    if has(Iccid) {
        return known(Column::Iccid, 3);
    }
    if has(Sim) {
        return match () {
            // Whose number it is, is said first.
            () if has(Booking) && any(&[Number, Reference, Id]) => known(Column::Reference, 5),
            () if has(Id) => known(Column::EsimId, 2),
            () if has(Reference) => known(Column::Reference, 3),
            () if has(Number) => known(Column::Iccid, 2),
            () if way || has(Date) => OTHER,
            // Who has it.
            () if person && (!any(&[Thing, Staff]) || said.person_leads) => {
                known(Column::Name, CUSTOMER)
            }
            () if has(User) && !any(&[Thing, Staff]) => known(Column::Name, CUSTOMER),
            () if any(&[Name, Thing, Staff, User]) => OTHER,
            () if has(Booking) => known(Column::Reference, 4),
            () => known(Column::Iccid, DOUBTFUL),
        };
    }
    if any(&[Mail, Phone]) && !has(Document) {
        return match () {
            () if said.person_leads => known(Column::Contact, 2),
            () if has(Staff) => OTHER,
            () if has(Thing) => known(Column::Contact, UNSURE),
            () => known(Column::Contact, 2),
        };
    }
    if has(Address) {
        return OTHER;
    }
    if has(Note) {
        return known(Column::Note, 2);
    }
    // The number of the flight, or of the booking of it.
    if way && any(&[Number, Id]) && !any(&[Date, Trip, Booking]) {
        return OTHER;
    }
    if way || (has(Date) && !any(&[Name, Reference, Number])) {
        return day(words);
    }
    if has(Tag) && !said.person_leads {
        return known(Column::Tags, 2);
    }
    // Who travels along is never the only one.
    if !joined && said.names_companions() {
        return OTHER;
    }
    let whose = match () {
        // Of somebody who is beside something else a better one may be there.
        () if any(&[Thing, Staff, User, Booked]) && has(Traveller) => NAME,
        () if any(&[Thing, Staff, User, Booked, Booker]) => DOUBTFUL,
        () if has(Traveller) => TRAVELLERS_NAME,
        () if has(Customer) => CUSTOMERS_NAME,
        () if has(Billing) => CUSTOMER,
        () if any(&[Shipping, Somebody]) => DOUBTFUL,
        () if said.with_unknown || any(&[Trip, Contact]) => UNSURE,
        () => NAME,
    };
    // Both parts of a name stand below one heading.
    let both = has(First) && has(Last);
    if both || (joined && has(Name) && any(&[First, Last])) {
        return known(Column::Name, whose);
    }
    // The first name itself says it better.
    if said.names_middle() {
        return known(Column::FirstName, whose.saturating_sub(1));
    }
    let names = [
        (First, Column::FirstName),
        (Last, Column::LastName),
        (Name, Column::Name),
    ];
    for (word, column) in names {
        if has(word) {
            return match () {
                () if thing => OTHER,
                () if has(Booking) => known(column, DOUBTFUL),
                () => known(column, whose),
            };
        }
    }
    if has(Reference) || has(Booking) {
        return match () {
            () if thing && !any(&[Reference]) => OTHER,
            () if has(Booking) && any(&[Reference, Number]) => known(Column::Reference, 5),
            () if has(Booking) && has(Id) => known(Column::Reference, 4),
            () if has(Reference) => known(Column::Reference, if person { 2 } else { 4 }),
            () if person => known(Column::Name, DOUBTFUL),
            () => known(Column::Reference, 3),
        };
    }
    match () {
        () if has(Trip) && any(&[Number, Id]) => known(Column::Reference, 3),
        () if has(Contact) && has(Number) && !thing && !has(Id) => known(Column::Contact, 1),
        () if thing || any(&[Number, Id]) => OTHER,
        () if has(Contact) => known(Column::Contact, 1),
        // A customer may be a number or a name.
        () if person && any(&[Thing, Staff, User, Booked]) => known(Column::Name, whose),
        () if has(Traveller) => known(Column::Name, TRAVELLER),
        () if has(Customer) => known(Column::Name, CUSTOMER),
        () if has(Somebody) => known(Column::Name, DOUBTFUL),
        () if has(Trip) => known(Column::Reference, 2),
        () => OTHER,
    }
}

/// What a heading says that names a day.
pub(super) fn day(words: &[Word]) -> Result<Meaning, bool> {
    use Word::{Arrival, Booking, Date, Departure, End, Return, Start, Thing, Trip};
    let has = |word: Word| words.contains(&word);
    let last = has(End) || has(Return);
    let first = has(Start) || has(Departure) || has(Arrival);
    if !first && !last {
        // When somebody booked is no day of the trip.
        let trip = has(Trip) && !has(Booking);
        return if trip {
            Ok(of(Column::TripStart, 2))
        } else {
            Err(true)
        };
    }
    // From and to in one: the first day, and the last behind it.
    let column = if last && !first {
        Column::TripEnd
    } else {
        Column::TripStart
    };
    let rank = match () {
        () if has(Trip) => 4,
        () if has(Departure) || has(Arrival) || has(Return) => 3,
        () if has(Booking) || has(Date) => 2,
        () => 1,
    };
    let way = match () {
        () if last => Way::Plain,
        () if has(Arrival) => Way::Arrival,
        () if has(Departure) => Way::Departure,
        () => Way::Plain,
    };
    let rank = if has(Thing) { 1 } else { rank };
    Ok(Meaning { column, rank, way })
}
