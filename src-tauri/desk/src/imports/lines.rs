//! The lines of a booking list, as they would be taken over.

use esim_watch_core::booking;
use serde::Serialize;

use crate::travellers::{Traveller, TravellerField};

mirrored! {
    /// What taking a line over would change.
    LineChange of booking::LineChange {
        /// Nothing was known.
        Added,
        /// Something else was known.
        Changed,
        /// All of it was known.
        Same,
    }
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LineProblem {
    /// No ICCID, no last digits, no reference.
    NothingToFindBy,
    /// Nothing about a traveller.
    NoTraveller,
    /// The spreadsheet kept the ICCID as a number and rounded it.
    Rounded,
    /// A day that is none.
    NoDay {
        /// As it stands there.
        text: String,
    },
    /// The trip ends before it starts.
    EndsBeforeStart,
    /// A text is too long.
    TooLong {
        /// Which.
        field: TravellerField,
    },
    /// Too many tags.
    TooManyTags,
    /// It adds up what stands above it.
    Total,
    /// It names the columns once more.
    Headings,
}

impl From<booking::LineProblem> for LineProblem {
    fn from(problem: booking::LineProblem) -> LineProblem {
        match problem {
            booking::LineProblem::NothingToFindBy => LineProblem::NothingToFindBy,
            booking::LineProblem::NoTraveller => LineProblem::NoTraveller,
            booking::LineProblem::Rounded => LineProblem::Rounded,
            booking::LineProblem::NoDay { text } => LineProblem::NoDay { text },
            booking::LineProblem::EndsBeforeStart => LineProblem::EndsBeforeStart,
            booking::LineProblem::TooLong { field } => LineProblem::TooLong {
                field: field.into(),
            },
            booking::LineProblem::TooManyTags => LineProblem::TooManyTags,
            booking::LineProblem::Total => LineProblem::Total,
            booking::LineProblem::Headings => LineProblem::Headings,
        }
    }
}

/// What of a line is not taken over, or may be meant otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LineDoubt {
    /// A text that is no day.
    NoDay {
        /// As it stands there.
        text: String,
    },
    /// A day too far from today to be believed.
    FarDay {
        /// As it stands there.
        text: String,
    },
    /// The trip ends before it starts: its end is left out.
    EndsBeforeStart,
    /// The day of the trip that was known before does not fit the listed one, as it would end before it starts: it is dropped.
    KnownDayDropped,
    /// Letters were lost before the list came here.
    LostLetters,
    /// What stands where the ICCID should is no number.
    NoNumber {
        /// As it stands there.
        text: String,
    },
    /// The number was rounded; the reference tells whose the line is.
    Rounded,
    /// A text for which there is no room beside another one.
    Unused {
        /// As it stands there.
        text: String,
    },
    /// The line has no reference: it is taken for one of the order above.
    OrderAbove {
        /// The line that names the order.
        line: usize,
    },
    /// The order that it names is known, and the eSIM whose number it has is none of that order's.
    OtherOrder {
        /// The reference of that order.
        reference: String,
    },
    /// No eSIM has this one of its numbers.
    NoEsim {
        /// The number.
        iccid: String,
    },
    /// As far as anybody knew the eSIM is somebody else's, whom the list does not name.
    SomebodyElses {
        /// Whose.
        name: String,
    },
    /// The line names nobody, and changes the days of a trip that is somebody's.
    ChangesTrip {
        /// Whose.
        name: String,
    },
    /// What stands where the traveller's name should is that of a company: it is taken for it.
    Company {
        /// As it stands there.
        text: String,
    },
    /// A day that is still to come, in a column that may be of trips and is not taken over.
    OpenDay {
        /// As it stands there.
        text: String,
        /// What its column is called.
        heading: String,
    },
    /// The reference is that of a known order but for zeros, or for digits that a spreadsheet left out: it is taken for it.
    TakenForOrder {
        /// As it stands there.
        text: String,
        /// The order's.
        reference: String,
    },
    /// The reference is nearly that of known orders, and none of them can be meant alone: it is taken for one that is not
    /// known yet.
    NearOrders {
        /// Theirs.
        references: Vec<String>,
    },
    /// A spreadsheet wrote the number of the order with fewer digits.
    Shortened {
        /// As it stands there.
        text: String,
    },
    /// The line names several orders: it is taken once for each.
    SeveralOrders {
        /// How many.
        count: usize,
    },
    /// Beside an order that is known the line names one that is not.
    NoOrder {
        /// As it stands there.
        text: String,
    },
    /// Of a name it is not sure that it is the traveller's.
    MaybeName {
        /// As it stands there.
        text: String,
        /// What its column is called.
        heading: String,
    },
    /// Nobody is named, and what looks like a name is not taken over.
    NoName {
        /// As it stands there.
        text: String,
    },
    /// A spreadsheet wrote a telephone number without its last digits: it is left out.
    RoundedNumber {
        /// As it stands there.
        text: String,
    },
    /// A formula of which the file does not have the value.
    NoValue,
    /// A formula that led to an error: nothing stands there.
    CellError {
        /// As it stands there.
        text: String,
    },
    /// The line says that the trip was called off.
    Cancelled {
        /// As it says so.
        text: String,
    },
    /// Something stands behind the last named column.
    Beyond {
        /// As it stands there.
        text: String,
    },
    /// An earlier line took this one of its eSIMs.
    Taken {
        /// Its number.
        iccid: String,
        /// That line.
        line: usize,
    },
    /// The line names several travellers: this is one of them, and has one of its eSIMs, in their order.
    OneOfSeveral {
        /// How many travellers.
        count: usize,
    },
    /// The line names several travellers, who are noted together: there are not as many eSIMs.
    SeveralTogether {
        /// How many travellers.
        count: usize,
    },
    /// The travellers of an order whose eSIMs are not known yet are noted together until then.
    WaitsTogether {
        /// How many travellers.
        count: usize,
    },
    /// The line may name several travellers, and is taken for one.
    MaybeSeveral {
        /// How many travellers.
        count: usize,
    },
    /// More seem to travel than the line names, and it is taken for one.
    Party {
        /// As it stands there.
        text: String,
    },
}

