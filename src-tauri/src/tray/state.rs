//! What the tray shows of the program's state: at a glance, in words, and as a menu. Pure: it must not
//! know how any of it is drawn.

use esim_watch_core::words::{Language, Value, Words};

use crate::feed::Place;
use crate::wish::{Mute, Wish};

/// Longest title in the menu, in characters.
const MAX_TITLE: usize = 60;

/// What the tray shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// New alerts, which wait for somebody to take them up.
    pub unread: u32,
    /// Whether one of them is more than news.
    pub attention: bool,
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

impl State {
    /// At a glance.
    pub fn mood(&self) -> Mood {
        match self {
            State { deaf: true, .. } => Mood::Deaf,
            State {
                attention: true, ..
            }
            | State { silent: true, .. } => Mood::Attention,
            _ => Mood::Well,
        }
    }

    /// The same in words.
    pub fn words(&self) -> String {
        let words = Words::of(self.language);
        let say = |key| words.say(key, &[]);
        let state = match (self.deaf, self.unread) {
            (true, _) => say("tray.deaf"),
            (false, 0) => say("tray.well"),
            (false, count) => words.say("tray.new", &[("count", Value::Count(count.into()))]),
        };
        match (self.silent, self.muted) {
            (true, _) => format!("{state}; {}", say("tray.silent")),
            (false, true) => format!("{state}; {}", say("tray.muted")),
            (false, false) => state,
        }
    }

    /// The menu from top to bottom: identifier and text. No identifier: a line between.
    pub fn entries(&self) -> Vec<Option<(String, String)>> {
        let words = Words::of(self.language);
        let entry = |id: &str, key: &str| Some((id.to_owned(), words.say(key, &[])));
        let mut entries = vec![entry("open", "tray.open")];
        if self.deaf {
            entries.push(entry("deaf", "tray.deafWhy"));
        }
        if self.silent {
            entries.push(entry("silent", "tray.silentWhy"));
        }
        entries.push(None);
        for (id, title) in &self.latest {
            entries.push(Some((format!("{ALERT}{id}"), plain(title))));
        }
        if self.unread > 0 {
            let count = Value::Count(self.unread.into());
            let text = words.say("tray.alertsNew", &[("count", count)]);
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
const ALERT: &str = "alert:";

/// What an entry with this identifier asks for.
pub fn wish_of(id: &str) -> Option<Wish> {
    Some(match id {
        "open" | "silent" => Wish::Show,
        "deaf" => Wish::Open(Place::Connection),
        "alerts" => Wish::Open(Place::Alerts),
        "mute-hour" => Wish::Mute(Mute::Hour),
        "mute-tomorrow" => Wish::Mute(Mute::UntilTomorrow),
        "unmute" => Wish::Mute(Mute::Off),
        "quit" => Wish::Quit,
        other => Wish::OpenAlert(other.strip_prefix(ALERT)?.parse().ok()?),
    })
}

/// A title as a menu shows it: short, and an ampersand is one.
fn plain(title: &str) -> String {
    let short = if title.chars().count() > MAX_TITLE {
        title.chars().take(MAX_TITLE - 1).chain(['…']).collect()
    } else {
        title.to_owned()
    };
    short.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            unread: 3,
            attention: true,
            latest: vec![(7, "Revoked: Smith & Sons".to_owned()), (5, "x".repeat(80))],
            ..State::default()
        }
    }

    fn texts(state: &State) -> Vec<String> {
        let entries = state.entries().into_iter();
        entries.flatten().map(|(_, text)| text).collect()
    }

    #[test]
    fn deafness_outranks_attention() {
        assert_eq!(State::default().mood(), Mood::Well);
        assert_eq!(state().mood(), Mood::Attention);
        let news = State {
            attention: false,
            ..state()
        };
        assert_eq!(news.mood(), Mood::Well, "an activation needs nobody");
        let deaf = State {
            deaf: true,
            ..state()
        };
        assert_eq!(deaf.mood(), Mood::Deaf);
    }

    #[test]
    fn the_state_is_told_in_words() {
        assert_eq!(State::default().words(), "All well");
        let muted = State {
            muted: true,
            ..state()
        };
        assert_eq!(muted.words(), "3 new alerts; notifications are muted");
    }

    #[test]
    fn notifications_that_reach_nobody_are_told_in_every_way() {
        let silent = State {
            silent: true,
            ..State::default()
        };
        assert_eq!(silent.mood(), Mood::Attention);
        assert_eq!(silent.words(), "All well; notifications are not shown");
        assert_eq!(texts(&silent)[1], "Notifications are not shown: see why");
    }

    #[test]
    fn open_comes_first_and_quit_last() {
        assert_eq!(
            texts(&State::default()),
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
        assert_eq!(texts[2].chars().count(), MAX_TITLE);
        assert_eq!(texts[3], "All alerts (3 new)");
    }

    #[test]
    fn every_entry_is_a_wish() {
        let muted = State {
            muted: true,
            deaf: true,
            silent: true,
            ..state()
        };
        let wishes: Vec<_> = [state(), muted]
            .iter()
            .flat_map(State::entries)
            .flatten()
            .map(|(id, _)| wish_of(&id))
            .collect();
        assert!(wishes.iter().all(Option::is_some), "{wishes:?}");
        assert!(wishes.contains(&Some(Wish::OpenAlert(7))));
        assert!(wishes.contains(&Some(Wish::Mute(Mute::Off))));
        assert_eq!(wish_of("alert:x"), None);
    }
}
