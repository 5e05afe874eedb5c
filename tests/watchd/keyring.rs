//! The signing secret in a real keyring: gnome-keyring on a session bus of the test's own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::provider::DEFAULT;
use esim_watch_core::store::{DATABASE_FILE, Readers};
use esim_watch_testkit::{Esim, Kept, Sender, VirtualDesktop, Watchd, files_that_hold};

use crate::{BIN, SECRET};

/// Tells the test of that name, run as a program of its own, the data directory that it sets a secret for.
const SETS_FOR: &str = "ESIM_WATCH_TEST_SETS_FOR";

/// What the desk does when somebody saves a secret. It runs by itself only to do nothing: who looks for
/// the keyring looks at the environment, and that of a process of its own can be another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_sets_the_secret() -> Result<()> {
    let Some(data_dir) = std::env::var_os(SETS_FOR) else {
        return Ok(());
    };
    let options = Options {
        data_dir: data_dir.into(),
        bind: [127, 0, 0, 1].into(),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: true,
        patience: PATIENCE,
    };
    let engine = Engine::start(options).await?;
    engine.listen().await?;
    engine.set_secret(DEFAULT, SECRET).await?;
    engine.shutdown().await;
    Ok(())
}

fn set_by_a_desk(desktop: &VirtualDesktop, data_dir: &Path) -> Result<()> {
    let set = desktop
        .command(std::env::current_exe()?)
        .args(["--exact", "keyring::a_desk_sets_the_secret"])
        .env(SETS_FOR, data_dir)
        .output()?;
    ensure!(set.status.success(), "{set:?}");
    Ok(())
}

async fn serve(desktop: &VirtualDesktop, data_dir: &Path) -> Result<Watchd> {
    let env: Vec<(&str, &str)> = desktop
        .env()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    Watchd::serve_with(Path::new(BIN), data_dir, &[], &env).await
}

/// What the server logs when it does not start.
async fn refuses_to_serve(desktop: &VirtualDesktop, data_dir: &Path) -> Result<String> {
    match serve(desktop, data_dir).await {
        Ok(server) => bail!("it listens at {}\n{}", server.url, server.log()),
        Err(error) => Ok(error.to_string()),
    }
}

#[tokio::test]
async fn a_secret_that_was_set_is_in_the_keyring_alone_and_counts_after_every_start() -> Result<()>
{
    let desktop = VirtualDesktop::start().await?;
    let keyring = desktop.start_keyring().await?;
    let dir = tempfile::tempdir()?;
    set_by_a_desk(&desktop, dir.path())?;

    let kept = keyring.kept().await?;
    let [Kept { attributes, secret }] = kept.as_slice() else {
        bail!("the keyring has {kept:?}");
    };
    assert_eq!(secret, SECRET);
    let whose = attributes.get("username").context("no user name")?;
    assert!(whose.contains(&dir.path().display().to_string()), "{whose}");

    for start in 1..=2 {
        let server = serve(&desktop, dir.path()).await?;
        let esim = Esim::numbered(start);
        for wrong in [None, Some("another secret")] {
            let refused = Sender::new(&server.url, wrong)?
                .send(&esim.status("NEW"))
                .await?;
            assert_eq!(refused.status, 401, "{refused:?}");
        }
        Sender::new(&server.url, Some(SECRET))?
            .deliver(&esim.status("NEW"))
            .await?;
        assert_eq!(server.exported("events")?.len(), usize::try_from(start)?);
        let log = server.sigterm().await?;
        assert!(!log.contains(SECRET), "{log}");
    }
    for folder in [dir.path(), &desktop.home()] {
        assert_eq!(files_that_hold(folder, SECRET)?, Vec::<PathBuf>::new());
    }
    assert!(!dir.path().join("webhook-secret").exists());
    Ok(())
}

#[tokio::test]
async fn while_the_keyring_is_locked_or_gone_it_does_not_listen_and_says_so() -> Result<()> {
    let desktop = VirtualDesktop::start().await?;
    let keyring = desktop.start_keyring().await?;
    let dir = tempfile::tempdir()?;
    set_by_a_desk(&desktop, dir.path())?;

    keyring.lock().await?;
    let locked = refuses_to_serve(&desktop, dir.path()).await?;
    keyring.kill().await?;
    let gone = refuses_to_serve(&desktop, dir.path()).await?;
    for said in [&locked, &gone] {
        assert!(
            said.contains("The signing secret is in the system's keyring, which can't be opened: "),
            "{said}"
        );
        assert!(
            said.contains("Unlock the keyring and try again, or set the secret anew."),
            "{said}"
        );
    }

    let nobody = "The name org.freedesktop.secrets was not provided";
    assert!(gone.contains(nobody), "{gone}");

    // The next login opens it again.
    let _keyring = desktop.start_keyring().await?;
    let server = serve(&desktop, dir.path()).await?;
    Sender::new(&server.url, Some(SECRET))?
        .deliver(&Esim::numbered(1).status("NEW"))
        .await?;
    Ok(())
}

