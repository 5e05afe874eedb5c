//! A computer that sleeps and wakes.

use std::time::Duration;

use anyhow::{Result, ensure};
use esim_watch_testkit::{Esim, PATIENCE, eventually, play};

use crate::{count, usual};

/// Longer than any tick of the program's clock may be late.
const NAP: Duration = Duration::from_secs(37);

#[test]
fn after_a_sleep_it_looks_at_itself_and_hears_on() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        desk.suspend(NAP).await?;
        eventually(PATIENCE, "the program to notice its sleep", async || {
            let log = desk.log();
            ensure!(log.contains("the computer slept"), "{log}");
            Ok(())
        })
        .await?;
        let esim = Esim::numbered(1);
        sender.deliver(&esim.status("EXPIRED")).await?;
        desk.await_text(count("EXPIRED"), "1").await?;
        stage
            .desktop
            .notifications
            .notification(&[&esim.reference])
            .await?;
        Ok(())
    })
}
