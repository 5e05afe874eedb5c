//! One eSIM as lists and its own page show it.

use esim_watch_core::esim;
use esim_watch_core::event::{self, Status};
use esim_watch_core::store::{EsimAndTraveller, ListedFacts, Reader, SqliteError};
use serde::Serialize;

use crate::alerts::Severity;
use crate::timeline::EventRow;

/// Most other eSIMs of the same order that come with one eSIM.
const MAX_SAME_ORDER_ESIMS: u32 = 50;

mirrored! {
    /// What comes next.
    NextStep of esim::NextStep {
        /// The traveller installs it.
        Install,
        /// Its period has begun and it is not on a device: somebody should ask.
        AskToInstall,
        /// It is on a device, its period has not begun.
        AwaitStart,
        /// It is used for the first time.
        Use,
        /// Nothing; it works.
        Nothing,
        /// It connects again by itself, where there is a network.
        Reconnects,
        /// Its data is nearly or wholly used up: more should be offered.
        OfferData,
        /// It ends soon or has ended: a new package should be offered if the trip goes on.
        OfferPackage,
        /// It was withdrawn: a replacement should be offered, or its provider asked.
        OfferReplacement,
        /// It was to end and nothing said that it did, or its status is not known: its provider should be asked.
        AskProvider,
        /// It was in use and its provider no longer has it: only the provider can say what became of it.
        AskWhatBecame,
    }
}

/// One eSIM as lists show it. Times are UTC seconds.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EsimRow {
    /// Opens it: its eSIM id, else its ICCID.
    pub key: String,
    /// The provider's id.
    pub esim_id: Option<String>,
    /// The SIM profile's number.
    pub iccid: Option<String>,
    /// The order reference as its sender wrote it.
    pub reference_id: Option<String>,
    /// The same in its one form: eSIMs with the same are of one order.
    pub order: Option<String>,
    /// A known status, or a text that this version does not know.
    pub status: String,
    /// Whether its provider no longer has it: the status is the last that was known, and it was in use.
    pub gone: bool,
    /// Since when it has this status.
    pub status_since: Option<i64>,
    /// Start of the usage period.
    pub start: Option<i64>,
    /// End of the usage period.
    pub end: Option<i64>,
    /// When it was first seen activated.
    pub first_activated_at: Option<i64>,
    /// Time of its latest event.
    pub last_event_at: Option<i64>,
    /// Number of its events.
    pub event_count: i64,
    /// Name of its package.
    pub package_name: Option<String>,
    /// Data in the package, in MB.
    pub data_allowed_mb: Option<f64>,
    /// Data left, in MB.
    pub data_remaining_mb: Option<f64>,
    /// Whether the data is unlimited.
    pub data_unlimited: Option<bool>,
    /// Whether little of the data is left, or none: less than what is set for the alert.
    pub data_low: bool,
    /// The traveller's name, as the desk wrote it.
    pub traveller: Option<String>,
    /// How the traveller is reached; for files only.
    #[serde(skip)]
    pub contact: String,
    /// The desk's note on the traveller; for files only.
    #[serde(skip)]
    pub note: String,
    /// First day of the trip, `YYYY-MM-DD`.
    pub trip_start: Option<String>,
    /// Last day of the trip, `YYYY-MM-DD`.
    pub trip_end: Option<String>,
    /// The traveller's tags.
    pub tags: Vec<String>,
    /// The gravest of its new alerts that are more than news; `None`: nobody is needed.
    pub attention: Option<Severity>,
}

