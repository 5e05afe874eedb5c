//! What is wrong with a line of a list, and what of it is not taken over.

use crate::traveller::{TravellerError, TravellerField};

/// What is wrong with one line, so that it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl From<TravellerError> for LineProblem {
    fn from(error: TravellerError) -> LineProblem {
        match error {
            TravellerError::TooLong { field, .. } => LineProblem::TooLong { field },
            TravellerError::NoDay(text, _) => LineProblem::NoDay { text },
            TravellerError::EndsBeforeStart => LineProblem::EndsBeforeStart,
            TravellerError::TooManyTags => LineProblem::TooManyTags,
        }
    }
}

/// What of a line is not taken over, or may be meant otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
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
