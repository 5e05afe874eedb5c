//! A list becomes a file in the downloads folder.

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{Esim, PATIENCE, Screen, Spot, eventually, play};

use crate::{await_events, usual};

#[test]
fn a_list_is_exported_as_it_is_filtered() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        for (number, status) in [(5001, "ACTIVATED"), (5002, "EXPIRED"), (5003, "ACTIVATED")] {
            let esim = Esim {
                reference: format!("=TRIP-{number}"),
                ..Esim::numbered(number)
            };
            sender.deliver(&esim.status(status)).await?;
        }
        await_events(desk, 3).await?;
        desk.go(Screen::Esims).await?;
        desk.click("status-filter").await?;
        desk.click("status-filter-ACTIVATED").await?;
        desk.press(esim_watch_testkit::Key::Escape).await?;
        desk.await_count("esim-row", 2).await?;
        let folder = stage.desktop.home().join("Downloads");
        let files = || -> Result<Vec<_>> {
            std::fs::read_dir(&folder)?
                .map(|entry| Ok(entry?.path()))
                .collect()
        };
        for (before, format) in ["csv", "xlsx"].into_iter().enumerate() {
            desk.click("export").await?;
            desk.click(&*format!("export-{format}")).await?;
            let done = Spot::new("export-one").with("data-state", "done");
            let what = format!("an exported {format}");
            eventually(PATIENCE, &what, async || {
                let texts = desk.texts(done.clone()).await?;
                ensure!(
                    texts.last().is_some_and(|text| text.contains("2 rows")),
                    "{texts:?}"
                );
                // The one before is put away when the next begins.
                ensure!(texts.len() == 1, "{texts:?}");
                ensure!(files()?.len() == before + 1, "{:?}", files()?);
                Ok(())
            })
            .await?;
        }
        let files = files()?;
        let csv = files
            .iter()
            .find(|path| path.extension().is_some_and(|kind| kind == "csv"));
        let csv = std::fs::read_to_string(csv.context("no CSV")?)?;
        ensure!(
            csv.starts_with("\u{feff}\"Traveller\",\"Contact\",\"Order reference\",\"ICCID\","),
            "{csv}"
        );
        ensure!(
            csv.contains(",\"'=TRIP-5001\",\"\u{2009}8944500102190005001\","),
            "{csv}"
        );
        ensure!(!csv.contains("5002"), "{csv}");
        Ok(())
    })
}
