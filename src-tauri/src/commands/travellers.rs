//! Travellers: what the desk itself knows of who uses an eSIM.

use esim_watch_core::store::{EsimTraveller, Owner};
use esim_watch_core::traveller::Traveller;
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
    desk.feed.esims_changed(changed.esims);
    desk.read(move |store| store.traveller(row)).await
}

/// Every tag that some traveller has.
#[tauri::command]
#[specta::specta]
pub async fn traveller_tags(desk: State<'_, Desk>) -> Answer<Vec<String>> {
    desk.read(|store| store.traveller_tags()).await
}
