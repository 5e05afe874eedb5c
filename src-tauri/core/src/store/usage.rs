//! Usage reports of one eSIM, and what they say together.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::Serialize;

use crate::event::{EventKind, Left, UsageDay};
use crate::forecast::{self, Pace, pace};
use crate::store::tables::{events, kinds};
use crate::store::{Reader, StoredEvent};

/// The latest reports that are read; one comes every four hours and at five shares of the data, so these are half a year.
const MOST_REPORTS: u32 = 1_200;

/// Where and when an eSIM used its data.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
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

impl Reader<'_> {
    /// What usage reports say of the eSIM with this row. Of two reports about one day and place the
    /// later one counts.
    pub fn usage(&self, esim: i64) -> rusqlite::Result<EsimUsage> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {} FROM events WHERE esim = ?1 AND {} AND problem IS NULL
             ORDER BY occurred_at DESC, id DESC LIMIT ?2",
            events::COLUMNS,
            kinds::is(&EventKind::EsimUsage)
        ))?;
        let reports: Vec<StoredEvent> = statement
            .query_map(params![esim, MOST_REPORTS], events::from_row)?
            .collect::<Result<_, _>>()?;
        let left = reports
            .iter()
            .filter_map(|report| {
                Some((report.event.occurred_at?, report.event.usage.remaining_mb?))
            })
            .collect();
        let mut usage = EsimUsage {
            pace: pace(left, forecast::DATA),
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
            let report = details.usage.unwrap_or_default();
            for day in report.days {
                // From the latest report on: what it says of a day stands.
                days.entry((day.date, day.location)).or_insert(day.mb);
            }
            if at == 0 {
                (usage.sms, usage.voice) = (report.sms, report.voice);
            }
        }
        usage.days = days
            .into_iter()
            .map(|((date, location), mb)| UsageDay { date, location, mb })
            .collect();
        Ok(usage)
    }
}
