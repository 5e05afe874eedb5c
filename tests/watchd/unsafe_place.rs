//! A data folder where a database is not safe: the program works there, and says what is wrong with it.

use std::path::Path;

use anyhow::Result;
use esim_watch_testkit::Watchd;

use crate::BIN;

#[tokio::test]
async fn a_data_folder_that_is_synchronised_is_told_and_served() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let parent = dir.path().to_string_lossy().into_owned();
    let beside = tempfile::tempdir()?;
    for (folder, service) in [
        (dir.path().join("desk"), Some("OneDrive")),
        (beside.path().join("Dropbox/desk"), Some("Dropbox")),
        (beside.path().join("desk"), None),
    ] {
        let variables = [("OneDriveCommercial", parent.as_str())];
        let server = Watchd::serve_with(Path::new(BIN), &folder, &[], &variables).await?;
        let log = server.sigterm().await?;
        let told = service.map(|service| {
            format!(
                "The data folder {} is in a folder that {service} synchronises.",
                folder.display()
            )
        });
        match told {
            Some(told) => assert!(log.contains(&told), "{told}\n{log}"),
            None => assert!(!log.contains("synchronises"), "{log}"),
        }
    }
    Ok(())
}
