//! Lists as files for a spreadsheet, and what goes onto the system's clipboard.

use std::collections::BTreeMap;
use std::path::PathBuf;

use esim_watch_desk::delivery_proof::ProofSpan;
use esim_watch_desk::export::{ExportProgress, ExportRequest, Exported};
use esim_watch_desk::{Answer, Desk, DeskError};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use crate::desktop::clipboard::{self, Copied};

/// Writes a list into a file in the downloads folder.
#[tauri::command]
#[specta::specta]
pub async fn export(
    desk: State<'_, Desk>,
    request: ExportRequest,
    progress: Channel<ExportProgress>,
) -> Answer<Exported> {
    let told = move |how_far| {
        if let Err(error) = progress.send(how_far) {
            tracing::debug!(%error, "the window is not listening");
        }
    };
    desk.export(request, told).await
}

/// Copies eSIMs into the clipboard as a table below these headings (as of an export of eSIMs), for a spreadsheet or
/// a mail. Gives how many rows it has.
#[tauri::command]
#[specta::specta]
pub async fn copy_rows(
    app: AppHandle,
    desk: State<'_, Desk>,
    keys: Vec<String>,
    headings: BTreeMap<String, String>,
) -> Answer<u32> {
    let (table, count) = desk.table_of(keys, headings).await?;
    let copied = Copied {
        text: table.text,
        html: Some(table.html),
    };
    clipboard::put(&app, copied)
        .await
        .map_err(DeskError::Clipboard)?;
    Ok(count)
}

/// Puts the ICCIDs of these eSIMs on the clipboard, a line each; answers how many there were.
#[tauri::command]
#[specta::specta]
pub async fn copy_iccids(app: AppHandle, desk: State<'_, Desk>, keys: Vec<String>) -> Answer<u32> {
    let iccids = desk.iccids(keys).await?;
    if !iccids.is_empty() {
        copy(&app, iccids.join("\n")).await?;
    }
    Ok(u32::try_from(iccids.len()).unwrap_or(u32::MAX))
}

/// Puts all that the provider's support asks for about an eSIM on the clipboard, as plain text, and gives it.
#[tauri::command]
#[specta::specta]
pub async fn copy_for_support(
    app: AppHandle,
    desk: State<'_, Desk>,
    key: String,
) -> Answer<String> {
    let text = desk.for_support(key).await?;
    copy(&app, text.clone()).await?;
    Ok(text)
}

/// Puts what a span shows of the delivery of webhooks on the clipboard, as text for the provider's support.
#[tauri::command]
#[specta::specta]
pub async fn copy_delivery_proof(
    app: AppHandle,
    desk: State<'_, Desk>,
    span: ProofSpan,
) -> Answer<()> {
    copy(&app, desk.delivery_proof_for_support(span).await?).await
}

/// Puts text on the system's clipboard.
#[tauri::command]
#[specta::specta]
pub async fn copy_text(app: AppHandle, text: String) -> Answer<()> {
    copy(&app, text).await
}

async fn copy(app: &AppHandle, text: String) -> Answer<()> {
    let copied = Copied { text, html: None };
    let put = clipboard::put(app, copied).await;
    put.map_err(|reason| DeskError::Clipboard(reason).into())
}

/// Shows a file in the system's file manager.
#[tauri::command]
#[specta::specta]
pub async fn show_in_folder(app: AppHandle, path: String) -> Answer<()> {
    app.opener().reveal_item_in_dir(&path).map_err(|error| {
        let reason = error.to_string();
        let path = PathBuf::from(&path);
        DeskError::ShowInFolder { path, reason }.into()
    })
}
