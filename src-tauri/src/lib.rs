//! The desktop shell: puts the engine, the window, the notifications and the tray together.
//!
//! In: what the engine committed and whom it wants alerted; what the window and the tray ask. Out:
//! updates to the window, notifications and a tray icon on the desktop. It decides nothing about
//! events: that is core's.

mod args;
#[cfg(target_os = "linux")]
mod bus;
#[cfg(not(target_os = "linux"))]
#[path = "no_bus.rs"]
mod bus;
mod commands;
mod desktop;
mod feed;
mod list;
mod notify;
mod preferences;
mod renderer;
mod tray;
mod window;
mod wish;

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use esim_watch_core::engine::{Engine, EngineError, Options};
use esim_watch_core::inbox::{Inbox, Notices};
use esim_watch_core::secret::Secrets;
use esim_watch_core::words::{Tongue, Voice};
use jiff::tz::TimeZone;
use tauri::{App, Manager, RunEvent};
use tracing_subscriber::EnvFilter;

use args::Args;
use desktop::Desktop;
use feed::{Failure, Feed};
use list::List;
use preferences::Preferences;

/// What the commands work on.
struct Desk {
    /// The engine, or why there is none.
    engine: Result<Arc<Engine>, Failure>,
    /// The inbox, unless the program could not start.
    inbox: Option<Inbox>,
    /// How the desk is spoken to.
    voice: Voice,
    /// The eSIMs, as the window pages through them.
    list: List,
    feed: Feed,
}

/// Runs the program until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    renderer::choose();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        // What zbus warns of is told by whoever asked it, or no matter: a connection that is closed.
        EnvFilter::new("info,zbus=error")
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that can't be written, on a full disk for instance, would be told on stderr: a panic.
        .log_internal_errors(false)
        .init();
    let commands = commands::builder();
    let built = tauri::Builder::default()
        // First, so that a second start does nothing else than show this one.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            // One that starts with the system beside this one wants nothing to be seen.
            if !args::minimized(&arguments) {
                window::show(app);
            }
        }))
        .plugin(
            tauri_plugin_autostart::Builder::new()
                .app_name("eSIM Watch")
                .args(args.for_autostart())
                .build(),
        )
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| Ok(set_up(app, args)?))
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| match event {
                RunEvent::Exit => {
                    let desk = app.state::<Desk>();
                    if let Ok(engine) = &desk.engine {
                        tauri::async_runtime::block_on(engine.shutdown());
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
            tracing::error!(%error, "the program could not start");
            ExitCode::FAILURE
        }
    }
}

fn set_up(app: &mut App, args: Args) -> tauri::Result<()> {
    let data_dir = args.data_dir().ok();
    let minimized = args.minimized;
    // The web view's own processes start beside the engine. The page asks for nothing before this is done:
    // both need the main thread.
    window::open(app, !minimized)?;
    let preferences = Preferences::load(data_dir.as_deref());
    let look = preferences.get().look;
    let voice = Voice {
        zone: TimeZone::system(),
        tongue: Tongue::of(look.language(), look.clock()),
    };
    let started = tauri::async_runtime::block_on(start(args, voice.clone()));
    let started = started.map_err(|error| {
        tracing::error!(%error, "the engine could not start");
        Failure::new(&error)
    });
    let (engine, inbox, notices) = match started {
        Ok((engine, inbox, notices)) => (Ok(engine), Some(inbox), Some(notices)),
        Err(failure) => (Err(failure), None, None),
    };
    let list = List::default();
    let watched = match (&engine, &inbox) {
        (Ok(engine), Some(inbox)) => Ok((Arc::clone(engine), inbox.clone())),
        (Err(failure), _) => Err(failure.clone()),
        (Ok(_), None) => Err(Failure::new(&"The inbox is missing.")),
    };
    let feed = Feed::start(watched, list.clone());
    app.manage(commands::export::Exports::default());
    app.manage(commands::travellers::Preview::default());
    app.manage(Desk {
        engine,
        inbox: inbox.clone(),
        voice: voice.clone(),
        list,
        feed: feed.clone(),
    });
    // One that could not start says so, however it was started.
    let hidden = minimized && inbox.is_some();
    if minimized && !hidden {
        window::show(app.handle());
    }
    let summary = inbox.as_ref().map(Inbox::summary);
    let (desktop, wishes) =
        Desktop::start(app.handle(), preferences, voice.tongue.clone(), summary);
    if hidden {
        tauri::async_runtime::spawn(window::settle(app.handle().clone(), desktop.tray()));
    }
    if let (Some(inbox), Some(notices)) = (&inbox, notices) {
        let notifications = desktop.notifications();
        tauri::async_runtime::spawn(notify::show_all(notifications, notices, inbox.clone()));
    }
    app.manage(desktop);
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(wish::grant(handle, feed, inbox, voice.zone, wishes));
    Ok(())
}

async fn start(args: Args, voice: Voice) -> Result<(Arc<Engine>, Inbox, Notices), EngineError> {
    let data_dir = args.data_dir()?;
    let engine = Engine::start(Options {
        data_dir,
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: args.port,
        secrets: Secrets::from_environment(),
        keyring: true,
    })
    .await?;
    // The window tells, and offers another port: the history can be read all the same.
    if let Err(error) = engine.listen().await {
        tracing::error!(%error, "the listener could not start");
    }
    let engine = Arc::new(engine);
    engine.keep_lookout();
    let (inbox, notices) = engine.open_inbox(voice).await?;
    Ok((engine, inbox, notices))
}
