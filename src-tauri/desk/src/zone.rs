//! The desk's time zone: a laptop travels.

use std::time::Duration;

use esim_watch_core::catalogue::SharedLanguage;
use esim_watch_core::inbox::Inbox;
use jiff::tz::TimeZone;

/// How often the system is asked where it is.
const ASKED_EVERY: Duration = Duration::from_secs(60);

/// Follows the system's time zone. Never ends by itself.
pub(crate) async fn follow(language: SharedLanguage, inbox: Inbox) {
    let mut ticks = tokio::time::interval(ASKED_EVERY);
    loop {
        ticks.tick().await;
        take(&language, &inbox, TimeZone::system()).await;
    }
}

async fn take(language: &SharedLanguage, inbox: &Inbox, zone: TimeZone) {
    if language.set_zone(zone) {
        tracing::info!("the time zone is another one");
        inbox.moved().await;
    }
}
