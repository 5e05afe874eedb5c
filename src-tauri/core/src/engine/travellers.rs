//! What the desk itself adds to eSIMs.

use super::{Engine, EngineError};
use crate::store::{Setting, TravellersChanged, Undone};
use crate::traveller::{Owner, Traveller, TravellerChange};

impl Engine {
    /// Sets travellers, all of them or none; `None` or an empty one removes. Answers `None` if an eSIM is gone because it
    /// became one with another; then nothing was set.
    ///
    /// # Errors
    /// [`EngineError`] if one of them can't be or nothing can be written.
    pub async fn set_travellers(
        &self,
        changes: Vec<(Owner, Option<Traveller>)>,
    ) -> Result<Option<TravellersChanged>, EngineError> {
        let tidy = |(owner, traveller): (Owner, Option<Traveller>)| {
            Ok::<_, EngineError>((owner, traveller.map(Traveller::tidy).transpose()?))
        };
        let changes = changes.into_iter().map(tidy).collect::<Result<_, _>>()?;
        let writer = self.store.writer();
        Ok(writer.set_travellers(changes, self.now().clock_ms).await?)
    }

    /// Sets the travellers of a booking list, all of them or none. `source`: the file's name. Answers `None` if an
    /// eSIM is gone since the list was looked at; then nothing was set.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn import_travellers(
        &self,
        source: String,
        changes: Vec<TravellerChange>,
    ) -> Result<Option<TravellersChanged>, EngineError> {
        let writer = self.store.writer();
        Ok(writer
            .import_travellers(source, changes, self.now().clock_ms)
            .await?)
    }

    /// Keeps what somebody said of the columns of booking lists, as its room writes it.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn keep_booking_columns(&self, text: String) -> Result<(), EngineError> {
        let writer = self.store.writer();
        Ok(writer.set(Setting::BookingColumns, Some(text)).await?)
    }

    /// Takes an import back, but what somebody has changed since; `None`: there is none to take back.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn undo_import(&self, id: i64) -> Result<Option<Undone>, EngineError> {
        Ok(self
            .store
            .writer()
            .undo_import(id, self.now().clock_ms)
            .await?)
    }
}
