//! Changes that are no delivery: they share the writer's transactions, and write no events and no eSIMs, so that the
//! totals stay right.

use crate::answer::Answered;
use crate::store::deliver::writer::Writer;
use crate::store::file::error::WriteError;
use crate::store::tables::absences;
use crate::store::tables::alerts::{self, AlertDone, AlertStep};
use crate::store::tables::caught_up::{self, CatchUpRun};
use crate::store::tables::deliveries;
use crate::store::tables::imports::{self, Undone};
use crate::store::tables::noted_times::{self, WronglyNoted};
use crate::store::tables::seen;
use crate::store::tables::settings::{self, Setting};
use crate::store::tables::travellers::{self, TravellersChanged};
use crate::store::upkeep::retention::{self, Ages, Tidied};
use crate::traveller::{Owner, Traveller, TravellerChange};

impl Writer {
    /// Stores a setting, or removes it.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn set(&self, setting: Setting, value: Option<String>) -> Result<(), WriteError> {
        self.change(move |tx| settings::set(tx, setting, value.as_deref()))
            .await
    }

    /// Tries whether deliveries could be stored, by storing as much as some of them take.
    ///
    /// # Errors
    /// [`WriteError`]: they could not.
    pub async fn try_writing(&self) -> Result<(), WriteError> {
        self.change(settings::put_trial).await?;
        self.change(settings::remove_trial).await
    }

    /// Does the next small piece of what old age does to the store; see [`Ages`].
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn tidy(&self, ages: Ages, now_ms: i64) -> Result<Tidied, WriteError> {
        self.change(move |tx| retention::step(tx, &ages, now_ms))
            .await
    }

    /// Does what is to be done to alerts, all of it or nothing. `now_ms`: UTC milliseconds.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn alerts(
        &self,
        steps: Vec<AlertStep>,
        now_ms: i64,
    ) -> Result<Vec<AlertDone>, WriteError> {
        self.change(move |tx| {
            let done = steps.iter().map(|step| alerts::apply(tx, step, now_ms));
            done.collect::<rusqlite::Result<_>>()
        })
        .await
    }

    /// Notes what senders were answered, and how long they waited.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn keep_answers(&self, answers: Vec<Answered>) -> Result<(), WriteError> {
        self.change(move |tx| deliveries::keep_answers(tx, &answers))
            .await
    }

    /// Sets travellers, all of them or none; `None` or an empty one removes. `now_ms`: UTC milliseconds. Answers `None`
    /// if an eSIM is gone because it became one with another; then nothing was set.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn set_travellers(
        &self,
        changes: Vec<(Owner, Option<Traveller>)>,
        now_ms: i64,
    ) -> Result<Option<TravellersChanged>, WriteError> {
        self.change(move |tx| travellers::set_all(tx, &changes, now_ms))
            .await
    }

    /// Sets the travellers of a list, all of them or none, and keeps what they replace. `source`: the
    /// file's name; `now_ms`: UTC milliseconds. Answers `None` if an eSIM is gone since the list was looked at; then
    /// nothing was set.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn import_travellers(
        &self,
        source: String,
        changes: Vec<TravellerChange>,
        now_ms: i64,
    ) -> Result<Option<TravellersChanged>, WriteError> {
        self.change(move |tx| imports::import(tx, &source, &changes, now_ms))
            .await
    }

    /// Takes an import back, but what somebody has changed since. `None`: there is none with this row,
    /// or it was taken back before.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn undo_import(&self, id: i64, now_ms: i64) -> Result<Option<Undone>, WriteError> {
        self.change(move |tx| imports::undo(tx, id, now_ms)).await
    }

    /// Notes that somebody has seen what there is now (UTC milliseconds).
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn mark_seen(&self, now_ms: i64) -> Result<(), WriteError> {
        self.change(move |tx| seen::mark_seen(tx, now_ms)).await
    }

    /// Notes how far a catch-up came.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn note_catch_up(&self, run: CatchUpRun) -> Result<(), WriteError> {
        self.change(move |tx| caught_up::note_run(tx, &run)).await
    }

    /// Sets right what a wrong clock has noted since the program started.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn set_right(&self, noted: WronglyNoted) -> Result<(), WriteError> {
        self.change(move |tx| noted_times::set_right(tx, &noted))
            .await
    }

    /// Notes that the program begins to listen at this time (UTC milliseconds, as this computer's clock tells it).
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn note_listening(&self, now_ms: i64) -> Result<(), WriteError> {
        self.change(move |tx| absences::note_listening(tx, now_ms))
            .await
    }

    /// Notes that the program listens at this time (UTC milliseconds, as this computer's clock tells it) and has for so long
    /// (milliseconds).
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn note_still_listening(&self, now_ms: i64, for_ms: i64) -> Result<(), WriteError> {
        self.change(move |tx| absences::note_still_listening(tx, now_ms, for_ms))
            .await
    }
}
