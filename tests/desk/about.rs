//! What the program is made of, as the settings show it.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Key, PATIENCE, Screen, eventually, play};

use crate::accessibility::axe;
use crate::usual;

#[test]
fn the_licences_of_all_parts_are_read_by_keyboard_alone() -> Result<()> {
    play(&usual(), async |stage| {
        stage.desk.ready().await?;
        let desk = &stage.desk;
        desk.go(Screen::Settings).await?;
        desk.await_text("about", env!("CARGO_PKG_VERSION")).await?;
        let focus = "document.querySelector('[data-testid=\"about-licences\"]').focus()";
        desk.script(focus, vec![]).await?;
        desk.press(Key::Enter).await?;
        // A crate, a package of the window, and a text.
        let shown = desk.await_text("licences-text", "svelte 5.").await?;
        for part in ["serde 1.", "tauri 2.", "Apache License"] {
            ensure!(shown.contains(part), "{part} is not among the parts");
        }
        let found = desk.audit(&axe()?).await?;
        ensure!(found.is_empty(), "{}", found.join("\n"));
        desk.press(Key::End).await?;
        eventually(PATIENCE, "the end of the licences", async || {
            let scrolled = "return document.querySelector('pre').scrollTop > 1000";
            ensure!(
                desk.script(scrolled, vec![]).await? == true,
                "it stands at the top"
            );
            Ok(())
        })
        .await?;
        desk.press(Key::Escape).await?;
        desk.await_count("licences", 0).await?;
        Ok(())
    })
}
