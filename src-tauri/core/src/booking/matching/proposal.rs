//! What becomes of a line: whose it is, what it changes, and what was known.

use crate::booking::line::{LineDoubt, LineProblem};
use crate::traveller::{Traveller, TravellerChange};

/// Whose a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What taking a line over would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineChange {
    /// All of it was known.
    Same,
    /// Something else was known.
    Changed,
    /// Nothing was known.
    Added,
}

/// One line of a list, as it would be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A line, and what it sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For whoever decides.
    pub row: LineRow,
    /// What is set.
    pub set: Vec<TravellerChange>,
}

/// What is known of an owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its traveller.
    pub traveller: Option<Traveller>,
    /// The traveller that the eSIM shows: its own, or its order's; `None` for an order.
    pub shown: Option<Traveller>,
    /// Its eSIM, if the owner is one and is there.
    pub esim: Option<FoundEsim>,
}

/// What a person knows an eSIM by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEsim {
    /// Opens it.
    pub key: String,
    /// Its ICCID.
    pub iccid: Option<String>,
}