impl From<booking::LineDoubt> for LineDoubt {
    fn from(doubt: booking::LineDoubt) -> LineDoubt {
        match doubt {
            booking::LineDoubt::NoDay { text } => LineDoubt::NoDay { text },
            booking::LineDoubt::FarDay { text } => LineDoubt::FarDay { text },
            booking::LineDoubt::EndsBeforeStart => LineDoubt::EndsBeforeStart,
            booking::LineDoubt::KnownDayDropped => LineDoubt::KnownDayDropped,
            booking::LineDoubt::LostLetters => LineDoubt::LostLetters,
            booking::LineDoubt::NoNumber { text } => LineDoubt::NoNumber { text },
            booking::LineDoubt::Rounded => LineDoubt::Rounded,
            booking::LineDoubt::Unused { text } => LineDoubt::Unused { text },
            booking::LineDoubt::OrderAbove { line } => LineDoubt::OrderAbove { line },
            booking::LineDoubt::NoEsim { iccid } => LineDoubt::NoEsim { iccid },
            booking::LineDoubt::OtherOrder { reference } => LineDoubt::OtherOrder { reference },
            booking::LineDoubt::SomebodyElses { name } => LineDoubt::SomebodyElses { name },
            booking::LineDoubt::ChangesTrip { name } => LineDoubt::ChangesTrip { name },
            booking::LineDoubt::Company { text } => LineDoubt::Company { text },
            booking::LineDoubt::OpenDay { text, heading } => LineDoubt::OpenDay { text, heading },
            booking::LineDoubt::TakenForOrder { text, reference } => {
                LineDoubt::TakenForOrder { text, reference }
            }
            booking::LineDoubt::NearOrders { references } => LineDoubt::NearOrders { references },
            booking::LineDoubt::Shortened { text } => LineDoubt::Shortened { text },
            booking::LineDoubt::SeveralOrders { count } => LineDoubt::SeveralOrders { count },
            booking::LineDoubt::NoOrder { text } => LineDoubt::NoOrder { text },
            booking::LineDoubt::MaybeName { text, heading } => {
                LineDoubt::MaybeName { text, heading }
            }
            booking::LineDoubt::NoName { text } => LineDoubt::NoName { text },
            booking::LineDoubt::RoundedNumber { text } => LineDoubt::RoundedNumber { text },
            booking::LineDoubt::NoValue => LineDoubt::NoValue,
            booking::LineDoubt::CellError { text } => LineDoubt::CellError { text },
            booking::LineDoubt::Cancelled { text } => LineDoubt::Cancelled { text },
            booking::LineDoubt::Beyond { text } => LineDoubt::Beyond { text },
            booking::LineDoubt::Taken { iccid, line } => LineDoubt::Taken { iccid, line },
            booking::LineDoubt::OneOfSeveral { count } => LineDoubt::OneOfSeveral { count },
            booking::LineDoubt::SeveralTogether { count } => LineDoubt::SeveralTogether { count },
            booking::LineDoubt::WaitsTogether { count } => LineDoubt::WaitsTogether { count },
            booking::LineDoubt::MaybeSeveral { count } => LineDoubt::MaybeSeveral { count },
            booking::LineDoubt::Party { text } => LineDoubt::Party { text },
        }
    }
}

