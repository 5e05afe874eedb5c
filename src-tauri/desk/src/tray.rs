//! What the tray shows of the program's state: at a glance, in words, and as a menu. Pure: it must not
//! know how any of it is drawn.

use esim_watch_core::catalogue::{Catalogue, Language};
use esim_watch_core::inbox;
use esim_watch_core::message::Message;

use crate::desktop::NotificationState;
use crate::feed::Place;
use crate::intent::{Intent, Mute};

/// Longest title in the menu, in characters.
const MAX_TITLE_CHARS: usize = 60;

/// What the tray shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrayContent {
    /// New alerts, which wait for somebody to take them up.
    pub unread: u32,
    /// Those of them that are more than news: what the window's title and its badge count.
    pub attention: u32,
    /// Whether the program can't hear, or can't keep what it hears.
    pub deaf: bool,
    /// The newest alerts, newest first: what a click opens, and one line.
    pub latest: Vec<(i64, String)>,
    /// Whether notifications are held back.
    pub muted: bool,
    /// Whether notifications don't reach the screen.
    pub silent: bool,
    /// In which language it says so.
    pub language: Language,
}

/// What the icon looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// A SIM on a tile.
    Well,
    /// The same with a warning.
    Attention,
    /// Struck through.
    Deaf,
}

impl TrayContent {
    /// What the inbox and the notifications tell.
    pub(crate) fn of(
        inbox: &inbox::Summary,
        notifications: &NotificationState,
        language: Language,
    ) -> TrayContent {
        let latest = inbox.latest.iter();
        let catalogue = Catalogue::of(language);
        let shown = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        TrayContent {
            unread: shown(inbox.counts.unread),
            attention: shown(inbox.counts.attention),
            deaf: inbox.deaf,
            latest: latest
                .map(|headline| (headline.id, catalogue.text(&headline.title)))
                .collect(),
            muted: inbox.muted_until.is_some(),
            silent: *notifications != NotificationState::Ok,
            language,
        }
    }

    /// At a glance.
    #[must_use]
    pub fn mood(&self) -> Mood {
        match self {
            TrayContent { deaf: true, .. } => Mood::Deaf,
            TrayContent { attention: 1.., .. } | TrayContent { silent: true, .. } => {
                Mood::Attention
            }
            _ => Mood::Well,
        }
    }

    /// The same in words.
    #[must_use]
    pub fn words(&self) -> String {
        let catalogue = Catalogue::of(self.language);
        let text = |key| catalogue.plain(key);
        let state = match (self.deaf, self.unread) {
            (true, _) => text("tray.deaf"),
            (false, 0) => text("tray.well"),
            (false, count) => catalogue.text(&Message::of("tray.new").with("count", count)),
        };
        match (self.silent, self.muted) {
            (true, _) => format!("{state}; {}", text("tray.silent")),
            (false, true) => format!("{state}; {}", text("tray.muted")),
            (false, false) => state,
        }
    }

    /// The menu from top to bottom: identifier and text. No identifier: a line between.
    #[must_use]
    pub fn entries(&self) -> Vec<Option<(String, String)>> {
        let catalogue = Catalogue::of(self.language);
        let entry = |id: &str, key: &str| Some((id.to_owned(), catalogue.plain(key)));
        let mut entries = vec![entry("open", "tray.open")];
        if self.deaf {
            entries.push(entry("deaf", "tray.deafWhy"));
        }
        if self.silent {
            entries.push(entry("silent", "tray.silentWhy"));
        }
        entries.push(None);
        for (id, title) in &self.latest {
            entries.push(Some((format!("{ALERT_PREFIX}{id}"), plain(title))));
        }
        if self.unread > 0 {
            let text = Message::of("tray.alertsNew").with("count", self.unread);
            let text = catalogue.text(&text);
            entries.push(Some(("alerts".to_owned(), text)));
        } else {
            entries.push(entry("alerts", "tray.alerts"));
        }
        entries.push(None);
        if self.muted {
            entries.push(entry("unmute", "tray.unmute"));
        } else {
            entries.push(entry("mute-hour", "tray.muteHour"));
            entries.push(entry("mute-tomorrow", "tray.muteTomorrow"));
        }
        entries.extend([None, entry("quit", "tray.quit")]);
        entries
    }
}

