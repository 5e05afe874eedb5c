//! Started out of sight, started with the system, started a second time.

use anyhow::Result;
use esim_watch_testkit::{Frame, Play, Sight, play};
use serde_json::json;

use crate::tray::{WINDOW, await_tray, close_to_tray, framed};
use crate::usual;

#[test]
fn a_second_start_shows_the_first_ones_window() -> Result<()> {
    play(&framed(Frame::Panel), async |stage| {
        stage.desk.ready().await?;
        close_to_tray(stage).await?;
        let (launch, windows) = (stage.launch(), stage.desktop.windows()?);
        let out_of_sight = ["--minimized"];
        launch.start_again(&stage.desktop, &out_of_sight).await?;
        windows.await_sight(WINDOW, Sight::Hidden).await?;
        launch.start_again(&stage.desktop, &[]).await?;
        windows.await_sight(WINDOW, Sight::Open).await
    })
}

#[test]
fn asked_to_quit_it_ends_first_and_nothing_starts() -> Result<()> {
    play(&usual(), async |stage| {
        stage.desk.ready().await?;
        let launch = stage.launch();
        launch.start_again(&stage.desktop, &["--quit"]).await?;
        stage.desk.ended().await?;
        launch.start_again(&stage.desktop, &["--quit"]).await?;
        stage.desk.ended().await
    })
}

fn minimized(frame: Frame) -> Play {
    Play {
        args: vec!["--minimized".to_owned()],
        ..framed(frame)
    }
}

#[test]
fn started_out_of_sight_it_is_in_the_tray() -> Result<()> {
    play(&minimized(Frame::Panel), async |stage| {
        stage.desk.ready().await?;
        await_tray(stage, "shown").await?;
        let windows = stage.desktop.windows()?;
        windows.await_sight(WINDOW, Sight::Hidden).await?;
        let tray = stage.desktop.tray().await?;
        tray.icon().await?.choose("Open eSIM Watch").await?;
        windows.await_sight(WINDOW, Sight::Open).await
    })
}

#[test]
fn started_out_of_sight_it_is_minimized_until_there_is_a_tray() -> Result<()> {
    play(&minimized(Frame::Manager), async |stage| {
        stage.desk.ready().await?;
        let windows = stage.desktop.windows()?;
        windows.await_sight(WINDOW, Sight::Minimized).await?;
        stage.desktop.put_up(Frame::Panel).await?;
        windows.await_sight(WINDOW, Sight::Hidden).await?;
        await_tray(stage, "shown").await
    })
}

#[test]
fn it_starts_with_the_system_out_of_sight_if_that_is_wanted() -> Result<()> {
    play(&usual(), async |stage| {
        stage.desk.ready().await?;
        let desk = &stage.desk;
        let state = desk.invoke("desktop", json!({})).await?;
        assert_eq!(state["startWithSystem"], false);
        let wanted = json!({ "starts": true });
        let state = desk.invoke("set_start_with_system", wanted).await?;
        assert_eq!(state["startWithSystem"], true);
        let folder = stage.desktop.home().join(".config/autostart");
        let entry = std::fs::read_dir(&folder)?.next();
        let entry = entry.map(|entry| std::fs::read_to_string(entry?.path()));
        let entry = entry.transpose()?.unwrap_or_default();
        let line = entry.lines().find(|line| line.starts_with("Exec="));
        let line = line.unwrap_or_default();
        let data_dir = stage.launch().data_dir.display().to_string();
        assert!(line.contains("esim-watch --minimized"), "{entry}");
        assert!(line.contains(&data_dir), "{entry}");

        let unwanted = json!({ "starts": false });
        let state = desk.invoke("set_start_with_system", unwanted).await?;
        assert_eq!(state["startWithSystem"], false);
        assert!(std::fs::read_dir(&folder)?.next().is_none());
        Ok(())
    })
}
