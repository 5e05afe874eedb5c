//! Travellers: what the desk itself knows of who uses an eSIM.

use esim_watch_core::letters::Letters;
use esim_watch_core::store::{self, Reader, SqliteError};
use esim_watch_core::traveller;
use serde::{Deserialize, Serialize};

/// Tags in one cell of an exported list, from which a booking list reads them as they are.
pub(crate) fn written_tags(tags: &[String]) -> String {
    traveller::written_tags(tags)
}

/// A traveller as the desk wrote it down. Empty texts: nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
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

impl From<traveller::Traveller> for Traveller {
    fn from(traveller: traveller::Traveller) -> Traveller {
        let traveller::Traveller {
            name,
            contact,
            trip_start,
            trip_end,
            note,
            tags,
        } = traveller;
        Traveller {
            name,
            contact,
            trip_start,
            trip_end,
            note,
            tags,
        }
    }
}

impl From<Traveller> for traveller::Traveller {
    fn from(traveller: Traveller) -> traveller::Traveller {
        let Traveller {
            name,
            contact,
            trip_start,
            trip_end,
            note,
            tags,
        } = traveller;
        traveller::Traveller {
            name,
            contact,
            trip_start,
            trip_end,
            note,
            tags,
        }
    }
}

mirrored! {
    /// A field of a traveller.
    TravellerField of traveller::TravellerField {
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
}

/// The traveller of one eSIM, as the desk edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EsimTraveller {
    /// This eSIM's own.
    pub own: Option<Traveller>,
    /// The order's, which counts where the eSIM has none of its own.
    pub of_order: Option<Traveller>,
    /// How many eSIMs the order has; 0: the eSIM names no order.
    pub order_size: i64,
    /// Who is known by the order's reference on another trip or with another eSIM, where nobody is known to travel with this.
    pub other: Option<String>,
}

impl From<store::EsimTraveller> for EsimTraveller {
    fn from(traveller: store::EsimTraveller) -> EsimTraveller {
        let store::EsimTraveller {
            own,
            of_order,
            order_size,
            other,
        } = traveller;
        EsimTraveller {
            own: own.map(Traveller::from),
            of_order: of_order.map(Traveller::from),
            order_size,
            other,
        }
    }
}

/// A page of the list of travellers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TravellerQuery {
    /// Words that must all occur in what is known of the traveller, the reference or the ICCID.
    pub search: String,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return.
    pub limit: u32,
}

/// Most eSIMs of an order that come with its traveller to the window.
pub const MAX_SHOWN_ESIMS: usize = 10;

/// A traveller in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct TravellerRow {
    /// Its row.
    pub id: i64,
    /// What is known.
    pub traveller: Traveller,
    /// The reference of the order, or of the eSIM's order, as it is written.
    pub reference_id: Option<String>,
    /// Whether it is the order's, and so all of its eSIMs'.
    pub of_order: bool,
    /// The keys and statuses of its eSIMs, as many as were asked for at most; none: no eSIM of the order is known yet.
    pub esims: Vec<TravellerEsim>,
}

impl From<store::TravellerRow> for TravellerRow {
    fn from(row: store::TravellerRow) -> TravellerRow {
        let store::TravellerRow {
            id,
            traveller,
            reference_id,
            of_order,
            esims,
        } = row;
        TravellerRow {
            id,
            traveller: traveller.into(),
            reference_id,
            of_order,
            esims: esims.into_iter().map(TravellerEsim::from).collect(),
        }
    }
}

/// An eSIM of a traveller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct TravellerEsim {
    /// Opens it.
    pub key: String,
    /// The SIM profile's number.
    pub iccid: Option<String>,
    /// Its status; null: not known.
    pub status: Option<String>,
    /// Whether its provider no longer has it: the status is the last that was known, and it was in use.
    pub gone: bool,
}

impl From<store::TravellerEsim> for TravellerEsim {
    fn from(esim: store::TravellerEsim) -> TravellerEsim {
        let store::TravellerEsim {
            key,
            iccid,
            status,
            gone,
        } = esim;
        TravellerEsim {
            key,
            iccid,
            status,
            gone,
        }
    }
}

/// The answer to a [`TravellerQuery`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct TravellerPage {
    /// How many match in all.
    pub total: usize,
    /// The rows, by name.
    pub rows: Vec<TravellerRow>,
}

impl TravellerPage {
    /// A page of the travellers, by name, each with so many of its eSIMs at most.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(
        store: &Reader<'_>,
        query: TravellerQuery,
        letters: &Letters,
        most_esims: usize,
    ) -> Result<TravellerPage, SqliteError> {
        let TravellerQuery {
            search,
            offset,
            limit,
        } = query;
        let query = store::TravellerQuery {
            search,
            offset,
            limit,
            most_esims,
        };
        let store::TravellerPage { total, rows } = store.travellers(&query, letters)?;
        Ok(TravellerPage {
            total,
            rows: rows.into_iter().map(TravellerRow::from).collect(),
        })
    }
}
