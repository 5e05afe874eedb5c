//! The program on Wayland, with no X server within its reach: most Linux desktops of today.
//!
//! The compositor is Weston, which offers other programs no way to the clipboard but the keyboard's focus.

use anyhow::{Result, ensure};
use esim_watch_testkit::{
    Compositor, Esim, Frame, PATIENCE, Play, Screen, Setup, Spot, Stage, eventually, play,
};
use serde_json::json;

use crate::tray::await_tray;
use crate::{await_events, usual};

fn on_wayland(compositor: Compositor) -> Play {
    Play {
        desktop: Setup {
            frame: Frame::Panel,
            compositor,
            size: (SIZE.0.unsigned_abs().into(), SIZE.1.unsigned_abs().into()),
            ..Setup::default()
        },
        ..usual()
    }
}

#[test]
fn it_listens_and_tells_on_wayland() -> Result<()> {
    play(&on_wayland(Compositor::WithoutHands), async |stage| {
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
    play(&on_wayland(Compositor::WithoutHands), async |stage| {
        stage.desk.ready().await?;
        let launch = stage.launch();
        launch.start_again(&stage.desktop, &[]).await?;
        stage.desk.ready().await?;
        launch.start_again(&stage.desktop, &["--quit"]).await?;
        stage.desk.ended().await
    })
}

#[test]
fn on_wayland_what_is_copied_is_there_for_others_and_a_closed_window_is_in_the_tray() -> Result<()>
{
    play(&on_wayland(Compositor::WithHands), async |stage| {
        stage.desk.ready().await?;
        await_tray(stage, "shown").await?;
        fill_the_screen(stage).await?;
        stage.desk.go(Screen::Connection).await?;
        let button = ".copy-line button";
        stage.desk.await_part(Spot::css(button)).await?;
        click(stage, button).await?;
        let pasted = async || stage.desktop.pasted();
        let copied = eventually(PATIENCE, "what was copied", pasted).await?;
        let line = stage.desk.text(Spot::css(".copy-line")).await?;
        assert!(copied.contains("http://127.0.0.1:"), "{copied}");
        assert!(line.contains(&copied), "{copied} of {line}");

        // The frame's own button, which the program draws itself here.
        let (width, _) = SIZE;
        stage.desktop.seat()?.click((width - 18, PANEL + 20))?;
        await_visibility(stage, "hidden").await?;
        let server = &stage.desktop.notifications;
        server.notification(&["goes on in the background"]).await?;
        let tray = stage.desktop.tray().await?;
        tray.icon().await?.choose("Open eSIM Watch").await?;
        await_visibility(stage, "visible").await
    })
}

/// Of the screen, pixels: more than the window takes by itself.
const SIZE: (i16, i16) = (1400, 900);

/// Of Weston's own panel at the top, pixels.
const PANEL: i16 = 32;

/// Makes the window as large as the screen below the panel: then where everything is drawn is known.
async fn fill_the_screen(stage: &Stage) -> Result<()> {
    let seat = stage.desktop.seat()?;
    let (width, height) = SIZE;
    eventually(PATIENCE, "a window with the keyboard", async || {
        seat.click((width / 2, height / 2))?;
        let has = stage.desk.script("return document.hasFocus()", vec![]);
        ensure!(has.await? == true, "another has it");
        Ok(())
    })
    .await?;
    seat.maximize()?;
    eventually(PATIENCE, "a window as wide as the screen", async || {
        let wide = stage.desk.script("return innerWidth", vec![]).await?;
        ensure!(wide == width, "it is {wide} pixels wide");
        Ok(())
    })
    .await
}

/// Clicks with the real pointer into the middle of a part, which fills the screen's lower end.
async fn click(stage: &Stage, css: &str) -> Result<()> {
    let middle = "const at = document.querySelector(arguments[0]).getBoundingClientRect();
        return [at.x + at.width / 2, at.y + at.height / 2 - innerHeight].map(Math.round)";
    let found = stage.desk.script(middle, vec![css.into()]).await?;
    let (x, from_below): (i16, i16) = serde_json::from_value(found)?;
    stage.desktop.seat()?.click((x, SIZE.1 + from_below))
}

async fn await_visibility(stage: &Stage, wanted: &str) -> Result<()> {
    eventually(PATIENCE, &format!("a {wanted} window"), async || {
        let seen = stage
            .desk
            .script("return document.visibilityState", vec![])
            .await?;
        ensure!(seen == wanted, "it is {seen}");
        Ok(())
    })
    .await
}