/// Whose a line is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum LineOwner {
    /// One eSIM.
    Esim {
        /// Opens it.
        key: String,
        /// Its ICCID.
        iccid: Option<String>,
        /// Whether only its last digits stand in the list.
        by_last_digits: bool,
    },
    /// Several eSIMs that the line names.
    Esims {
        /// How many.
        count: usize,
    },
    /// An order.
    Order {
        /// How many eSIMs it has; 0: none has been told of yet, the traveller waits for it.
        esims: i64,
    },
    /// No eSIM has this number.
    Unknown,
    /// More than one eSIM ends in these digits.
    Several {
        /// How many.
        count: i64,
    },
    /// The same eSIM or order as in an earlier line.
    Repeated {
        /// That line.
        line: usize,
    },
    /// The order has another number of eSIMs than of travellers in the list: nobody knows which is whose.
    Crowded {
        /// Its eSIMs that are not over and that no line names.
        esims: usize,
        /// Its travellers in the list.
        travellers: usize,
    },
    /// The trip starts after this eSIM has ended, which is somebody else's.
    Ended,
    /// The trip is over, and none of the order's eSIMs is known to be of it.
    Past,
    /// The line is wrong.
    Wrong {
        /// What is wrong with it.
        problem: LineProblem,
    },
}

impl From<booking::LineOwner> for LineOwner {
    fn from(owner: booking::LineOwner) -> LineOwner {
        match owner {
            booking::LineOwner::Esim {
                key,
                iccid,
                by_last_digits,
            } => LineOwner::Esim {
                key,
                iccid,
                by_last_digits,
            },
            booking::LineOwner::Esims { count } => LineOwner::Esims { count },
            booking::LineOwner::Order { esims } => LineOwner::Order { esims },
            booking::LineOwner::Ended => LineOwner::Ended,
            booking::LineOwner::Past => LineOwner::Past,
            booking::LineOwner::Unknown => LineOwner::Unknown,
            booking::LineOwner::Several { count } => LineOwner::Several { count },
            booking::LineOwner::Repeated { line } => LineOwner::Repeated { line },
            booking::LineOwner::Crowded { esims, travellers } => {
                LineOwner::Crowded { esims, travellers }
            }
            booking::LineOwner::Wrong { problem } => LineOwner::Wrong {
                problem: problem.into(),
            },
        }
    }
}

/// One line of a list, as it would be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LineRow {
    /// Its number in the list.
    pub line: usize,
    /// Whom it is about, also where it is wrong.
    pub who: String,
    /// The ICCID, or its last digits, as in the list.
    pub iccid: Option<String>,
    /// The order reference, as in the list.
    pub reference: Option<String>,
    /// Who travels, as in the list; null: the line is wrong.
    pub traveller: Option<Traveller>,
    /// Whose it is.
    pub owner: LineOwner,
    /// What it would change; null: it is not taken over.
    pub change: Option<LineChange>,
    /// What of it is not taken over.
    pub doubts: Vec<LineDoubt>,
}

impl From<booking::LineRow> for LineRow {
    fn from(row: booking::LineRow) -> LineRow {
        let booking::LineRow {
            line,
            who,
            iccid,
            reference,
            traveller,
            owner,
            change,
            doubts,
        } = row;
        LineRow {
            line,
            who,
            iccid,
            reference,
            traveller: traveller.map(Traveller::from),
            owner: owner.into(),
            change: change.map(LineChange::from),
            doubts: doubts.into_iter().map(LineDoubt::from).collect(),
        }
    }
}
