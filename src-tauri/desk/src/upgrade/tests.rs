//! Newer versions from a server on this computer to where they are installed, over a real store.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use esim_watch_core::clock::{DAY_MS, now_ms};
use esim_watch_core::store::{Store, backups};
use esim_watch_core::upgrade::{Installation, Patience, UpgradeSource, UpgradeVariables};
use esim_watch_publisher::{MANIFEST, Release, Reply, Server, Signer};

use super::*;
use crate::error::CommandError;
use crate::preferences::Preferences;

/// A publisher of 0.2.0 and a desk with 0.1.0.
struct Scene {
    server: Server,
    signer: Signer,
    release: Release,
    dir: tempfile::TempDir,
    store: Store,
}

impl Scene {
    fn new() -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let scene = Scene {
            server: Server::open(),
            signer: Signer::new(),
            release: Release::of("0.2.0"),
            store: Store::open(&dir.path().join("data"), |_| {}).unwrap(),
            dir,
        };
        scene.release.publish(&scene.server, &scene.signer);
        scene
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn downloads(&self) -> PathBuf {
        self.dir.path().join("downloads")
    }

    /// The path of the package on the server.
    fn package(&self) -> String {
        format!("/{}", self.release.file)
    }

    fn preferences(&self) -> Arc<Preferences> {
        Arc::new(Preferences::load(Some(&self.data())))
    }

    fn start(&self, installation: Installation) -> Upgrades {
        self.start_as(installation, "0.1.0", self.preferences())
    }

    fn start_as(
        &self,
        installation: Installation,
        running: &str,
        preferences: Arc<Preferences>,
    ) -> Upgrades {
        let source = UpgradeSource::of(&UpgradeVariables {
            url: Some(self.server.url(MANIFEST)),
            key: Some(self.signer.public_key()),
        });
        let options = UpgradeOptions {
            source,
            installation,
            running: running.to_owned(),
            patience: Patience::default(),
            first_after: Duration::ZERO,
            data_dir: self.data(),
            downloads: self.downloads(),
            variables: vec![("ESIM_WATCH_PORT", "4711".to_owned())],
        };
        Upgrades::start(options, preferences, self.store.readers().clone())
    }

    /// What an installation that fails says; nothing of it is left.
    async fn refused(&self, upgrades: &Upgrades) -> String {
        let error = upgrades.install().await.unwrap_err();
        assert_eq!(files(&self.downloads()), Vec::<String>::new());
        assert!(!self.data().join("updates").exists());
        let state = now(upgrades);
        assert_eq!(state.work, UpgradeWork::Idle);
        assert_eq!(state.package, None);
        let said = english(&error);
        assert_eq!(state.problem.map(worded).as_deref(), Some(said.as_str()));
        said
    }
}

