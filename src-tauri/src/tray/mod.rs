//! The tray: the program's state at a glance, and a menu that leads back to the window.
//!
//! In: [`State`], whenever it changes. Out: [`Wish`]es, and [`TrayState`]: whether there is an icon at
//! all. The icon is made at run time and may be missing, so nothing else may depend on it.
//!
//! On Linux the icon is offered over D-Bus (tray-icon's `ksni`) instead of through
//! libayatana-appindicator: that library may not be installed, in which case its bindings panic, and
//! with it neither tooltips nor clicks arrive.

#[cfg(target_os = "linux")]
mod host;
mod icon;

use serde::Serialize;
use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};
use tokio::sync::{mpsc, oneshot, watch};

use crate::feed::Place;
use crate::wish::{Mute, Wish};

/// The icon's name among icons.
const ID: &str = "esim-watch";

/// Pixels of the icon, in each direction: twice what most panels show, because they scale.
const SIZE: u32 = 44;

/// Longest title in the menu, in characters.
const MAX_TITLE: usize = 60;

/// What the tray shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// New alerts, which wait for somebody to take them up.
    pub unread: u32,
    /// Whether the program can't hear, or can't keep what it hears.
    pub deaf: bool,
    /// The newest alerts, newest first: what a click opens, and one line.
    pub latest: Vec<(i64, String)>,
    /// Whether notifications are held back.
    pub muted: bool,
    /// Whether notifications don't reach the screen.
    pub silent: bool,
}

/// Whether there is an icon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TrayState {
    /// Not known yet.
    Starting,
    /// It is shown.
    Shown,
    /// This desktop has no place for icons.
    NoHost,
    /// It could not be made.
    Failed {
        /// Why.
        message: String,
    },
}

/// What the icon looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    Attention,
    Deaf,
}

/// Where the panel is watched: nothing to ask where every desktop has one.
pub type Bus = Option<crate::bus::Bus>;

/// Shows the icon as soon as there is a place for it, and keeps it up to date.
pub fn start(
    app: &AppHandle,
    bus: Bus,
    states: watch::Receiver<State>,
    wishes: mpsc::UnboundedSender<Wish>,
) -> watch::Receiver<TrayState> {
    let (told, tray) = watch::channel(TrayState::Starting);
    let heard = wishes.clone();
    app.on_menu_event(move |_, event: MenuEvent| {
        if let Some(wish) = wish_of(event.id().as_ref()) {
            // Who grants wishes is gone only while the program ends.
            let _ = heard.send(wish);
        }
    });
    tauri::async_runtime::spawn(keep_current(app.clone(), bus, states, wishes, told));
    tray
}

async fn keep_current(
    app: AppHandle,
    bus: Bus,
    mut states: watch::Receiver<State>,
    wishes: mpsc::UnboundedSender<Wish>,
    told: watch::Sender<TrayState>,
) {
    let mut host = host(bus);
    loop {
        let here = *host.borrow_and_update();
        let state = states.borrow_and_update().clone();
        if let Some(here) = here {
            let tray = match show(&app, here, state, wishes.clone()).await {
                Ok(true) => TrayState::Shown,
                Ok(false) => TrayState::NoHost,
                Err(message) => TrayState::Failed { message },
            };
            told.send_if_modified(|known| {
                let changed = *known != tray;
                if changed {
                    tracing::info!(?tray, "the tray icon");
                    *known = tray;
                }
                changed
            });
        }
        tokio::select! {
            Ok(()) = host.changed() => {}
            Ok(()) = states.changed() => {}
            else => return,
        }
    }
}

#[cfg(target_os = "linux")]
fn host(bus: Bus) -> watch::Receiver<Option<bool>> {
    match bus {
        Some(bus) => host::watch(bus),
        None => watch::channel(Some(false)).1,
    }
}

/// Windows and macOS always have a place for icons.
#[cfg(not(target_os = "linux"))]
fn host(_: Bus) -> watch::Receiver<Option<bool>> {
    watch::channel(Some(true)).1
}

/// Draws on the main thread, the only one that may. False: there is no place for the icon.
async fn show(
    app: &AppHandle,
    here: bool,
    state: State,
    wishes: mpsc::UnboundedSender<Wish>,
) -> Result<bool, String> {
    let (reply, drawn) = oneshot::channel();
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        let result = if here || handle.tray_by_id(ID).is_some() {
            draw(&handle, &state, wishes)
        } else {
            Ok(())
        };
        // Nobody waits for it only while the program ends.
        let _ = reply.send(result.map_err(|error| error.to_string()));
    });
    asked.map_err(|error| error.to_string())?;
    match drawn.await {
        Ok(result) => result.map(|()| here),
        Err(_) => Err("The program ends.".to_owned()),
    }
}

