//! What the program says when it can't start or can't store.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use anyhow::{Result, bail, ensure};
use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::health::StoreState;
use esim_watch_core::provider::DEFAULT;
use esim_watch_testkit::{Esim, Sender, eventually};

use crate::{run, serve_signed, signed};

/// Starts a server that is to fail, and returns what it says.
fn refused(args: &[&str]) -> Result<String> {
    let output = run(args)?;
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "nothing may look like success");
    Ok(said)
}

#[tokio::test]
async fn a_taken_port_is_told() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let other = TcpListener::bind("127.0.0.1:0")?;
    let port = other.local_addr()?.port().to_string();
    let said = refused(&[
        "serve",
        "--data-dir",
        &dir.path().to_string_lossy(),
        "--port",
        &port,
    ])?;
    assert!(
        said.contains(&format!("Port {port} is already used by another program.")),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_is_told() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("a file");
    std::fs::write(&file, "in the way")?;
    for folder in [file.clone(), file.join("below")] {
        let said = refused(&[
            "serve",
            "--data-dir",
            &folder.to_string_lossy(),
            "--port",
            "0",
        ])?;
        assert!(said.contains("can't be used"), "{said}");
        assert!(said.contains("Choose another folder"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(file)?, "in the way");
    Ok(())
}

#[tokio::test]
async fn a_second_program_on_the_same_folder_is_told() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    let said = refused(&[
        "serve",
        "--data-dir",
        &dir.path().to_string_lossy(),
        "--port",
        "0",
    ])?;
    assert!(
        said.contains("Another eSIM Watch already uses the data folder"),
        "{said}"
    );
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    server.sigterm().await?;
    serve_signed(dir.path()).await?.sigterm().await?;
    Ok(())
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() -> Result<()> {
    let (dir, server, _) = signed().await?;
    server.sigterm().await?;
    let path = dir.path().join("esim-watch.db");
    rusqlite::Connection::open(&path)?.pragma_update(None, "user_version", 999)?;
    let before = std::fs::read(&path)?;
    let said = refused(&[
        "serve",
        "--data-dir",
        &dir.path().to_string_lossy(),
        "--port",
        "0",
    ])?;
    assert!(
        said.contains("written by a newer version of eSIM Watch (format 999"),
        "{said}"
    );
    assert_eq!(std::fs::read(&path)?, before);
    Ok(())
}

#[tokio::test]
async fn a_database_of_another_program_is_told_and_left_alone() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("esim-watch.db");
    rusqlite::Connection::open(&path)?.execute_batch("CREATE TABLE theirs (a)")?;
    let before = std::fs::read(&path)?;
    let said = refused(&[
        "serve",
        "--data-dir",
        &dir.path().to_string_lossy(),
        "--port",
        "0",
    ])?;
    assert!(said.contains("is a database of another program"), "{said}");
    assert_eq!(std::fs::read(&path)?, before);
    Ok(())
}

#[tokio::test]
async fn while_another_program_holds_the_database_senders_are_asked_to_come_again() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    let payload = Esim::numbered(1).status("ACTIVATED");
    let other = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let refused = tokio::join!(
        sender.send(&payload),
        sender.send(&payload),
        sender.send(&payload)
    );
    for answer in [refused.0?, refused.1?, refused.2?] {
        assert_eq!(answer.status, 503);
        assert!(answer.body.contains("Send it again."), "{}", answer.body);
    }
    assert_eq!(server.exported("events")?.len(), 0);
    // Whose turn came after two others waited for the lock as well is told that it took too long; why is logged then.
    eventually(PATIENCE, "the reason in the log", async || {
        let log = server.log();
        ensure!(log.contains("no other program holds the database"), "{log}");
        Ok(())
    })
    .await?;
    other.execute_batch("ROLLBACK")?;
    sender.deliver(&payload).await?;
    assert_eq!(server.exported("events")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_state_says_that_events_cannot_be_stored_until_they_can() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let engine = Engine::start(Options {
        data_dir: dir.path().to_owned(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    })
    .await?;
    let address = engine.listen().await?;
    let path = engine.webhook_path(DEFAULT);
    let sender = Sender::new(format!("http://{address}{path}"), None)?;
    let state = || engine.health().borrow().store.clone();
    let payload = Esim::numbered(1).status("ACTIVATED");
    sender.deliver(&payload).await?;
    assert_eq!(state(), StoreState::Ok);
    let other = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    assert_eq!(sender.send(&payload).await?.status, 503);
    eventually(PATIENCE, "the reason", async || {
        let StoreState::Failing { message } = state() else {
            bail!("storing did not fail: {:?}", state());
        };
        ensure!(
            message.english()
                == "Events can't be stored, and Roamify was asked to send them again: the database can't be written: \
                    another program holds it. Check that the disk has free space and that no other program holds the \
                    database.",
            "{message}"
        );
        Ok(())
    })
    .await?;
    other.execute_batch("ROLLBACK")?;
    sender.deliver(&payload).await?;
    assert_eq!(state(), StoreState::Ok);
    engine.shutdown().await;
    Ok(())
}

#[tokio::test]
async fn a_database_that_another_program_holds_at_the_start_is_told() -> Result<()> {
    let (dir, server, _) = signed().await?;
    server.sigterm().await?;
    let other = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    other.execute_batch("PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE")?;
    let said = refused(&[
        "serve",
        "--data-dir",
        &dir.path().to_string_lossy(),
        "--port",
        "0",
    ])?;
    assert!(
        said.contains("Another program holds the database"),
        "{said}"
    );
    other.execute_batch("ROLLBACK")?;
    drop(other);
    serve_signed(dir.path()).await?;
    Ok(())
}

#[tokio::test]
async fn a_wrong_option_is_told() -> Result<()> {
    for args in [
        &["serve", "--port", "70000"][..],
        &["export", "everything", "--format", "json"],
        &["launch"],
    ] {
        let output = run(args)?;
        assert_eq!(output.status.code(), Some(2));
        assert!(!output.stderr.is_empty());
    }
    Ok(())
}

#[test]
fn an_error_says_what_and_not_where_in_the_program_whatever_the_environment_asks_for() -> Result<()>
{
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("a file");
    std::fs::write(&file, "in the way")?;
    let missing = dir.path().join("missing");
    for (args, folder) in [
        (&["serve"][..], &file),
        (&["export", "esims", "--format", "json"], &missing),
        (&["check"], &missing),
        (&["restore"], &missing),
        (&["replay"], &missing),
    ] {
        let output = std::process::Command::new(crate::BIN)
            .args(args)
            .arg("--data-dir")
            .arg(folder)
            .env("RUST_BACKTRACE", "1")
            .output()?;
        let said = String::from_utf8(output.stderr)?;
        let last = said.lines().last().unwrap_or_default();
        if output.status.code() != Some(0) {
            assert!(last.starts_with("Error: "), "{args:?}: {said}");
        }
        for jargon in ["backtrace", "anyhow", "0: "] {
            assert!(!said.contains(jargon), "{args:?}: {said}");
        }
    }
    Ok(())
}

/// Starts a server with these variables and returns how it ended.
#[cfg(unix)]
fn served_with(
    data_dir: &std::path::Path,
    variables: &[(&str, &[u8])],
) -> Result<(Option<i32>, String)> {
    use std::os::unix::ffi::OsStrExt;
    let mut command = std::process::Command::new(crate::BIN);
    command
        .args(["serve", "--port", "0", "--data-dir"])
        .arg(data_dir)
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    for (name, value) in variables {
        command.env(name, std::ffi::OsStr::from_bytes(value));
    }
    let output = command.output()?;
    assert!(output.stdout.is_empty(), "nothing may look like success");
    Ok((output.status.code(), String::from_utf8(output.stderr)?))
}

#[cfg(unix)]
#[test]
fn with_a_secret_in_the_environment_that_is_none_it_does_not_listen_and_names_the_variable()
-> Result<()> {
    const CURRENT: &str = "ESIM_WATCH_WEBHOOK_SECRET";
    const PREVIOUS: &str = "ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS";
    let dir = tempfile::tempdir()?;
    type Variables = &'static [(&'static str, &'static [u8])];
    let unusable: [(Variables, &str); 6] = [
        (&[(CURRENT, b"")], "it has nothing that can be seen"),
        (
            &[(CURRENT, b"\xef\xbb\xbf \xe2\x80\x8b")],
            "it has nothing that can be seen",
        ),
        (&[(CURRENT, b"one\ntwo")], "it has more than one line"),
        (&[(CURRENT, b"s\xff")], "it is not plain text in UTF-8"),
        (&[(CURRENT, b"s"), (PREVIOUS, b" ")], PREVIOUS),
        (
            &[(PREVIOUS, b"s")],
            "Set both, or start the program without them",
        ),
    ];
    for (variables, why) in unusable {
        let (code, said) = served_with(dir.path(), variables)?;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(why), "{said}");
        assert!(said.contains("The program does not listen"), "{said}");
    }
    Ok(())
}
