//! The desktop shell: puts the engine, the window and the notifications together.
//!
//! In: what the engine committed and whom it wants alerted; what the window asks. Out: updates to
//! the window, notifications to the desktop. It decides nothing about events: that is core's.

mod args;
mod commands;
mod feed;
mod notify;
mod renderer;
mod window;

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use esim_watch_core::engine::{Engine, EngineError, Options};
use esim_watch_core::secret::Secrets;
use tauri::{App, Manager, RunEvent};
use tracing_subscriber::EnvFilter;

use args::Args;
use feed::{Failure, Feed};

/// What the commands work on.
struct Desk {
    /// The engine, or why there is none.
    engine: Result<Arc<Engine>, Failure>,
    feed: Feed,
}

/// Runs the program until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    renderer::choose();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that can't be written, on a full disk for instance, would be told on stderr: a panic.
        .log_internal_errors(false)
        .init();
    let commands = commands::builder();
    let built = tauri::Builder::default()
        // First, so that a second start does nothing else than show this one.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::show(app)
        }))
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| Ok(set_up(app, args)?))
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    let desk = app.state::<Desk>();
                    if let Ok(engine) = &desk.engine {
                        tauri::async_runtime::block_on(engine.shutdown());
                    }
                }
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
    let minimized = args.minimized;
    let started = tauri::async_runtime::block_on(start(args));
    let (engine, alerts) = match started {
        Ok((engine, alerts)) => (Ok(Arc::new(engine)), Some(alerts)),
        Err(error) => {
            tracing::error!(%error, "the engine could not start");
            (Err(Failure::new(&error)), None)
        }
    };
    let feed = Feed::start(engine.clone());
    if let Some(alerts) = alerts {
        notify::start(app.handle(), alerts, feed.clone());
    }
    app.manage(Desk { engine, feed });
    window::open(app, minimized)
}

async fn start(args: Args) -> Result<(Engine, notify::Alerts), EngineError> {
    let data_dir = args.data_dir()?;
    let (engine, alerts) = Engine::start(Options {
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
    Ok((engine, alerts))
}
