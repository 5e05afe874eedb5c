//! What usage reports say of one eSIM, read again from their payloads.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::Serialize;

use crate::event::{Left, UsageDay, usage_report};
use crate::pace::{self, Pace, pace};
use crate::store::Reader;
use crate::store::tables::events::OF_ESIM;

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
    /// How many of them have no payload any more, so that days may be missing.
    pub dropped: i64,
}

impl Reader<'_> {
    /// What usage reports say of the eSIM with this row. Of two reports about one day and place the
    /// later one counts.
    pub fn usage(&self, esim: i64) -> rusqlite::Result<EsimUsage> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT id, occurred_at, data_remaining_mb FROM events
             WHERE {OF_ESIM} AND category = 'esim' AND type = 'usage' AND problem IS NULL
             ORDER BY occurred_at DESC, id DESC LIMIT ?2"
        ))?;
        let reports: Vec<(i64, Option<i64>, Option<f64>)> = statement
            .query_map(params![esim, MOST_REPORTS], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        let left = reports
            .iter()
            .filter_map(|(_, at, left)| Some(((*at)?, (*left)?)))
            .collect();
        let mut usage = EsimUsage {
            pace: pace(left, pace::DATA),
            reports: i64::try_from(reports.len()).unwrap_or(i64::MAX),
            ..EsimUsage::default()
        };
        let mut days: BTreeMap<(String, String), f64> = BTreeMap::new();
        for (at, (id, ..)) in reports.iter().enumerate() {
            let Some(body) = self.payload(*id)? else {
                usage.dropped += 1;
                continue;
            };
            let report = usage_report(&body);
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
