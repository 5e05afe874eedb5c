//! The commands and constants that the window knows, for the program and for the generated TypeScript.

use esim_watch_desk::deliveries::SEARCHED_BODIES;
use esim_watch_desk::export::export_columns;
use esim_watch_desk::{account, alert_settings, alerts, catch_up, esim_list, facts};
use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::commands::{about, desktop, export, questions};

/// The commands, for the program and for the generated TypeScript.
pub fn builder() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            questions::updates,
            questions::esims,
            questions::esim_keys,
            export::copy_iccids,
            questions::esim,
            questions::esim_events,
            questions::esim_usage,
            export::copy_for_support,
            questions::event_payload,
            questions::activity,
            questions::status_counts_at,
            questions::since_seen,
            questions::receipts,
            questions::mark_seen,
            questions::connection,
            questions::set_port,
            questions::set_public_url,
            questions::set_webhook_secret,
            questions::remove_webhook_secret,
            questions::drop_previous_secret,
            questions::refusals,
            questions::set_api_token,
            questions::remove_api_token,
            questions::try_api_token,
            questions::set_api_rate,
            questions::catch_up,
            questions::catch_up_esim,
            questions::cancel_catch_up,
            questions::deliveries,
            questions::delivery,
            questions::delivery_proof,
            export::copy_delivery_proof,
            questions::resend_delivery,
            questions::send_test_event,
            export::copy_rows,
            export::export,
            questions::cancel_export,
            export::show_in_folder,
            export::copy_text,
            questions::set_upgrade_consent,
            questions::look_for_upgrade,
            questions::install_upgrade,
            questions::stop_upgrade,
            questions::retention,
            questions::set_retention,
            questions::esim_traveller,
            questions::set_esim_traveller,
            questions::traveller_tags,
            questions::travellers,
            questions::preview_import,
            questions::import_travellers,
            questions::imports,
            questions::undo_import,
            questions::account,
            questions::alerts,
            questions::alert_groups,
            questions::acknowledge_alerts,
            questions::reopen_alerts,
            questions::snooze_alerts,
            questions::mute_esim,
            questions::esim_muted,
            questions::alert_settings,
            questions::set_alert_settings,
            questions::mute,
            questions::is_demo,
            questions::look,
            questions::system_language,
            questions::set_look,
            about::about,
            about::licences,
            desktop::desktop,
            desktop::set_close_to_tray,
            desktop::set_start_with_system,
            desktop::test_notification,
        ])
        .constant("API_RATES", catch_up::rate_bounds())
        .constant("API_RATE_VARIABLE", catch_up::RATE_VARIABLE)
        .constant("API_TOKEN_VARIABLE", catch_up::TOKEN_VARIABLE)
        .constant("BALANCES", facts::balances())
        .constant("ESIM_COLUMNS", esim_list::esim_columns())
        .constant("EVENT_ABOUTS", facts::event_abouts())
        .constant("EXPORT_COLUMNS", export_columns())
        .constant("LANGUAGES", facts::languages())
        .constant("LIMITS", facts::limits())
        .constant("NUMBERS", alert_settings::numbers())
        .constant("ORDER_STATES", account::ORDER_STATES)
        .constant("RULES", alert_settings::rules())
        .constant("RULE_ORDER", alert_settings::rule_order())
        .constant("SEARCHED_BODIES", SEARCHED_BODIES)
        .constant("STATUSES", facts::statuses())
        .constant("STATUS_ROLES", facts::status_roles())
        .constant("THRESHOLDS", facts::thresholds())
        .constant("USUAL_ALERT_SETTINGS", alert_settings::usual_settings())
        .constant("USUAL_ESIM_FILTER", esim_list::EsimFilter::default())
        .typ::<esim_list::EsimColumn>()
        .typ::<facts::Tone>()
        .typ::<alert_settings::NumberSetting>()
        .typ::<alerts::About>()
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
        .error_handling(ErrorHandlingMode::Throw)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    /// Fails when the committed file is stale; with `ESIM_WATCH_WRITE_BINDINGS=1` writes it.
    #[test]
    fn bindings_are_up_to_date() {
        let fresh = tempfile::tempdir().unwrap();
        let fresh = fresh.path().join("bindings.ts");
        super::builder()
            .export(Typescript::default(), &fresh)
            .unwrap();
        let fresh = std::fs::read_to_string(fresh).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/host/bindings.ts");
        if std::env::var_os("ESIM_WATCH_WRITE_BINDINGS").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap();
        assert!(
            committed == fresh,
            "ui/src/host/bindings.ts is stale: run `cargo xtask bindings`"
        );
    }
}
