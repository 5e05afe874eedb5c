//! The tray: the program's state at a glance, and a menu that leads back to the window.
//!
//! In: [`TrayContent`], whenever it changes. Out: [`Intent`]s, and [`TrayState`]: whether there is an icon at
//! all. The icon is made at run time and may be missing, so nothing else may depend on it.
//!
//! On Linux the icon is offered over D-Bus (tray-icon's `ksni`) instead of through
//! libayatana-appindicator: that library may not be installed, in which case its bindings panic, and
//! with it neither tooltips nor clicks arrive.

use esim_watch_core::message::ToMessage;
use esim_watch_desk::desktop::{TrayReason, TrayState};
use esim_watch_desk::intent::Intent;
use esim_watch_desk::pictures;
use esim_watch_desk::tray::{TrayContent, intent_of};
use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};
use tokio::sync::{mpsc, oneshot, watch};

use super::bus::Bus;

/// The icon's name among icons.
const TRAY_ID: &str = "esim-watch";

/// Pixels of the icon, in each direction: twice what most panels show, because they scale.
const ICON_PIXELS: u32 = 44;

/// Shows the icon as soon as there is a place for it, and keeps it up to date.
pub fn start(
    app: &AppHandle,
    bus: Option<Bus>,
    contents: watch::Receiver<TrayContent>,
    intents: mpsc::UnboundedSender<Intent>,
) -> watch::Receiver<TrayState> {
    let (told, tray) = watch::channel(TrayState::Starting);
    let heard = intents.clone();
    app.on_menu_event(move |_, event: MenuEvent| {
        if let Some(intent) = intent_of(event.id().as_ref()) {
            // Who carries intents out is gone only while the program ends.
            let _ = heard.send(intent);
        }
    });
    tauri::async_runtime::spawn(keep_current(app.clone(), bus, contents, intents, told));
    tray
}

async fn keep_current(
    app: AppHandle,
    bus: Option<Bus>,
    mut contents: watch::Receiver<TrayContent>,
    intents: mpsc::UnboundedSender<Intent>,
    told: watch::Sender<TrayState>,
) {
    let mut host = host(bus);
    loop {
        let here = *host.borrow_and_update();
        let content = contents.borrow_and_update().clone();
        if let Some(here) = here {
            let tray = match show(&app, here, content, intents.clone()).await {
                Ok(true) => TrayState::Shown,
                Ok(false) => TrayState::NoHost,
                Err(reason) => TrayState::Failed {
                    message: reason.to_message().into(),
                },
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
            Ok(()) = contents.changed() => {}
            else => return,
        }
    }
}

#[cfg(target_os = "linux")]
fn host(bus: Option<Bus>) -> watch::Receiver<Option<bool>> {
    match bus {
        Some(bus) => esim_watch_freedesktop::tray_host::watch(bus),
        None => watch::channel(Some(false)).1,
    }
}

/// Windows and macOS always have a place for icons.
#[cfg(not(target_os = "linux"))]
fn host(_: Option<Bus>) -> watch::Receiver<Option<bool>> {
    watch::channel(Some(true)).1
}

/// Draws on the main thread, the only one that may. False: there is no place for the icon.
async fn show(
    app: &AppHandle,
    here: bool,
    content: TrayContent,
    intents: mpsc::UnboundedSender<Intent>,
) -> Result<bool, TrayReason> {
    let (reply, drawn) = oneshot::channel();
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        let result = if here || handle.tray_by_id(TRAY_ID).is_some() {
            draw(&handle, &content, intents)
        } else {
            Ok(())
        };
        // Nobody waits for it only while the program ends.
        let _ = reply.send(result);
    });
    let failed = |error: tauri::Error| TrayReason::Failed(error.to_string());
    asked.map_err(failed)?;
    match drawn.await {
        Ok(result) => result.map(|()| here).map_err(failed),
        Err(_) => Err(TrayReason::Ends),
    }
}

fn draw(
    app: &AppHandle,
    content: &TrayContent,
    intents: mpsc::UnboundedSender<Intent>,
) -> tauri::Result<()> {
    let picture = Image::new_owned(
        pictures::tray::draw(content.mood(), ICON_PIXELS),
        ICON_PIXELS,
        ICON_PIXELS,
    );
    let menu = menu(app, content)?;
    match app.tray_by_id(TRAY_ID) {
        Some(tray) => {
            tray.set_icon(Some(picture))?;
            tray.set_tooltip(Some(tooltip(content)))?;
            tray.set_menu(Some(menu))
        }
        None => TrayIconBuilder::with_id(TRAY_ID)
            .icon(picture)
            .title(title_beside_the_icon())
            .tooltip(tooltip(content))
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
                    // Who carries intents out is gone only while the program ends.
                    let _ = intents.send(Intent::Show);
                }
            })
            .build(app)
            .map(drop),
    }
}

/// On Linux the title stands above it.
fn tooltip(content: &TrayContent) -> String {
    if cfg!(target_os = "linux") {
        content.words()
    } else {
        format!("eSIM Watch\n{}", content.words())
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

fn menu(app: &AppHandle, content: &TrayContent) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for entry in content.entries() {
        match entry {
            Some((id, text)) => {
                menu.append(&MenuItem::with_id(app, id, text, true, None::<&str>)?)?;
            }
            None => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}
