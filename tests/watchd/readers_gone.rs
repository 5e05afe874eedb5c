//! Commands whose output is read no more, as by `head`: nothing is wrong, and nothing is said.

use std::io::pipe;
use std::process::{Command, Stdio};

use anyhow::Result;
use esim_watch_testkit::Esim;

use crate::{BIN, signed};

#[tokio::test]
async fn a_reader_that_has_gone_is_no_failure_of_any_command() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    server.sigterm().await?;
    let commands: [&[&str]; 7] = [
        &["check"],
        &["check", "--json"],
        &["restore", "--list"],
        &["replay"],
        &["stop"],
        &["export", "events", "--format", "json"],
        &["export", "esims", "--format", "csv"],
    ];
    for args in commands {
        let (reader, writer) = pipe()?;
        drop(reader);
        let ended = Command::new(BIN)
            .args(args)
            .arg("--data-dir")
            .arg(dir.path())
            .env("RUST_LOG", "off")
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()?;
        let said = String::from_utf8(ended.stderr)?;
        assert_eq!(
            (said.as_str(), ended.status.code()),
            ("", Some(0)),
            "{args:?}"
        );
    }
    Ok(())
}
