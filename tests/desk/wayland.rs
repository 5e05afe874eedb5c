//! The program on Wayland, with no X server within its reach: most Linux desktops of today.
//!
//! The compositor is Weston without a screen, and without a keyboard or mouse: what needs hands (a frame's button, real
//! keys, a clipboard, which belongs to who has the focus) is tried on X11.

use anyhow::Result;
use esim_watch_testkit::{Esim, Frame, Play, Screen, Setup, Spot, play};
use serde_json::json;

use crate::tray::await_tray;
use crate::{await_events, usual};

fn on_wayland() -> Play {
    Play {
        desktop: Setup {
            frame: Frame::Panel,
            wayland: true,
            ..Setup::default()
        },
        ..usual()
    }
}

#[test]
fn it_listens_and_tells_on_wayland() -> Result<()> {
    play(&on_wayland(), async |stage| {
        let sender = stage.sender().await?;
        let esim = Esim::numbered(71);
        sender.deliver(&esim.status("REVOKED")).await?;
        await_events(&stage.desk, 1).await?;
        let server = &stage.desktop.notifications;
        server.notification(&[&esim.reference]).await?;
        await_tray(stage, "shown").await?;

        // Without a keyboard nobody has the focus: that is told, and nothing else comes of it.
        let copied = stage.desk.invoke("copy_text", json!({ "text": "x" })).await;
        let refused = copied.map_err(|error| error.to_string()).unwrap_err();
        assert!(refused.contains("clipboard"), "{refused}");
        stage.desk.go(Screen::Esims).await?;
        stage.desk.await_count("esim-row", 1).await?;
        let page = stage.desk.text(Spot::css("main")).await?;
        assert!(page.contains(&esim.reference), "{page}");
        Ok(())
    })
}

#[test]
fn on_wayland_a_second_start_ends_and_one_that_quits_ends_the_first() -> Result<()> {
    play(&on_wayland(), async |stage| {
        stage.desk.ready().await?;
        let launch = stage.launch();
        launch.start_again(&stage.desktop, &[]).await?;
        stage.desk.ready().await?;
        launch.start_again(&stage.desktop, &["--quit"]).await?;
        stage.desk.ended().await
    })
}