/// Refuses what is unsigned or signed by somebody else, and takes what is signed.
async fn checks_signatures(server: &Watchd) -> Result<()> {
    let esim = Esim::numbered(1);
    for wrong in [None, Some("another secret")] {
        let refused = Sender::new(&server.url, wrong)?
            .send(&esim.status("NEW"))
            .await?;
        ensure!(refused.status == 401, "{refused:?}");
    }
    let signed = Sender::new(&server.url, Some(SECRET))?;
    signed.deliver(&esim.status("NEW")).await?;
    Ok(())
}

/// A backup of a time when no secret was set, and then one that a desk put into the keyring.
async fn backup_older_than_the_secret(
    desktop: &VirtualDesktop,
    data_dir: &Path,
) -> Result<PathBuf> {
    serve(desktop, data_dir).await?.sigterm().await?;
    let backup = Readers::of(data_dir)?.back_up(1_772_366_400_000, &mut || true)?;
    set_by_a_desk(desktop, data_dir)?;
    Ok(backup.path)
}

#[tokio::test]
async fn a_backup_that_is_older_than_the_secret_leaves_the_check_on() -> Result<()> {
    let desktop = VirtualDesktop::start().await?;
    let keyring = desktop.start_keyring().await?;
    let dir = tempfile::tempdir()?;
    backup_older_than_the_secret(&desktop, dir.path()).await?;
    let folder = dir.path().to_string_lossy();
    let restored = crate::run(&["restore", "--data-dir", &folder])?;
    let said = String::from_utf8(restored.stdout)?;
    ensure!(restored.status.success(), "{said}");
    assert!(
        said.contains("Where the signing secrets are kept was taken from"),
        "{said}"
    );
    let server = serve(&desktop, dir.path()).await?;
    checks_signatures(&server).await?;
    server.sigterm().await?;
    // It is known to be there: without the keyring nothing is taken.
    keyring.kill().await?;
    refuses_to_serve(&desktop, dir.path()).await?;
    Ok(())
}

#[tokio::test]
async fn a_damaged_database_whose_backup_is_older_than_the_secret_leaves_the_check_on() -> Result<()>
{
    let desktop = VirtualDesktop::start().await?;
    let _keyring = desktop.start_keyring().await?;
    let dir = tempfile::tempdir()?;
    backup_older_than_the_secret(&desktop, dir.path()).await?;
    std::fs::write(dir.path().join(DATABASE_FILE), "no database ".repeat(999))?;
    for _ in 0..2 {
        let server = serve(&desktop, dir.path()).await?;
        checks_signatures(&server).await?;
        server.sigterm().await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_the_database_the_secret_is_found_and_told_and_a_locked_keyring_lets_nobody_in()
-> Result<()> {
    let desktop = VirtualDesktop::start().await?;
    let keyring = desktop.start_keyring().await?;
    let dir = tempfile::tempdir()?;
    set_by_a_desk(&desktop, dir.path())?;
    std::fs::remove_file(dir.path().join(DATABASE_FILE))?;
    let server = serve(&desktop, dir.path()).await?;
    checks_signatures(&server).await?;
    let log = server.sigterm().await?;
    assert!(
        log.contains("it was found, and signatures are checked"),
        "{log}"
    );

    std::fs::remove_file(dir.path().join(DATABASE_FILE))?;
    keyring.lock().await?;
    let locked = refuses_to_serve(&desktop, dir.path()).await?;
    assert!(locked.contains("Unlock the keyring"), "{locked}");
    Ok(())
}

#[tokio::test]
async fn where_a_secret_may_be_a_keyring_that_never_answers_keeps_it_from_listening() -> Result<()>
{
    let dir = tempfile::tempdir()?;
    let bus = dir.path().join("bus");
    // Whoever connects gets through, and hears nothing.
    let _silent = std::os::unix::net::UnixListener::bind(&bus)?;
    let address = format!("unix:path={}", bus.display());
    let env = [("DBUS_SESSION_BUS_ADDRESS", address.as_str())];
    let data_dir = dir.path().join("data");
    // Nobody knows an address that was just made.
    let server = Watchd::serve_with(Path::new(BIN), &data_dir, &[], &env).await?;
    Sender::new(&server.url, None)?
        .deliver(&Esim::numbered(1).status("NEW"))
        .await?;
    server.sigterm().await?;
    // Later the database may be one from before the secret.
    let said = match Watchd::serve_with(Path::new(BIN), &data_dir, &[], &env).await {
        Ok(server) => bail!("it listens at {}", server.url),
        Err(error) => error.to_string(),
    };
    let why = "The system's keyring, in which the signing secret may be, can't be opened: it did not answer in time.";
    ensure!(said.contains(why), "{said}");
    Ok(())
}
