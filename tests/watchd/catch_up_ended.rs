//! A catch-up that is ended by a signal.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use esim_watch_testkit::{PATIENCE, Watchd, ask_to_end, eventually, in_its_own_group};
use serde_json::Value;

use crate::BIN;
use crate::catch_up::exported;
use crate::catch_up::fake::{Fake, Sim};
use crate::catch_up_running::problems;

/// What a catch-up in this folder printed that a signal ended when it had asked for some things.
async fn ended_by_a_signal(dir: &Path, fake: &Fake) -> Result<Value> {
    ended_by(Command::new(BIN), ask_to_end, dir, fake).await
}

/// The same of this command, by what is done to its process.
async fn ended_by(
    mut command: Command,
    end: fn(u32) -> Result<()>,
    dir: &Path,
    fake: &Fake,
) -> Result<Value> {
    command.args(["catch-up", "--json", "--data-dir"]).arg(dir);
    command
        .envs(fake.variables())
        .env("ESIM_WATCH_API_RATE", "10")
        .stdout(Stdio::piped());
    in_its_own_group(&mut command);
    let running = command.spawn()?;
    eventually(PATIENCE, "it began", async || {
        let count = fake.world().asked.len();
        (count > 4).then_some(()).context(count)
    })
    .await?;
    end(running.id())?;
    let output = tokio::task::spawn_blocking(move || running.wait_with_output()).await??;
    let printed: Value = serde_json::from_slice(&output.stdout)?;
    assert!(
        !output.status.success() && problems(&printed).len() == 1,
        "{printed}"
    );
    Ok(printed)
}

#[tokio::test]
async fn an_end_by_a_signal_is_one_object_too() -> Result<()> {
    let sims = (0..30).map(|number| Sim::new(number, "READY")).collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    let printed = ended_by_a_signal(dir.path(), &fake).await?;
    assert!(printed["requests"].as_u64() > Some(4), "{printed}");
    assert!(problems(&printed)[0].contains("was stopped before its end"));
    Ok(())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn so_is_the_end_of_its_terminal() -> Result<()> {
    let sims = (0..30).map(|number| Sim::new(number, "READY")).collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    // Whoever runs the tests may have them go on without a terminal.
    let mut command = Command::new("env");
    command.args(["--default-signal=HUP", BIN]);
    let end = esim_watch_testkit::hang_up;
    let printed = ended_by(command, end, dir.path(), &fake).await?;
    assert!(problems(&printed)[0].contains("was stopped before its end"));
    Ok(())
}

#[tokio::test]
async fn a_signal_beside_a_server_does_not_claim_that_the_catch_up_was_stopped() -> Result<()> {
    let sims: Vec<Sim> = (0..30).map(|number| Sim::new(number, "READY")).collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    let server = Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
    let printed = ended_by_a_signal(dir.path(), &fake).await?;
    assert!(
        problems(&printed)[0].contains("goes on in the program that uses the data folder"),
        "{printed}"
    );
    eventually(PATIENCE, "the server asks for all of them", async || {
        let count = exported(dir.path(), "esims")?.len();
        (count == 30).then_some(()).context(count)
    })
    .await?;
    server.sigterm().await?;
    Ok(())
}
