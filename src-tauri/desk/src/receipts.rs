//! What became of the times in which nobody listened.

use esim_watch_core::event::Status;
use esim_watch_core::store::{self, Reader, SqliteError};
use serde::Serialize;

use crate::alerts::Rule;
use crate::esim::EsimRow;
use crate::seen::Absence;

/// One eSIM that is another after an absence, or needs somebody.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptLine {
    /// The eSIM as it is now.
    pub esim: EsimRow,
    /// Whether it is another.
    pub changed: bool,
    /// Its status before; `None`: it was not known, or had none.
    pub before: Option<String>,
    /// What it was meanwhile, where it is again what it was; `None`: nothing that matters.
    pub meanwhile: Option<String>,
    /// Its status after; `None`: it had none.
    pub after: Option<String>,
    /// Whether it was in use and its provider was found to have it no longer.
    pub gone: bool,
    /// When its plan ends, UTC seconds, if that is another than before.
    pub new_end: Option<i64>,
    /// Whether it has a larger package than before.
    pub more_data: bool,
    /// When the last of it happened, UTC seconds; `None`: an alert alone names it.
    pub at: Option<i64>,
    /// The rules that found something which nobody has seen to yet.
    pub needs: Vec<Rule>,
}

/// What became of one time in which nobody listened.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// When that was.
    pub absence: Absence,
    /// How many eSIMs are another after it.
    pub changed: i64,
    /// How many of the others got an alert by what happened that is more than news. With those that changed they are all that
    /// the receipt tells of.
    pub unchanged: i64,
    /// How many eSIMs got an alert by what happened that is more than news.
    pub needed: i64,
    /// How many of those nobody has seen to yet.
    pub needing: i64,
    /// These eSIMs, at most so many that they can be drawn: first those that need somebody, then by what happened last.
    pub lines: Vec<ReceiptLine>,
}

impl Receipt {
    /// What became of the last so many absences, latest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read_last(store: &Reader<'_>, most: u32) -> Result<Vec<Receipt>, SqliteError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let absences = store.kept_absences()?.into_iter().take(most);
        absences
            .map(|absence| Receipt::of(store, store.absence_receipt(absence)?))
            .collect()
    }

    fn of(store: &Reader<'_>, receipt: store::AbsenceReceipt) -> Result<Receipt, SqliteError> {
        let store::AbsenceReceipt {
            absence,
            changed,
            unchanged,
            needed,
            needing,
            lines,
        } = receipt;
        let low_percent = store.alert_settings()?.data_low_percent;
        let mut told = Vec::with_capacity(lines.len());
        for line in lines {
            let esim = EsimRow::read_with(store, &[line.esim], low_percent)?.pop();
            told.extend(esim.map(|esim| ReceiptLine::of(line, esim)));
        }
        Ok(Receipt {
            absence: absence.into(),
            changed,
            unchanged,
            needed,
            needing,
            lines: told,
        })
    }
}

impl ReceiptLine {
    fn of(line: store::ReceiptLine, row: EsimRow) -> ReceiptLine {
        let store::ReceiptLine {
            esim: _,
            changed,
            before,
            meanwhile,
            after,
            gone,
            new_end,
            more_data,
            at,
            needs,
        } = line;
        ReceiptLine {
            esim: row,
            changed,
            before: before.as_ref().map(Status::to_string),
            meanwhile: meanwhile.as_ref().map(Status::to_string),
            after: after.as_ref().map(Status::to_string),
            gone,
            new_end,
            more_data,
            at,
            needs: needs.into_iter().map(Rule::from).collect(),
        }
    }
}
