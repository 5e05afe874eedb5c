//! Newer versions from a real server on this computer: a good one, and every way in which it is not.

use std::path::Path;
use std::time::Duration;

use esim_watch_publisher::{MANIFEST, Release, Reply, Server, Signer};

use super::*;
use crate::io_reason::IoReason;

const RUNNING: &str = "0.1.0";

/// A publisher, and who asks it.
struct Scene {
    server: Server,
    signer: Signer,
    downloader: Downloader,
    /// The same without patience: for servers that say nothing, however long anybody waits.
    impatient: Downloader,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Scene {
        let (server, signer) = (Server::open(), Signer::new());
        let source = UpgradeSource::of(&UpgradeVariables {
            url: Some(server.url(MANIFEST)),
            key: Some(signer.public_key()),
        });
        let source = source.unwrap();
        let none = Patience {
            silence: Duration::from_millis(1),
            ..Patience::default()
        };
        Scene {
            downloader: Downloader::new(source.clone(), Patience::default()).unwrap(),
            impatient: Downloader::new(source, none).unwrap(),
            server,
            signer,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    async fn look(&self) -> Result<Option<Offer>, UpgradeError> {
        self.downloader.look(RUNNING, Installation::Setup).await
    }

    /// Brings what is offered.
    async fn fetch(&self) -> Result<std::path::PathBuf, UpgradeError> {
        let offer = self.look().await?.unwrap();
        let folder = self.folder.path().join("updates");
        self.downloader.fetch(&offer, &folder, |_| {}).await
    }

    /// What can't be brought, and leaves nothing.
    async fn refused(&self) -> UpgradeError {
        let error = self.fetch().await.unwrap_err();
        assert_eq!(files(self.folder.path()), 0, "{error}");
        error
    }
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_newer_version_is_told_and_brought_as_it_was_published() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &scene.signer);
    let offer = scene.look().await.unwrap().unwrap();
    assert_eq!(offer.newer.version, "0.2.0");
    assert_eq!(offer.newer.notes, "- What is new in 0.2.0.");
    assert_eq!(offer.newer.day.as_deref(), Some("2026-11-29"));
    let mut told = Vec::new();
    let folder = scene.folder.path();
    let fetched = scene.downloader.fetch(&offer, folder, |far| told.push(far));
    let path = fetched.await.unwrap();
    assert_eq!(path.file_name().unwrap(), "esim-watch-0.2.0.package");
    assert_eq!(std::fs::read(&path).unwrap(), release.content);
    let all = Some(release.content.len() as u64);
    assert_eq!(
        told.last().map(|far| (Some(far.done), far.total)),
        Some((all, all))
    );
}

#[tokio::test]
async fn what_is_not_newer_is_no_newer_version() {
    let scene = Scene::new();
    for version in ["0.1.0", "0.0.9", "0.1.0-rc.1"] {
        Release::of(version).publish(&scene.server, &scene.signer);
        assert!(scene.look().await.unwrap().is_none(), "{version}");
    }
}

#[tokio::test]
async fn a_manifest_that_somebody_else_signed_or_changed_is_not_believed() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &Signer::new());
    assert_eq!(
        scene.look().await.unwrap_err(),
        UpgradeError::ManifestSignature
    );
    // The publisher's signature of another version's manifest.
    release.publish(&scene.server, &scene.signer);
    let changed = Release::of("0.3.0").manifest("http://127.0.0.1/x", "");
    scene
        .server
        .answer(MANIFEST, Reply::Content(changed.clone()));
    assert_eq!(
        scene.look().await.unwrap_err(),
        UpgradeError::ManifestSignature
    );
    // Signed as something else.
    for (file, version) in [("other.json", "0.3.0"), ("latest.json", "0.2.0")] {
        let signature = scene.signer.sign(&changed, file, version);
        let beside = format!("{MANIFEST}.sig");
        scene
            .server
            .answer(&beside, Reply::Content(signature.into()));
        assert_eq!(
            scene.look().await.unwrap_err(),
            UpgradeError::ManifestSignature
        );
    }
    // Not signed at all.
    let beside = format!("{MANIFEST}.sig");
    scene.server.answer(&beside, Reply::Status(404));
    assert_eq!(
        scene.look().await.unwrap_err(),
        UpgradeError::ManifestSignature
    );
}