/// What an alert's identifier in the menu begins with.
const ALERT_PREFIX: &str = "alert:";

/// What an entry with this identifier asks for.
#[must_use]
pub fn intent_of(id: &str) -> Option<Intent> {
    Some(match id {
        "open" | "silent" => Intent::Show,
        "deaf" => Intent::Open(Place::Connection),
        "alerts" => Intent::Open(Place::Alerts),
        "mute-hour" => Intent::Mute(Mute::Hour),
        "mute-tomorrow" => Intent::Mute(Mute::UntilTomorrow),
        "unmute" => Intent::Mute(Mute::Off),
        "quit" => Intent::Quit,
        other => Intent::OpenAlert(other.strip_prefix(ALERT_PREFIX)?.parse().ok()?),
    })
}

/// A title as a menu shows it: short, and an ampersand is one.
fn plain(title: &str) -> String {
    let short = if title.chars().count() > MAX_TITLE_CHARS {
        title
            .chars()
            .take(MAX_TITLE_CHARS - 1)
            .chain(['…'])
            .collect()
    } else {
        title.to_owned()
    };
    short.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> TrayContent {
        TrayContent {
            unread: 3,
            attention: 1,
            latest: vec![(7, "Revoked: Smith & Sons".to_owned()), (5, "x".repeat(80))],
            ..TrayContent::default()
        }
    }

    fn texts(state: &TrayContent) -> Vec<String> {
        let entries = state.entries().into_iter();
        entries.flatten().map(|(_, text)| text).collect()
    }

    #[test]
    fn deafness_outranks_attention() {
        assert_eq!(TrayContent::default().mood(), Mood::Well);
        assert_eq!(state().mood(), Mood::Attention);
        let news = TrayContent {
            attention: 0,
            ..state()
        };
        assert_eq!(news.mood(), Mood::Well, "an activation needs nobody");
        let deaf = TrayContent {
            deaf: true,
            ..state()
        };
        assert_eq!(deaf.mood(), Mood::Deaf);
    }

    #[test]
    fn the_state_is_told_in_words() {
        assert_eq!(TrayContent::default().words(), "All well");
        let muted = TrayContent {
            muted: true,
            ..state()
        };
        assert_eq!(muted.words(), "3 new alerts; notifications are muted");
    }

    #[test]
    fn notifications_that_reach_nobody_are_told_in_every_way() {
        let silent = TrayContent {
            silent: true,
            ..TrayContent::default()
        };
        assert_eq!(silent.mood(), Mood::Attention);
        assert_eq!(silent.words(), "All well; notifications are not shown");
        assert_eq!(texts(&silent)[1], "Notifications are not shown: see why");
    }

    #[test]
    fn open_comes_first_and_quit_last() {
        assert_eq!(
            texts(&TrayContent::default()),
            [
                "Open eSIM Watch",
                "All alerts",
                "Mute notifications for 1 hour",
                "Mute notifications until tomorrow",
                "Quit eSIM Watch"
            ]
        );
    }

    #[test]
    fn the_latest_alerts_are_in_the_menu_in_short() {
        let texts = texts(&state());
        assert_eq!(texts[1], "Revoked: Smith && Sons");
        assert_eq!(texts[2].chars().count(), MAX_TITLE_CHARS);
        assert_eq!(texts[3], "All alerts (3 new)");
    }

    #[test]
    fn every_entry_is_an_intent() {
        let muted = TrayContent {
            muted: true,
            deaf: true,
            silent: true,
            ..state()
        };
        let intents: Vec<_> = [state(), muted]
            .iter()
            .flat_map(TrayContent::entries)
            .flatten()
            .map(|(id, _)| intent_of(&id))
            .collect();
        assert!(intents.iter().all(Option::is_some), "{intents:?}");
        assert!(intents.contains(&Some(Intent::OpenAlert(7))));
        assert!(intents.contains(&Some(Intent::Mute(Mute::Off))));
        assert_eq!(intent_of("alert:x"), None);
    }
}
