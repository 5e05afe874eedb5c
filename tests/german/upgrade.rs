//! What the publisher's server, a package or a full disk has to say when a newer version is fetched.

use std::path::Path;
use std::time::Duration;

use esim_watch_core::upgrade::{
    Downloader, Installation, Patience, UpgradeError, UpgradeSource, UpgradeVariables,
};
use esim_watch_publisher::{MANIFEST, Release, Reply, Server, Signer};

use crate::wording::says;

async fn failed(server: &Server, signer: &Signer, folder: &Path) -> UpgradeError {
    failed_after(Patience::default(), server, signer, folder).await
}

async fn failed_after(
    patience: Patience,
    server: &Server,
    signer: &Signer,
    folder: &Path,
) -> UpgradeError {
    let source = UpgradeSource::of(&UpgradeVariables {
        url: Some(server.url(MANIFEST)),
        key: Some(signer.public_key()),
    });
    let downloader = Downloader::new(source.unwrap(), patience).unwrap();
    let offer = match downloader.look("0.1.0", Installation::Deb).await {
        Ok(offer) => offer.unwrap(),
        Err(error) => return error,
    };
    let fetched = downloader.fetch(&offer, folder, |_| {}).await;
    fetched.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_no_newer_version_as_it_should_be() {
    let (server, signer) = (Server::open(), Signer::new());
    let dir = tempfile::tempdir().unwrap();
    let release = Release::of("0.2.0");
    let package = format!("/{}", release.file);
    for (reply, part) in [
        (Reply::Status(503), "Status 503"),
        (Reply::Endless, "viel zu lang"),
        (Reply::Content(b"<html>".to_vec()), "Anmeldeseite"),
        (Reply::Content(b"rubbish".to_vec()), "nicht zu verstehen"),
        (Reply::Content(b"{}".to_vec()), "nicht vom Herausgeber"),
        (
            Reply::Elsewhere("http://updates.test/".to_owned()),
            "ungesicherten Adresse",
        ),
    ] {
        server.answer(MANIFEST, reply);
        says(&failed(&server, &signer, dir.path()).await, part);
    }
    server.answer(MANIFEST, Reply::Silence);
    let none = Patience {
        silence: Duration::from_millis(1),
        ..Patience::default()
    };
    let silent = failed_after(none, &server, &signer, dir.path()).await;
    says(&silent, "antwortet nicht rechtzeitig");
    release.publish(&server, &signer);
    for (reply, part) in [
        (Reply::Cut(release.content.clone(), 10), "brach ab"),
        (Reply::Content(b"another".to_vec()), "Es wurde gelöscht"),
    ] {
        server.answer(&package, reply);
        says(&failed(&server, &signer, dir.path()).await, part);
    }
    let older = signer.sign(&release.content, &release.file, "0.0.9");
    release.publish_as(&server, &signer, &older);
    server.answer(&package, Reply::Content(release.content));
    says(
        &failed(&server, &signer, dir.path()).await,
        "nicht als Version 0.2.0",
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full() {
    use crate::elsewhere::elsewhere;

    let mount_point = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=64k none \"$ESIM_WATCH_TEST_DISK\" && exec \"$0\" \"$@\"";
    let start = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount];
    let at = mount_point.path().to_str().unwrap();
    let disk = [("ESIM_WATCH_TEST_DISK", at)];
    if !elsewhere("upgrade::a_disk_that_is_full", &start, &disk) {
        return;
    }
    let disk = std::env::var("ESIM_WATCH_TEST_DISK").unwrap();
    let folder = Path::new(&disk).join("updates");
    let (server, signer) = (Server::open(), Signer::new());
    Release::of("0.2.0").publish(&server, &signer);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let error = runtime.block_on(failed(&server, &signer, &folder));
    says(&error, "der Datenträger ist voll");
    assert_eq!(
        std::fs::read_dir(&disk).unwrap().count(),
        0,
        "room is made again"
    );
}
