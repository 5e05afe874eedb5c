//! The yardsticks' own process: the product's listener before a sink that is not the product's.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::ValueEnum;
use esim_watch_core::ingest::Ingest;
use esim_watch_core::listener::{Gate, Listener, Parts, path};
use esim_watch_core::secret::Secrets;
use esim_watch_core::store::Yardstick;
use tokio::sync::watch;

use crate::deck::TOKEN;

/// What the listener delivers to.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Kind {
    /// Verify and parse only
    Nothing,
    /// A mutex around a connection, one commit per request
    Naive,
}

/// Serves until it is killed. Says where on stdout, as `esim-watchd serve` does.
#[expect(
    clippy::print_stdout,
    reason = "the line that says where it listens is its whole output"
)]
pub fn serve(kind: Kind, data_dir: PathBuf) -> Result<()> {
    // The runtime that `#[tokio::main]` gives the product.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let yardstick = match kind {
            Kind::Nothing => Yardstick::nothing(),
            Kind::Naive => Yardstick::naive(&data_dir)?,
        };
        let token = "0".repeat(TOKEN);
        let (_gate, gate) = watch::channel(Gate {
            token: token.clone(),
            secrets: Secrets::from_environment().map_or_else(Vec::new, |secrets| secrets.all()),
        });
        let (last, _) = watch::channel(0);
        let parts = Parts {
            gate,
            ingest: Ingest::measured_against(yardstick),
            on_refusal: Arc::new(|_| {}),
            // As the engine does: one place that every delivery touches.
            on_delivery: Arc::new(move |at_ms, _| last.send_modify(|last| *last = at_ms)),
            on_answer: Arc::new(|_, _| {}),
        };
        let listener = Listener::start(IpAddr::V4(Ipv4Addr::LOCALHOST), 0, parts).await?;
        let url = format!("http://{}{}", listener.address(), path(&token));
        println!("{}", serde_json::json!({ "url": url }));
        tokio::signal::ctrl_c()
            .await
            .context("Ctrl-C can't be awaited")?;
        listener.stop().await;
        Ok(())
    })
}