#[tokio::test]
async fn a_manifest_of_rubbish_is_told_from_a_page_that_somebody_put_in_between() {
    let scene = Scene::new();
    let said = async |reply: Reply| {
        scene.server.answer(MANIFEST, reply);
        scene.look().await.unwrap_err()
    };
    let content = |text: &str| Reply::Content(text.as_bytes().to_vec());
    assert_eq!(
        said(content("\n<!doctype html>")).await,
        UpgradeError::Stranger
    );
    for rubbish in ["", "{", "7", "\u{0}\u{1}", "{} {}"] {
        assert_eq!(
            said(content(rubbish)).await,
            UpgradeError::Unreadable,
            "{rubbish}"
        );
    }
    // Well signed, and yet no manifest.
    for signed in [r#"{"version":"0.2.0"}"#, r#"{"version":2,"platforms":{}}"#] {
        let signature = scene.signer.sign(signed.as_bytes(), "latest.json", "0.2.0");
        let beside = format!("{MANIFEST}.sig");
        scene
            .server
            .answer(&beside, Reply::Content(signature.into()));
        assert_eq!(said(content(signed)).await, UpgradeError::Unreadable);
    }
    // A version that is longer than any.
    Release::of(&format!("0.2.0-{}", "x".repeat(60))).publish(&scene.server, &scene.signer);
    assert_eq!(scene.look().await.unwrap_err(), UpgradeError::Unreadable);
    assert_eq!(said(Reply::Endless).await, UpgradeError::TooLarge);
    assert_eq!(said(Reply::Status(500)).await, UpgradeError::Status(500));
    assert_eq!(
        said(Reply::Cut(vec![b'{'; 100], 10)).await,
        UpgradeError::Unreachable
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_or_nothing_more_is_not_waited_for_for_ever() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &scene.signer);
    let offer = scene.look().await.unwrap().unwrap();
    let path = format!("/{}", release.file);
    for reply in [Reply::Stuck(release.content, 5000), Reply::Silence] {
        scene.server.answer(&path, reply);
        let folder = scene.folder.path().join("updates");
        let fetched = scene.impatient.fetch(&offer, &folder, |_| {}).await;
        assert_eq!(fetched.unwrap_err(), UpgradeError::TooSlow);
        assert_eq!(files(scene.folder.path()), 0);
    }
    scene.server.answer(MANIFEST, Reply::Silence);
    let looked = scene.impatient.look(RUNNING, Installation::Setup).await;
    assert_eq!(looked.unwrap_err(), UpgradeError::TooSlow);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let signer = Signer::new();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let source = UpgradeSource::of(&UpgradeVariables {
        url: Some(format!("http://{address}/latest.json")),
        key: Some(signer.public_key()),
    });
    let downloader = Downloader::new(source.unwrap(), Patience::default()).unwrap();
    let asked = downloader.look(RUNNING, Installation::Deb).await;
    assert_eq!(asked.unwrap_err(), UpgradeError::Unreachable);
}

#[tokio::test]
async fn a_server_that_leads_elsewhere_is_followed_but_not_to_plain_http_or_in_circles() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &scene.signer);
    let manifest = release.manifest(&scene.server.url("/x"), "");
    let signature = scene.signer.sign(&manifest, "latest.json", "0.2.0");
    let beside = format!("{MANIFEST}.sig");
    scene.server.answer("/kept", Reply::Content(manifest));
    scene
        .server
        .answer(&beside, Reply::Content(signature.into()));
    scene
        .server
        .answer(MANIFEST, Reply::Elsewhere("/kept".to_owned()));
    assert_eq!(scene.look().await.unwrap().unwrap().newer.version, "0.2.0");
    let plain = "http://updates.test/latest.json".to_owned();
    for plain in [plain, "file:///etc/passwd".to_owned()] {
        scene.server.answer(MANIFEST, Reply::Elsewhere(plain));
        assert_eq!(scene.look().await.unwrap_err(), UpgradeError::NotSecured);
    }
    scene
        .server
        .answer(MANIFEST, Reply::Elsewhere(MANIFEST.to_owned()));
    assert_eq!(scene.look().await.unwrap_err(), UpgradeError::Stranger);
}

#[tokio::test]
async fn a_package_with_another_signature_is_refused_and_gone() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &scene.signer);
    let path = format!("/{}", release.file);
    let mut changed = release.content.clone();
    changed[1000] ^= 1;
    scene.server.answer(&path, Reply::Content(changed));
    assert_eq!(scene.refused().await, UpgradeError::PackageSignature);
    // By a key that is not the publisher's; none; rubbish.
    let others = Signer::new().sign(&release.content, &release.file, "0.2.0");
    scene
        .server
        .answer(&path, Reply::Content(release.content.clone()));
    for signature in [others.as_str(), "", "AAAA", "no base64!"] {
        release.publish_as(&scene.server, &scene.signer, signature);
        assert_eq!(scene.refused().await, UpgradeError::PackageSignature);
    }
}

