//! Tests of the vault's file, and of what it makes of places that are not what they were.

use super::*;

fn secrets(current: &str, previous: Option<&str>) -> Secrets {
    Secrets {
        current: Secret::new(current).ok(),
        previous: previous.and_then(|text| Secret::new(text).ok()),
    }
}

fn vault(data_dir: &Path) -> Vault {
    Vault::new(data_dir, false, None)
}

#[test]
fn secrets_in_a_file_are_kept_replaced_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path());
    assert_eq!(vault.load(None).unwrap().0, Secrets::default());
    vault.write_file(&secrets(" first \n", None)).unwrap();
    assert_eq!(
        vault.load(Some(Place::File)).unwrap().0,
        secrets("first", None)
    );
    vault.write_file(&secrets("second", Some("first"))).unwrap();
    assert_eq!(
        vault.load(Some(Place::File)).unwrap().0,
        secrets("second", Some("first"))
    );
    vault.clear().unwrap();
    vault.clear().unwrap();
    assert_eq!(vault.load(None).unwrap().0, Secrets::default());
}

#[test]
fn a_secret_that_is_gone_is_told_and_not_taken_for_none() {
    let dir = tempfile::tempdir().unwrap();
    let gone = vault(dir.path()).load(Some(Place::File));
    assert!(matches!(gone, Err(VaultError::Gone)));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    vault(dir.path()).write_file(&secrets("s", None)).unwrap();
    let mode = fs::metadata(dir.path().join(NAME))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_the_file_is_told_and_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, dir.path().join(NAME), mode).unwrap();
    for known in [None, Some(Place::File), Some(Place::Nowhere)] {
        let told = vault(dir.path()).load(known).unwrap_err();
        let VaultError::File { reason, .. } = told else {
            panic!("{told}")
        };
        assert_eq!(reason, IoReason::NoFile);
    }
}

#[test]
fn without_a_keyring_secrets_go_into_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path());
    let place = vault.store(&secrets("s", None)).unwrap();
    assert_eq!(place, Place::File);
    assert_eq!(vault.load(Some(place)).unwrap().0, secrets("s", None));
}

#[test]
fn what_is_in_a_keyring_that_is_not_there_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let unreadable = vault(dir.path()).load(Some(Place::Keyring));
    assert!(matches!(unreadable, Err(VaultError::Keyring(_))));
}

#[test]
fn an_empty_file_is_not_taken_for_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(NAME), " \n").unwrap();
    let gone = vault(dir.path()).load(Some(Place::File));
    assert!(matches!(gone, Err(VaultError::Gone)));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_taken_for_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(dir.path().join("gone"), dir.path().join(NAME)).unwrap();
    let found = vault(dir.path()).read_file();
    assert!(matches!(found, Err(VaultError::File { .. })), "{found:?}");
    // It can be set anew.
    vault(dir.path()).write_file(&secrets("s", None)).unwrap();
    let found = vault(dir.path()).read_file().unwrap();
    assert_eq!(found.unwrap().1, Place::File);
}

#[test]
fn a_file_that_was_not_finished_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path());
    vault.store(&secrets("good", None)).unwrap();
    fs::write(dir.path().join(format!("{NAME}.new")), "ha").unwrap();
    let kept = vault.load(Some(Place::File)).unwrap().0;
    assert_eq!(kept, secrets("good", None));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(NAME);
    fs::create_dir(&path).unwrap();
    let unreadable = vault(dir.path()).load(Some(Place::File));
    let Err(VaultError::File { path: named, .. }) = unreadable else {
        panic!("{unreadable:?}");
    };
    assert_eq!(named, path);
}

#[test]
fn what_cannot_be_written_is_told_and_leaves_what_was_kept() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path());
    vault.store(&secrets("old", None)).unwrap();
    fs::create_dir(dir.path().join(format!("{NAME}.new"))).unwrap();
    let refused = vault.store(&secrets("new", None));
    assert!(matches!(refused, Err(VaultError::File { .. })));
    let kept = vault.load(Some(Place::File)).unwrap().0;
    assert_eq!(kept, secrets("old", None));
}

#[test]
fn a_file_that_holds_no_secret_is_not_taken_for_no_secret_wherever_it_was_said_to_be() {
    let dir = tempfile::tempdir().unwrap();
    for text in ["", " \n", "\u{200b}\n\u{feff}"] {
        fs::write(dir.path().join(NAME), text).unwrap();
        for known in [None, Some(Place::Nowhere), Some(Place::File)] {
            let gone = vault(dir.path()).load(known);
            assert!(matches!(gone, Err(VaultError::Gone)), "{text:?} {known:?}");
        }
    }
}

#[test]
fn a_secret_is_found_where_nobody_said_that_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path());
    vault.store(&secrets("s", None)).unwrap();
    for known in [None, Some(Place::Nowhere)] {
        let found = vault.load(known).unwrap();
        assert_eq!(found, (secrets("s", None), Some(Place::File)));
    }
}

#[test]
fn each_provider_has_a_file_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let (first, other) = (
        vault(dir.path()),
        Vault::new(dir.path(), false, Some("pigeon")),
    );
    first.store(&secrets("first", None)).unwrap();
    other.store(&secrets("other", None)).unwrap();
    assert!(dir.path().join("webhook-secret").exists());
    assert!(dir.path().join("webhook-secret-pigeon").exists());
    first.clear().unwrap();
    let kept = other.load(Some(Place::File)).unwrap().0;
    assert_eq!(kept, secrets("other", None));
}

#[test]
fn a_keyring_that_was_asked_and_is_slow_is_not_asked_again_until_it_answers() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::new(dir.path(), true, None);
    let (keyring, asked) = mpsc::channel();
    *vault.asked.lock().unwrap() = Some(asked);
    keyring.send(Ok("found".to_owned())).unwrap();
    // What nobody knew of, and what was known.
    let (found, place) = vault.clone().load(None).unwrap();
    assert_eq!(
        (found, place),
        (secrets("found", None), Some(Place::Keyring))
    );
    assert!(vault.asked.lock().unwrap().is_none());

    let (keyring, asked) = mpsc::channel::<Answer>();
    *vault.asked.lock().unwrap() = Some(asked);
    drop(keyring);
    let slow = vault.load(None).unwrap_err();
    assert!(
        matches!(slow, VaultError::Unknown(KeyringReason::TooSlow)),
        "{slow}"
    );
    assert!(vault.asked.lock().unwrap().is_some());
    let known = vault.load(Some(Place::Keyring)).unwrap_err();
    assert!(
        matches!(known, VaultError::Keyring(KeyringReason::TooSlow)),
        "{known}"
    );
}
