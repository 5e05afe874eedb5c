//! The inbox: alerts, what is done to them, and the rules; and the account that some of them are about.

use std::collections::BTreeMap;

use esim_watch_core::alert::{AlertSettings, Rule, RuleSetting, Severity};
use esim_watch_core::clock::now_ms;
use esim_watch_core::inbox::{AlertGroup, AlertPage};
use esim_watch_core::store::{Account, AlertQuery, AlertStep};
use serde::Serialize;
use tauri::State;

use super::{Answer, CommandError};
use crate::Desk;

/// Longest note on an alert, in characters.
const MAX_NOTE: usize = 2000;

/// The partner's account: balance, orders, refunds.
#[tauri::command]
#[specta::specta]
pub async fn account(desk: State<'_, Desk>) -> Answer<Account> {
    desk.read(|store| store.account()).await
}

/// One page of the inbox.
#[tauri::command]
#[specta::specta]
pub async fn alerts(desk: State<'_, Desk>, query: AlertQuery) -> Answer<AlertPage> {
    let voice = desk.voice.clone();
    let now = now_ms().div_euclid(1000);
    desk.read(move |store| AlertPage::read(store, &query, now, &voice))
        .await
}

/// What is new, by rule.
#[tauri::command]
#[specta::specta]
pub async fn alert_groups(desk: State<'_, Desk>) -> Answer<Vec<AlertGroup>> {
    let voice = desk.voice.clone();
    let now = now_ms().div_euclid(1000);
    desk.read(move |store| AlertGroup::read_all(store, now, &voice))
        .await
}

/// Takes alerts up, with a note or without.
#[tauri::command]
#[specta::specta]
pub async fn acknowledge_alerts(
    desk: State<'_, Desk>,
    ids: Vec<i64>,
    note: Option<String>,
) -> Answer<()> {
    let note = note.map(|note| note.trim().chars().take(MAX_NOTE).collect());
    desk.alert_step(AlertStep::Acknowledge { ids, note }).await
}

/// Makes alerts new again.
#[tauri::command]
#[specta::specta]
pub async fn reopen_alerts(desk: State<'_, Desk>, ids: Vec<i64>) -> Answer<()> {
    desk.alert_step(AlertStep::Reopen { ids }).await
}

/// Puts alerts off until then (UTC seconds); they are new again and told again.
#[tauri::command]
#[specta::specta]
pub async fn snooze_alerts(desk: State<'_, Desk>, ids: Vec<i64>, until: i64) -> Answer<()> {
    desk.alert_step(AlertStep::Snooze { ids, until }).await
}

/// Holds back the notifications of one eSIM, or no more.
#[tauri::command]
#[specta::specta]
pub async fn mute_esim(desk: State<'_, Desk>, key: String, muted: bool) -> Answer<()> {
    let row = desk.read(move |store| store.esim_row(&key)).await?;
    match row {
        Some(esim) => desk.alert_step(AlertStep::Mute { esim, muted }).await,
        None => Ok(()),
    }
}

/// Whether the notifications of one eSIM are held back.
#[tauri::command]
#[specta::specta]
pub async fn esim_muted(desk: State<'_, Desk>, key: String) -> Answer<bool> {
    desk.read(move |store| match store.esim_row(&key)? {
        Some(row) => store.is_muted(row),
        None => Ok(false),
    })
    .await
}

/// The rules as they are set.
#[tauri::command]
#[specta::specta]
pub async fn alert_settings(desk: State<'_, Desk>) -> Answer<AlertSettings> {
    Ok(desk.inbox()?.settings())
}

/// Sets the rules; they count at once.
#[tauri::command]
#[specta::specta]
pub async fn set_alert_settings(
    desk: State<'_, Desk>,
    settings: AlertSettings,
) -> Answer<AlertSettings> {
    settings
        .check()
        .map_err(|error| CommandError::new(&error))?;
    let inbox = desk.inbox()?;
    inbox
        .set_settings(settings)
        .await
        .map_err(|error| CommandError::new(&error))?;
    Ok(inbox.settings())
}

/// Holds notifications back until then (UTC seconds); null: no more.
#[tauri::command]
#[specta::specta]
pub async fn mute(desk: State<'_, Desk>, until: Option<i64>) -> Answer<()> {
    let inbox = desk.inbox()?;
    let settings = AlertSettings {
        muted_until: until,
        ..inbox.settings()
    };
    inbox
        .set_settings(settings)
        .await
        .map_err(|error| CommandError::new(&error))
}

/// A rule as the window lists it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleInfo {
    severity: Severity,
    /// What is done with its alerts unless the user says otherwise.
    usual: RuleSetting,
}

/// Every rule, in order.
pub(super) fn rules() -> BTreeMap<Rule, RuleInfo> {
    let info = |rule: &Rule| {
        let info = RuleInfo {
            severity: rule.severity(),
            usual: RuleSetting::default_of(*rule),
        };
        (*rule, info)
    };
    Rule::ALL.iter().map(info).collect()
}
