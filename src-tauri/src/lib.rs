//! The desktop shell: a window, a tray icon and notifications around a [`Desk`].
//!
//! In: what the window's page asks, and what a person asks for in the tray or on a notification. Out: each question
//! handed on to the desk, each thing to be shown handed to the system. It decides nothing about events or what a
//! window may see: that is core's and the desk's.
//!
//! [`Desk`]: esim_watch_desk::Desk

mod args;
mod bindings;
mod commands;
mod desktop;
mod failure;
mod log;
mod quit;
mod renderer;
mod window;

use std::process::ExitCode;

use clap::Parser;
use esim_watch_desk::{Desk, DeskOptions};
use tauri::{App, AppHandle, Manager, RunEvent};

use args::Args;
use desktop::Desktop;

/// Runs the program until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    renderer::choose();
    log::begin(args.data_dir().as_deref());
    if args.quit {
        return quit::run();
    }
    if let Err(status) = failure::check_web_view() {
        return status;
    }
    let commands = bindings::builder();
    let builder = tauri::Builder::default()
        // First, so that a second start does nothing else than show this one.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            if args::passes_on_quit(&arguments) {
                app.exit(0);
            } else if !args::minimized(&arguments) {
                // One that starts with the system beside this one wants nothing to be seen.
                window::show(app);
            }
        }))
        .plugin(
            tauri_plugin_autostart::Builder::new()
                .app_name("eSIM Watch")
                .args(args.for_autostart())
                .build(),
        )
        .plugin(tauri_plugin_opener::init());
    // There, bus and GTK are asked directly.
    #[cfg(not(target_os = "linux"))]
    let builder = builder
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_clipboard_manager::init());
    let built = builder
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| {
            if args.pass_on_quit {
                // The one that was to end has ended by itself meanwhile.
                app.handle().exit(0);
                return Ok(());
            }
            // Of an error Tauri would make a panic, which nobody sees.
            if let Err(error) = set_up(app, args) {
                failure::could_not_start(&error);
                app.handle().exit(1);
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| match event {
                RunEvent::Exit => {
                    if let Some(desk) = app.try_state::<Desk>() {
                        tauri::async_runtime::block_on(desk.shutdown());
                    }
                }
                // The icon in the dock, when the window is hidden.
                #[cfg(target_os = "macos")]
                RunEvent::Reopen { .. } => window::show(app),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            failure::could_not_start(&error);
            ExitCode::FAILURE
        }
    }
}

/// Held until the program has ended.
struct RunningLock(#[expect(dead_code, reason = "held, not read")] Option<std::fs::File>);

fn set_up(app: &mut App, args: Args) -> tauri::Result<()> {
    let minimized = args.minimized;
    app.manage(RunningLock(quit::hold()));
    #[cfg(unix)]
    quit::with_the_system(app.handle().clone());
    #[cfg(windows)]
    desktop::registration::register(args.data_dir().as_deref());
    // The web view's own processes start beside the engine. The page asks for nothing before this is done:
    // both need the main thread.
    window::open(app, !minimized, stays_in_tray)?;
    let (desk, notices) = tauri::async_runtime::block_on(Desk::start(DeskOptions {
        data_dir: args.data_dir(),
        port: args.port,
    }));
    // One that could not start says so, however it was started.
    let hidden = minimized && desk.has_started();
    if minimized && !hidden {
        window::show(app.handle());
    }
    app.manage(desk);
    let desktop = tauri::async_runtime::block_on(Desktop::start(app.handle(), notices));
    if hidden {
        tauri::async_runtime::spawn(window::settle(app.handle().clone(), desktop.tray()));
    }
    app.manage(desktop);
    Ok(())
}

/// Whether the program goes on in the tray when its window is closed; then a person is told so, once.
fn stays_in_tray(app: &AppHandle) -> bool {
    let (Some(desktop), Some(desk)) = (app.try_state::<Desktop>(), app.try_state::<Desk>()) else {
        return false;
    };
    let stays = desktop.has_tray() && desk.closes_to_tray() && window::hide(app);
    if stays && desk.tells_of_tray() {
        desktop.tell_of_tray();
    }
    stays
}
