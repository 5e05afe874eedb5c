//! A data folder whose path is longer than what many programs take: 260 characters on Windows.

use std::path::Path;

use anyhow::Result;
use esim_watch_testkit::{Esim, Sender, Watchd};

use crate::{BIN, run};

#[tokio::test]
async fn a_data_folder_with_a_long_path_is_as_good_as_any() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let long = "a folder with a name of fifty letters and more, 01";
    let folder = (0..6).fold(dir.path().to_owned(), |path, _| path.join(long));
    let server = Watchd::serve_with(Path::new(BIN), &folder, &[], &[]).await?;
    let sender = Sender::new(&server.url, None)?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    server.sigterm().await?;
    let checked = run(&["check", "--data-dir", &folder.to_string_lossy()])?;
    let said = String::from_utf8(checked.stdout)?;
    assert!(said.starts_with("All is well"), "{said}");
    Ok(())
}