impl EsimRow {
    /// Those of these eSIMs that are there, in the order of `rows`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>, rows: &[i64]) -> Result<Vec<EsimRow>, SqliteError> {
        EsimRow::read_with(store, rows, store.alert_settings()?.data_low_percent)
    }

    /// The same where it is known how many percent of the data are little.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read_with(
        store: &Reader<'_>,
        rows: &[i64],
        low_percent: u32,
    ) -> Result<Vec<EsimRow>, SqliteError> {
        let mut found = Vec::with_capacity(rows.len());
        store.each_of_these_esims(rows.iter().copied(), |_, esim| found.extend(esim))?;
        let vanished = store.vanished_esims()?;
        let row = |esim: EsimAndTraveller| {
            let attention = store.attention(esim.row)?;
            let gone = vanished.have(&esim.state);
            let row = EsimRow::of(esim, attention.map(Severity::from), low_percent);
            Ok(EsimRow { gone, ..row })
        };
        found.into_iter().map(row).collect()
    }

    /// Those of the eSIMs with these keys that are there, in their order.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read_keys(store: &Reader<'_>, keys: &[String]) -> Result<Vec<EsimRow>, SqliteError> {
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            rows.extend(store.esim_row(key)?);
        }
        EsimRow::read(store, &rows)
    }

    /// The same with the period of this state, and what is left of that.
    fn with_period(self, state: &esim::EsimState, low_percent: u32) -> EsimRow {
        EsimRow {
            start: state.period_start,
            end: state.period_end,
            data_low: state.usage.is_low(low_percent),
            package_name: state.usage.package_name.clone(),
            data_allowed_mb: state.usage.allowed_mb,
            data_remaining_mb: state.usage.remaining_mb,
            data_unlimited: state.usage.unlimited,
            ..self
        }
    }

    fn of(esim: EsimAndTraveller, attention: Option<Severity>, low_percent: u32) -> EsimRow {
        let EsimAndTraveller {
            row: _,
            state,
            traveller,
        } = esim;
        let traveller = traveller.unwrap_or_default();
        EsimRow {
            key: state.key().unwrap_or_default(),
            data_low: state.usage.is_low(low_percent),
            status: state.status_text().to_owned(),
            gone: false,
            reference_id: state.reference().map(str::to_owned),
            order: state.reference_id,
            esim_id: state.esim_id,
            iccid: state.iccid,
            status_since: state.status_since,
            start: state.period_start,
            end: state.period_end,
            first_activated_at: state.first_activated_at,
            last_event_at: state.last_event_at,
            event_count: state.event_count,
            package_name: state.usage.package_name,
            data_allowed_mb: state.usage.allowed_mb,
            data_remaining_mb: state.usage.remaining_mb,
            data_unlimited: state.usage.unlimited,
            traveller: Some(traveller.name).filter(|name| !name.is_empty()),
            contact: traveller.contact,
            note: traveller.note,
            trip_start: traveller.trip_start,
            trip_end: traveller.trip_end,
            tags: traveller.tags,
            attention,
        }
    }
}

/// A step in the life of an eSIM's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ProfileStep {
    /// The status that stands for it.
    pub status: String,
    /// When it came to that the last time, UTC seconds.
    pub at: i64,
}

/// A package that was bought for an eSIM.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// The package as a person reads it.
    pub name: Option<String>,
    /// When it was bought, UTC seconds.
    pub at: Option<i64>,
    /// Whether it was added to an eSIM that was there.
    pub top_up: bool,
    /// What it cost the partner, in units of `currency`.
    pub price: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

impl From<event::Bought> for Package {
    fn from(bought: event::Bought) -> Package {
        let event::Bought {
            reference_id: _,
            package_id,
            package_name,
            price,
            currency,
            top_up,
            at,
        } = bought;
        Package {
            name: package_name.or(package_id),
            at,
            top_up,
            price,
            currency: currency.as_deref().and_then(event::currency_code),
        }
    }
}

/// One eSIM with its history.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EsimDetail {
    /// Its state.
    pub esim: EsimRow,
    /// What comes next.
    pub next: NextStep,
    /// Its latest events, newest first.
    pub events: Vec<EventRow>,
    /// What became of its profile, apart from the plan's period: by time.
    pub profile: Vec<ProfileStep>,
    /// When the life of its profile ends, UTC seconds, which is no end of its plan; `None`: nobody said, or the eSIM is over.
    pub life_ends_at: Option<i64>,
    /// What was bought for it, as far as its provider was asked, the latest last.
    pub packages: Vec<Package>,
    /// Other eSIMs with the same order reference.
    pub same_order: Vec<EsimRow>,
}

impl EsimDetail {
    /// One eSIM as it is at `now` (UTC seconds), by its row. `None`: there is none.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>, row: i64, now: i64) -> Result<Option<EsimDetail>, SqliteError> {
        let low_percent = store.alert_settings()?.data_low_percent;
        let (Some(state), Some(esim)) =
            (store.esim_state(row)?, EsimRow::read(store, &[row])?.pop())
        else {
            return Ok(None);
        };
        // A package that waited may have begun since anything was told.
        let state = state.as_of(now).into_owned();
        let esim = esim.with_period(&state, low_percent);
        let same_order =
            store.same_order(row, state.reference_id.as_deref(), MAX_SAME_ORDER_ESIMS)?;
        let listed = match &state.esim_id {
            Some(esim_id) => store.listed_facts(state.provider, esim_id)?,
            None => ListedFacts::default(),
        };
        let over = state.status.as_ref().is_some_and(Status::is_terminal);
        Ok(Some(EsimDetail {
            life_ends_at: listed.life_ends_at.filter(|_| !over),
            packages: listed.bought.into_iter().map(Package::from).collect(),
            next: esim::NextStep::of(&state, now, low_percent)
                .unless_gone(esim.gone)
                .into(),
            esim,
            events: EventRow::of_esim(store, row, 0)?,
            profile: store
                .profile_steps(row)?
                .into_iter()
                .map(|(status, at)| ProfileStep {
                    status: status.to_string(),
                    at,
                })
                .collect(),
            same_order: EsimRow::read(store, &same_order)?,
        }))
    }
}