fn draw(app: &AppHandle, state: &State, wishes: mpsc::UnboundedSender<Wish>) -> tauri::Result<()> {
    let picture = Image::new_owned(icon::draw(state.mood(), SIZE), SIZE, SIZE);
    let menu = menu(app, state)?;
    match app.tray_by_id(ID) {
        Some(tray) => {
            tray.set_icon(Some(picture))?;
            tray.set_tooltip(Some(state.tooltip()))?;
            tray.set_menu(Some(menu))
        }
        None => TrayIconBuilder::with_id(ID)
            .icon(picture)
            .title(title_beside_the_icon())
            .tooltip(state.tooltip())
            .menu(&menu)
            // Where a click does not open the menu by custom, it opens the window.
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_tray_icon_event(move |_, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                    && !cfg!(target_os = "macos")
                {
                    // Who grants wishes is gone only while the program ends.
                    let _ = wishes.send(Wish::Show);
                }
            })
            .build(app)
            .map(drop),
    }
}

/// macOS writes the title beside the icon; on Linux it is what screen readers and panels call it.
fn title_beside_the_icon() -> &'static str {
    if cfg!(target_os = "macos") {
        ""
    } else {
        "eSIM Watch"
    }
}

impl State {
    fn mood(&self) -> Mood {
        match self {
            State { deaf: true, .. } => Mood::Deaf,
            State { unread: 1.., .. } | State { silent: true, .. } => Mood::Attention,
            _ => Mood::Well,
        }
    }

    /// The state in words.
    fn tooltip(&self) -> String {
        let state = match (self.deaf, self.unread) {
            (true, _) => "can't receive events; open it to see why".to_owned(),
            (false, 0) => "all well".to_owned(),
            (false, 1) => "1 new alert".to_owned(),
            (false, count) => format!("{count} new alerts"),
        };
        let notifications = match (self.silent, self.muted) {
            (true, _) => "; notifications are not shown",
            (false, true) => "; notifications are muted",
            (false, false) => "",
        };
        format!("eSIM Watch: {state}{notifications}")
    }

    /// The menu from top to bottom: identifier and text. No identifier: a line between.
    fn entries(&self) -> Vec<Option<(String, String)>> {
        let entry = |id: &str, text: &str| Some((id.to_owned(), text.to_owned()));
        let mut entries = vec![entry("open", "Open eSIM Watch")];
        if self.deaf {
            entries.push(entry("deaf", "No events can be received: see why"));
        }
        if self.silent {
            entries.push(entry("silent", "Notifications are not shown: see why"));
        }
        entries.push(None);
        for (id, title) in &self.latest {
            entries.push(Some((format!("{ALERT}{id}"), plain(title))));
        }
        if self.unread > 0 {
            entries.push(entry(
                "alerts",
                &format!("All alerts ({} new)", self.unread),
            ));
        } else {
            entries.push(entry("alerts", "All alerts"));
        }
        entries.push(None);
        if self.muted {
            entries.push(entry("unmute", "Show notifications again"));
        } else {
            entries.push(entry("mute-hour", "Mute notifications for 1 hour"));
            entries.push(entry("mute-tomorrow", "Mute notifications until tomorrow"));
        }
        entries.extend([None, entry("quit", "Quit eSIM Watch")]);
        entries
    }
}

/// What an alert's identifier in the menu begins with.
const ALERT: &str = "alert:";

fn wish_of(id: &str) -> Option<Wish> {
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

fn menu(app: &AppHandle, state: &State) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for entry in state.entries() {
        match entry {
            Some((id, text)) => {
                menu.append(&MenuItem::with_id(app, id, text, true, None::<&str>)?)?;
            }
            None => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            unread: 3,
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
        let deaf = State {
            deaf: true,
            ..state()
        };
        assert_eq!(deaf.mood(), Mood::Deaf);
    }

    #[test]
    fn the_tooltip_says_it_in_words() {
        assert_eq!(State::default().tooltip(), "eSIM Watch: all well");
        let muted = State {
            muted: true,
            ..state()
        };
        assert_eq!(
            muted.tooltip(),
            "eSIM Watch: 3 new alerts; notifications are muted"
        );
    }

    #[test]
    fn notifications_that_reach_nobody_are_told_in_every_way() {
        let silent = State {
            silent: true,
            ..State::default()
        };
        assert_eq!(silent.mood(), Mood::Attention);
        assert_eq!(
            silent.tooltip(),
            "eSIM Watch: all well; notifications are not shown"
        );
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
