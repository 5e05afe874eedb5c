//! Travellers: what the desk itself knows of who uses an eSIM.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use esim_watch_core::booking::{self, BookingError, Reading, Table};
use esim_watch_core::store::{
    EsimTraveller, ImportRow, LineChange, LineRow, Owner, Proposal, TravellerPage, TravellerQuery,
};
use esim_watch_core::traveller::Traveller;
use serde::Serialize;
use tauri::State;

use super::{Answer, CommandError};
use crate::Desk;

/// The traveller of an eSIM, by its key; null: no event has named it.
#[tauri::command]
#[specta::specta]
pub async fn esim_traveller(desk: State<'_, Desk>, key: String) -> Answer<Option<EsimTraveller>> {
    desk.read(move |store| match store.esim_row(&key)? {
        Some(row) => store.traveller(row).map(Some),
        None => Ok(None),
    })
    .await
}

/// Sets the traveller of an eSIM, or of its whole order; null removes.
#[tauri::command]
#[specta::specta]
pub async fn set_esim_traveller(
    desk: State<'_, Desk>,
    key: String,
    of_order: bool,
    traveller: Option<Traveller>,
) -> Answer<EsimTraveller> {
    let found = desk
        .read(move |store| {
            let Some(row) = store.esim_row(&key)? else {
                return Ok(None);
            };
            Ok(Some((row, store.reference_of(row)?)))
        })
        .await?;
    let Some((row, reference)) = found else {
        return Err(CommandError::new(
            &"This eSIM is not known any more. Go back to the list and open it again.",
        ));
    };
    let owner = match reference {
        Some(reference) if of_order => Owner::Order(reference),
        None if of_order => {
            return Err(CommandError::new(
                &"This eSIM names no order. Save the traveller for this eSIM alone.",
            ));
        }
        _ => Owner::Esim(row),
    };
    let changed = desk
        .engine()?
        .set_travellers(vec![(owner, traveller)])
        .await?;
    desk.travellers_changed(changed.esims).await;
    desk.read(move |store| store.traveller(row)).await
}

/// Every tag that some traveller has.
#[tauri::command]
#[specta::specta]
pub async fn traveller_tags(desk: State<'_, Desk>) -> Answer<Vec<String>> {
    desk.read(|store| store.traveller_tags()).await
}

/// Most lines of a booking list that are shown before it is taken over.
const SHOWN_LINES: usize = 500;

/// The booking list that somebody is looking at, until it is taken over or another one is.
#[derive(Default)]
pub struct Preview(Mutex<Option<Pending>>);

struct Pending {
    id: u32,
    source: String,
    changes: Vec<(Owner, Traveller)>,
}

/// A booking list as it would be taken over.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Takes it over.
    id: u32,
    /// How it was read.
    reading: Reading,
    /// What the columns are called; empty where they have no names.
    headings: Vec<String>,
    /// The first text in each column.
    samples: Vec<String>,
    /// Whether its days can be read both ways.
    days_unclear: bool,
    /// How many lines it has.
    lines: usize,
    /// Travellers that are new.
    added: usize,
    /// Travellers that are known and would be changed.
    changed: usize,
    /// Travellers that are known as they are.
    same: usize,
    /// Lines that would not be taken over.
    left: usize,
    /// The lines, those that would not be taken over first, at most 500.
    rows: Vec<LineRow>,
}

/// What taking an import back did.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct UndoneImport {
    /// Travellers that are as before.
    restored: usize,
    /// Travellers that somebody has changed since: they stay.
    kept: usize,
}

/// A page of the travellers, by name.
#[tauri::command]
#[specta::specta]
pub async fn travellers(desk: State<'_, Desk>, query: TravellerQuery) -> Answer<TravellerPage> {
    desk.read(move |store| store.travellers(&query)).await
}

/// Reads a booking list and finds whose its lines are; changes nothing. `content`: the file's bytes, or
/// the pasted text in UTF-8, as base64 (RFC 4648). `source`: the file's name; empty: it was pasted.
#[tauri::command]
#[specta::specta]
pub async fn preview_import(
    desk: State<'_, Desk>,
    preview: State<'_, Preview>,
    source: String,
    content: String,
    reading: Reading,
) -> Answer<ImportPreview> {
    let (bookings, proposals) = desk
        .read(move |store| {
            let bytes = base64::engine::general_purpose::STANDARD.decode(content);
            let table = match bytes.map_err(|_| BookingError::Foreign) {
                Ok(bytes) => Table::read(&bytes),
                Err(error) => Err(error),
            };
            let table = match table {
                Ok(table) => table,
                Err(error) => return Ok(Err(error)),
            };
            let bookings = booking::read(&table, &reading);
            let proposals = store.propose(&bookings.lines)?;
            Ok(Ok((bookings, proposals)))
        })
        .await?
        .map_err(|error| CommandError::new(&error))?;
    let count = |change| {
        let rows = proposals.iter().map(|one| one.row.change);
        rows.filter(|one| *one == change).count()
    };
    let (mut rows, taken): (Vec<&Proposal>, Vec<&Proposal>) =
        proposals.iter().partition(|one| one.row.change.is_none());
    rows.extend(taken);
    let rows = rows.into_iter().take(SHOWN_LINES);
    let mut pending = preview.0.lock().unwrap_or_else(PoisonError::into_inner);
    let id = pending.as_ref().map_or(0, |last| last.id.wrapping_add(1));
    let shown = ImportPreview {
        id,
        headings: bookings.headings,
        samples: bookings.samples,
        days_unclear: bookings.days_unclear,
        lines: proposals.len(),
        added: count(Some(LineChange::Added)),
        changed: count(Some(LineChange::Changed)),
        same: count(Some(LineChange::Same)),
        left: count(None),
        rows: rows.map(|one| one.row.clone()).collect(),
        reading: bookings.reading,
    };
    let changes = proposals.into_iter().filter_map(|one| one.set).collect();
    *pending = Some(Pending {
        id,
        source,
        changes,
    });
    Ok(shown)
}

/// Takes the list over that was looked at last; answers how many travellers it set.
#[tauri::command]
#[specta::specta]
pub async fn import_travellers(
    desk: State<'_, Desk>,
    preview: State<'_, Preview>,
    id: u32,
) -> Answer<u32> {
    let pending = {
        let mut kept = preview.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.take_if(|pending| pending.id == id)
    };
    let Some(Pending {
        source, changes, ..
    }) = pending
    else {
        return Err(CommandError::new(
            &"This list is not at hand any more. Choose or paste it again.",
        ));
    };
    let count = changes.len();
    let engine = desk.engine()?;
    let changed = engine.import_travellers(source, changes).await?;
    desk.travellers_changed(changed.esims).await;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The booking lists that were taken over last, newest first.
#[tauri::command]
#[specta::specta]
pub async fn imports(desk: State<'_, Desk>) -> Answer<Vec<ImportRow>> {
    desk.read(|store| store.imports()).await
}

/// Takes an import back, but what somebody has changed since.
#[tauri::command]
#[specta::specta]
pub async fn undo_import(desk: State<'_, Desk>, id: i64) -> Answer<UndoneImport> {
    let Some(undone) = desk.engine()?.undo_import(id).await? else {
        return Err(CommandError::new(
            &"This import was taken back already, or is too old to be.",
        ));
    };
    desk.travellers_changed(undone.esims).await;
    Ok(UndoneImport {
        restored: undone.restored,
        kept: undone.kept,
    })
}