#[tokio::test]
async fn an_older_package_of_the_publishers_own_is_refused_as_a_newer_version() {
    let scene = Scene::new();
    let (old, mut new) = (Release::of("0.0.9"), Release::of("0.2.0"));
    let signed = |file: &str, version: &str| scene.signer.sign(&old.content, file, version);
    new.content = old.content.clone();
    new.publish(&scene.server, &scene.signer);
    for signature in [
        signed(&old.file, "0.0.9"),
        signed(&new.file, "0.0.9"),
        signed(&old.file, "0.2.0"),
    ] {
        new.publish_as(&scene.server, &scene.signer, &signature);
        let error = scene.refused().await;
        assert!(
            matches!(error, UpgradeError::OtherVersion { .. }),
            "{error}"
        );
    }
    // Signed without a word on what it is.
    let silent = scene.signer.sign_with(&old.content, "timestamp:1764400000");
    new.publish_as(&scene.server, &scene.signer, &silent);
    assert_eq!(scene.refused().await, UpgradeError::PackageSignature);
}

#[tokio::test]
async fn a_download_that_breaks_off_or_stops_leaves_nothing() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &scene.signer);
    let path = format!("/{}", release.file);
    let content = release.content.clone();
    scene.server.answer(&path, Reply::Cut(content, 5000));
    assert_eq!(scene.refused().await, UpgradeError::CutOff);
    scene.server.answer(&path, Reply::Status(404));
    assert_eq!(scene.refused().await, UpgradeError::Status(404));
    scene
        .server
        .answer(&path, Reply::Elsewhere("http://updates.test/p".to_owned()));
    assert_eq!(scene.refused().await, UpgradeError::NotSecured);
}

#[tokio::test]
async fn whoever_stops_a_download_leaves_nothing() {
    let scene = Scene::new();
    let release = Release::of("0.2.0");
    release.publish(&scene.server, &scene.signer);
    let path = format!("/{}", release.file);
    scene
        .server
        .answer(&path, Reply::Stuck(release.content, 5000));
    let offer = scene.look().await.unwrap().unwrap();
    let folder = scene.folder.path().join("updates");
    let (came, mut seen) = tokio::sync::watch::channel(false);
    let fetching = scene.downloader.fetch(&offer, &folder, |_| {
        came.send_replace(true);
    });
    tokio::select! {
        fetched = fetching => panic!("{fetched:?}"),
        seen = seen.changed() => seen.unwrap(),
    }
    assert_eq!(files(scene.folder.path()), 0);
}

#[tokio::test]
async fn a_folder_that_takes_nothing_is_told() {
    let scene = Scene::new();
    Release::of("0.2.0").publish(&scene.server, &scene.signer);
    std::fs::write(scene.folder.path().join("updates"), "in the way").unwrap();
    let error = scene.fetch().await.unwrap_err();
    assert!(
        matches!(
            error,
            UpgradeError::File {
                reason: IoReason::FileInTheWay,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(files(scene.folder.path()), 1);
}

#[tokio::test]
async fn what_has_no_package_for_this_kind_of_installation_is_told_all_the_same() {
    let scene = Scene::new();
    let release = Release {
        platforms: vec!["darwin-aarch64".to_owned()],
        ..Release::of("0.2.0")
    };
    release.publish(&scene.server, &scene.signer);
    let version = "0.2.0".to_owned();
    assert_eq!(scene.refused().await, UpgradeError::NoPackage { version });
}

#[test]
fn another_source_is_taken_from_the_environment_only_if_it_is_on_this_computer() {
    let key = Signer::new().public_key();
    let source = |url: &str, key: &str| {
        UpgradeSource::of(&UpgradeVariables {
            url: Some(url.to_owned()),
            key: Some(key.to_owned()),
        })
    };
    assert!(source("http://127.0.0.1:1/latest.json", &key).is_some());
    assert!(source("https://localhost/latest.json", &key).is_some());
    for url in [
        "https://updates.test/latest.json",
        "http://192.0.2.1/latest.json",
        "file:///latest.json",
        "",
    ] {
        assert!(source(url, &key).is_none(), "{url}");
    }
    assert!(source("http://127.0.0.1:1/latest.json", "no key").is_none());
}

#[test]
fn nobody_publishes_until_somebody_has_written_themselves_down() {
    let published = UpgradeSource::of(&UpgradeVariables::default());
    let written =
        !publisher::MANIFEST_URL.contains(".example/") && !publisher::PUBLIC_KEY.is_empty();
    assert_eq!(published.is_some(), written);
}