fn now(upgrades: &Upgrades) -> UpgradeState {
    upgrades.watch().borrow().clone().unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

fn worded(message: Message) -> String {
    esim_watch_core::message::Message::from(message).english()
}

fn english(error: &CommandError) -> String {
    let crossed = serde_json::to_value(error).unwrap();
    let message: esim_watch_core::message::Message = serde_json::from_value(crossed).unwrap();
    message.english()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_before_the_user_agreed_and_then_once_a_day() {
    let scene = Scene::new();
    let preferences = scene.preferences();
    let upgrades = scene.start_as(Installation::Deb, "0.1.0", preferences.clone());
    let due = |at_ms: i64| preferences.get().upgrades.is_due(at_ms);
    assert!(!due(now_ms()));
    upgrades.agree(false).unwrap();
    assert!(!due(now_ms()));
    assert_eq!(scene.server.asked(), Vec::<String>::new());
    upgrades.agree(true).unwrap();
    let mut state = upgrades.watch();
    let told = state.wait_for(|state| state.as_ref().is_some_and(|state| state.newer.is_some()));
    let told = told.await.unwrap().clone().unwrap();
    assert_eq!(told.consent, UpgradeConsent::Agreed);
    assert_eq!(told.newer.unwrap().version, "0.2.0");
    let looked_at_ms = told.looked_at_ms.unwrap();
    assert!(!due(looked_at_ms + DAY_MS - 1));
    assert!(due(looked_at_ms + DAY_MS));
    // It was noted by a clock that was ahead.
    assert!(due(looked_at_ms - 1));
    upgrades.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_agreed_and_found_is_there_after_a_restart_until_it_runs() {
    let scene = Scene::new();
    let first = scene.start(Installation::Deb);
    first.look().await.unwrap();
    first.agree(false).unwrap();
    first.close();
    let asked = scene.server.asked().len();
    let again = now(&scene.start(Installation::Deb));
    assert_eq!(again.consent, UpgradeConsent::Declined);
    assert_eq!(again.newer.unwrap().version, "0.2.0");
    let upgraded = scene.start_as(Installation::Deb, "0.2.0", scene.preferences());
    assert_eq!(now(&upgraded).newer, None);
    assert_eq!(scene.server.asked().len(), asked, "nobody agreed");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_publishes_there_is_nothing_to_see_and_to_do() {
    let upgrades = Upgrades::none();
    assert_eq!(*upgrades.watch().borrow(), None);
    upgrades.look().await.unwrap();
    upgrades.install().await.unwrap();
    upgrades.agree(true).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_package_is_put_into_the_downloads_after_a_backup() {
    let scene = Scene::new();
    for kind in [
        Installation::Deb,
        Installation::Rpm,
        Installation::Tarball,
        Installation::Portable,
    ] {
        let upgrades = scene.start(kind);
        upgrades.install().await.unwrap();
        let state = now(&upgrades);
        let file = scene.downloads().join(&scene.release.file);
        assert_eq!(state.package.as_deref(), Some(file.as_path()));
        assert_eq!(std::fs::read(&file).unwrap(), scene.release.content);
        assert_eq!(state.problem, None);
        // One that is there already is replaced.
        assert_eq!(files(&scene.downloads()), [scene.release.file.as_str()]);
        assert!(!scene.data().join("updates").exists());
        assert_eq!(backups(&scene.data()).unwrap().len(), 1);
        upgrades.close();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_backup_keeps_the_package_from_being_brought() {
    let scene = Scene::new();
    std::fs::write(scene.data().join("backups"), "in the way").unwrap();
    let upgrades = scene.start(Installation::Deb);
    let said = scene.refused(&upgrades).await;
    assert!(
        said.starts_with("The backup of the database failed, so nothing was installed. "),
        "{said}"
    );
    assert!(!scene.server.asked().contains(&scene.package()));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_with_a_package_nothing_is_left_of_it_and_the_next_try_works() {
    let scene = Scene::new();
    let upgrades = scene.start(Installation::Setup);
    let (path, content) = (scene.package(), scene.release.content.clone());
    let mut changed = content.clone();
    changed[7] ^= 1;
    for (reply, says) in [
        (
            Reply::Content(changed),
            "The package is not signed by the publisher",
        ),
        (Reply::Cut(content.clone(), 9000), "The download broke off."),
        (
            Reply::Status(404),
            "The update server does not have what it was asked for",
        ),
        (
            Reply::Elsewhere("http://updates.test/".to_owned()),
            "The update server leads to",
        ),
    ] {
        scene.server.answer(&path, reply);
        let said = scene.refused(&upgrades).await;
        assert!(said.starts_with(says), "{said}");
    }
    scene.server.answer(&path, Reply::Content(content));
    scene
        .server
        .answer(MANIFEST, Reply::Content(b"rubbish".to_vec()));
    let said = scene.refused(&upgrades).await;
    assert!(said.starts_with("The list of versions can"), "{said}");
    Release::of("0.1.0").publish(&scene.server, &scene.signer);
    let said = scene.refused(&upgrades).await;
    assert!(
        said.starts_with("The newer version was withdrawn"),
        "{said}"
    );
    assert_eq!(now(&upgrades).newer, None);
    scene.release.publish(&scene.server, &scene.signer);
    let again = scene.start(Installation::Rpm);
    again.install().await.unwrap();
    assert_eq!(files(&scene.downloads()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_stops_is_over_and_leaves_nothing() {
    let scene = Scene::new();
    let content = scene.release.content.clone();
    scene
        .server
        .answer(&scene.package(), Reply::Stuck(content, 9000));
    let upgrades = scene.start(Installation::Deb);
    let installing = tokio::spawn({
        let upgrades = upgrades.clone();
        async move { upgrades.install().await }
    });
    let mut state = upgrades.watch();
    let comes = |state: &Option<UpgradeState>| {
        let work = state.as_ref().map(|state| state.work);
        matches!(work, Some(UpgradeWork::Downloading { percent: Some(_) }))
    };
    drop(state.wait_for(comes).await.unwrap());
    assert!(english(&upgrades.look().await.unwrap_err()).contains("already"));
    upgrades.stop();
    let error = installing.await.unwrap().unwrap_err();
    assert!(english(&error).starts_with("The update was stopped."));
    assert!(!scene.data().join("updates").exists());
    assert_eq!(files(&scene.downloads()), Vec::<String>::new());
}

#[cfg(unix)]
mod setups {
    //! A script stands for the setup.

    use super::*;

    fn publish(scene: &Scene, script: &str) -> PathBuf {
        let ran = scene.dir.path().join("ran");
        let content = format!("#!/bin/sh\n{script}\n").replace("RAN", ran.to_str().unwrap());
        let release = Release {
            content: content.into(),
            ..scene.release.clone()
        };
        release.publish(&scene.server, &scene.signer);
        ran
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_setup_is_started_silently_with_what_the_program_was_started_with() {
        let scene = Scene::new();
        let ran = publish(&scene, "echo \"$@ $ESIM_WATCH_PORT\" > RAN");
        let upgrades = scene.start(Installation::Setup);
        upgrades.install().await.unwrap();
        assert_eq!(std::fs::read_to_string(ran).unwrap(), "/S /RESTART 4711\n");
        assert_eq!(files(&scene.downloads()), Vec::<String>::new());
        assert!(!scene.data().join("updates").exists());
        assert_eq!(backups(&scene.data()).unwrap().len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_setup_that_fails_says_why_and_the_program_goes_on() {
        let scene = Scene::new();
        let upgrades = scene.start(Installation::Setup);
        for (code, says) in [
            (2, "The setup could not write or replace"),
            (3, "The setup could not end the running program"),
            (4, "A newer version is installed already"),
            (5, "Another setup is at work"),
            (9, "The setup failed (code 9)"),
        ] {
            publish(&scene, &format!("exit {code}"));
            let said = scene.refused(&upgrades).await;
            assert!(said.starts_with(says), "{said}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_setup_that_is_not_the_publishers_is_never_started() {
        let scene = Scene::new();
        let ran = publish(&scene, "touch RAN");
        let strangers = format!("#!/bin/sh\ntouch {}\nexit 0\n", ran.display());
        scene
            .server
            .answer(&scene.package(), Reply::Content(strangers.into()));
        let upgrades = scene.start(Installation::Setup);
        scene.refused(&upgrades).await;
        assert!(!ran.exists());
    }
}
