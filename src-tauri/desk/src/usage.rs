//! Where and when an eSIM used its data, from its usage reports.

use std::collections::BTreeMap;

use esim_watch_core::event;
use esim_watch_core::forecast::{self, pace};
use esim_watch_core::store::{Reader, SqliteError};
use serde::Serialize;

/// The latest reports that are read; one comes every four hours and at five shares of the data, so these are half a year.
const MAX_USAGE_REPORTS: u32 = 1_200;

/// The pace at which it goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// How much a day.
    pub per_day: f64,
    /// When it is used up if that goes on, UTC seconds.
    pub runs_out_at: i64,
}

impl From<forecast::Pace> for Pace {
    fn from(pace: forecast::Pace) -> Pace {
        let forecast::Pace {
            per_day,
            runs_out_at,
        } = pace;
        Pace {
            per_day,
            runs_out_at,
        }
    }
}

impl Pace {
    /// Whether it is yet to run out at `now` (UTC seconds). What ran out by a forecast of last week was not heard of since.
    pub(crate) fn is_ahead(&self, now: i64) -> bool {
        self.runs_out_at > now
    }
}

/// Data used on one day in one place.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct UsageDay {
    /// The day as the provider names it, mostly `YYYY-MM-DD`.
    pub date: String,
    /// The place as the provider names it: a country's code or its name; empty: none was given.
    pub location: String,
    /// MB.
    pub mb: f64,
}

/// How much of something is left of how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, specta::Type)]
pub struct Left {
    /// What the package holds.
    pub allowed: Option<f64>,
    /// What is left of it.
    pub remaining: Option<f64>,
}

impl From<event::Left> for Left {
    fn from(event::Left { allowed, remaining }: event::Left) -> Left {
        Left { allowed, remaining }
    }
}

/// Where and when an eSIM used its data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EsimUsage {
    /// By day and place, the oldest first.
    pub days: Vec<UsageDay>,
    /// How fast the data goes; `None`: it can't be told.
    pub pace: Option<Pace>,
    /// Text messages, of the latest report.
    pub sms: Option<Left>,
    /// Minutes, of the latest report.
    pub voice: Option<Left>,
    /// How many usage reports there are.
    pub reports: i64,
    /// Of how many of them the details are no longer kept, so that days may be missing.
    pub dropped: i64,
}

impl EsimUsage {
    /// What usage reports say of the eSIM with this row. Of two reports about one day and place the
    /// later one counts.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>, esim: i64) -> Result<EsimUsage, SqliteError> {
        let reports = store.usage_reports(esim, MAX_USAGE_REPORTS)?;
        let left = reports
            .iter()
            .map(|report| &report.event)
            .filter_map(|event| Some((event.occurred_at?, event.usage.remaining_mb?)))
            .collect();
        let mut usage = EsimUsage {
            pace: pace(left, forecast::DATA).map(Pace::from),
            reports: i64::try_from(reports.len()).unwrap_or(i64::MAX),
            ..EsimUsage::default()
        };
        let mut days: BTreeMap<(String, String), f64> = BTreeMap::new();
        for (at, report) in reports.into_iter().enumerate() {
            if report.details_dropped {
                usage.dropped += 1;
                continue;
            }
            let details = report.event.details.unwrap_or_default();
            let said = details.usage.unwrap_or_default();
            for day in said.days {
                // From the latest report on: what it says of a day stands.
                days.entry((day.date, day.location)).or_insert(day.mb);
            }
            if at == 0 {
                (usage.sms, usage.voice) = (said.sms.map(Left::from), said.voice.map(Left::from));
            }
        }
        usage.days = days
            .into_iter()
            .map(|((date, location), mb)| UsageDay { date, location, mb })
            .collect();
        Ok(usage)
    }
}
