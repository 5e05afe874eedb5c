//! Questions of the window about imports.

use crate::Desk;
use crate::error::{Answer, CommandError, DeskError};
use crate::imports::{
    Corrected, ImportPreview, ImportRow, PendingImport, Reading, Understood, UndoneImport,
};
use base64::Engine as _;
use esim_watch_core::booking::{self, BookingError, Calendar, Rules, Table};
use jiff::Timestamp;
use std::sync::PoisonError;

impl Desk {
    /// Reads a booking list and finds whose its lines are; changes nothing. `content`: the file's bytes, or
    /// the pasted text in UTF-8, as base64 (RFC 4648). `source`: the file's name; empty: it was pasted.
    ///
    /// # Errors
    /// If it is no list or the store can't be read.
    pub async fn preview_import(
        &self,
        source: String,
        content: String,
        reading: Reading,
    ) -> Answer<ImportPreview> {
        let reading = booking::Reading::from(reading);
        let together = reading.together.unwrap_or(false);
        let several = reading.several;
        let zone = self.language.locale().zone;
        let today = Timestamp::from_second(self.now()).unwrap_or_default();
        let today = today.to_zoned_datetime(zone.clone()).date();
        let calendar = Calendar { today, zone };
        let corrections = self.read(|store| store.corrections()).await?;
        // No transaction waits for a file.
        let opened = tokio::task::spawn_blocking({
            let reading = reading.clone();
            move || {
                let bytes = base64::engine::general_purpose::STANDARD.decode(content);
                let bytes = bytes.map_err(|_| BookingError::Foreign)?;
                Table::read(&bytes, &reading)
            }
        });
        let table = opened.await?.map_err(|error| CommandError::new(&error))?;
        let (table, marks) = self
            .read(move |store| {
                let marks = store.marks(&table)?;
                Ok((table, marks))
            })
            .await?;
        let understood = tokio::task::spawn_blocking(move || {
            let understood = |day_first: Option<bool>| {
                let reading = booking::Reading {
                    day_first,
                    ..reading.clone()
                };
                Understood::of(&table, &reading, &corrections, &calendar, &marks)
            };
            let one = understood(reading.day_first);
            // Where the list does not tell how its days are written, its eSIMs may.
            let open = one.bookings.days_unclear && reading.day_first.is_none();
            let other = one.bookings.reading.day_first.map(|first| !first);
            let other = open.then(|| understood(other));
            (one, other)
        });
        let (one, other) = understood.await?;
        let Understood {
            bookings,
            remembered,
            corrected,
        } = match other {
            None => one,
            Some(other) => {
                self.read(move |store| {
                    let lines = (&one.bookings.lines, &other.bookings.lines);
                    let first = store.better_days(lines.0, lines.1)?.unwrap_or(true);
                    Ok(if first { one } else { other })
                })
                .await?
            }
        };
        let rules = Rules {
            today,
            together,
            several,
        };
        let (bookings, proposals) = self
            .read(move |store| {
                let proposals = store.propose(&bookings.lines, rules)?;
                Ok((bookings, proposals))
            })
            .await?;
        let mut pending = self
            .preview
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let id = pending.as_ref().map_or(0, |last| last.id.wrapping_add(1));
        let shown = ImportPreview::of(id, (bookings, remembered), &proposals);
        *pending = Some(PendingImport {
            id,
            source,
            changes: proposals.into_iter().flat_map(|one| one.set).collect(),
            corrected,
        });
        Ok(shown)
    }

    /// Takes the list over that was looked at last; answers how many travellers it set.
    ///
    /// # Errors
    /// If another list was looked at since, one of its eSIMs is gone, or nothing can be stored.
    pub async fn import_travellers(&self, id: u32) -> Answer<u32> {
        let pending = {
            let mut kept = self
                .preview
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            kept.take_if(|pending| pending.id == id)
        };
        let Some(PendingImport {
            source,
            changes,
            corrected,
            ..
        }) = pending
        else {
            return Err(DeskError::ImportGone.into());
        };
        let count: usize = changes.iter().map(|change| change.lines).sum();
        let changed = self.engine()?.import_travellers(source, changes).await?;
        let changed = changed.ok_or(DeskError::ImportOutdated)?;
        self.travellers_changed(changed.esims).await;
        if let Some(Corrected { headings, columns }) = corrected {
            let mut known = self.read(|store| store.corrections()).await?;
            known.remember(&headings, &columns);
            // The travellers are taken over: what can't be remembered is said again next time.
            if let Ok(text) = known.to_text() {
                self.engine()?.keep_booking_columns(text).await?;
            }
        }
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// The booking lists that were taken over last, newest first.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn imports(&self) -> Answer<Vec<ImportRow>> {
        let imports = self.read(|store| store.imports()).await?;
        Ok(imports.into_iter().map(ImportRow::from).collect())
    }

    /// Takes an import back, but what somebody has changed since.
    ///
    /// # Errors
    /// If it can't be, or nothing can be stored.
    pub async fn undo_import(&self, id: i64) -> Answer<UndoneImport> {
        let Some(undone) = self.engine()?.undo_import(id).await? else {
            return Err(DeskError::ImportUndone.into());
        };
        self.travellers_changed(undone.esims).await;
        Ok(UndoneImport {
            restored: undone.restored,
            kept: undone.kept,
        })
    }
}
