//! What a column of a list says.

use serde::{Deserialize, Serialize};

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Column {
    /// Nothing that is taken over.
    Ignored,
    /// The ICCID, or its last digits.
    Iccid,
    /// The eSIM's id at its provider.
    EsimId,
    /// The order reference.
    Reference,
    /// The whole name. Columns whose headings differ by a number only are each a traveller's.
    Name,
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// An address or a telephone number; several columns are written one after the other.
    Contact,
    /// First day of the trip, or both.
    TripStart,
    /// Last day of the trip.
    TripEnd,
    /// Anything else; several columns are written one below the other.
    Note,
    /// Words between commas.
    Tags,
}
