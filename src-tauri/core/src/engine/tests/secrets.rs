//! Secrets of two providers, and secrets that can't be used.

use super::*;
use crate::provider;
use crate::provider::pigeon::PIGEON;
use crate::secret::{EnvironmentError, Place, UnusableSecret};

fn any_port(data_dir: &Path) -> Options {
    Options {
        port: Some(0),
        ..options(data_dir)
    }
}

/// The two providers of these tests; there may be more.
async fn told(engine: &Engine) -> Vec<ProviderConnection> {
    let connection = engine.connection().await.unwrap();
    let mut providers = connection.providers;
    let (first, other) = (DEFAULT.name(), provider::by_id(PIGEON).name());
    providers.retain(|one| [first, other].contains(&one.name));
    providers
}

async fn states(engine: &Engine) -> Vec<SecretState> {
    let told = told(engine).await;
    told.iter().map(|one| one.secret).collect()
}

fn accepted(engine: &Engine, provider: ProviderId) -> Vec<String> {
    let gate = engine.gate.borrow();
    let secrets = gate.secrets.get(&provider).cloned().unwrap_or_default();
    secrets.iter().map(|one| one.reveal().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_provider_has_an_address_a_secret_and_a_state_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let pigeon = provider::by_id(PIGEON);
    let engine = Engine::start(any_port(dir.path())).await.unwrap();
    engine.listen().await.unwrap();
    assert_eq!(
        states(&engine).await,
        [SecretState::None, SecretState::None]
    );
    engine.set_secret(DEFAULT, "first").await.unwrap();
    assert_eq!(
        states(&engine).await,
        [SecretState::File, SecretState::Shut]
    );
    assert!(engine.health().borrow().unsigned.is_empty());
    engine.set_secret(pigeon, "other").await.unwrap();
    engine.set_secret(pigeon, "another").await.unwrap();
    assert_eq!(
        states(&engine).await,
        [SecretState::File, SecretState::File]
    );
    let token = engine.gate.borrow().token.clone();
    let paths: Vec<_> = told(&engine)
        .await
        .iter()
        .map(|one| (one.webhook_path.clone(), one.previous_secret))
        .collect();
    assert_eq!(
        paths,
        [
            (format!("/hooks/{token}"), false),
            (format!("/hooks/pigeon/{token}"), true)
        ]
    );
    engine.shutdown().await;
    drop(engine);

    let again = Engine::start(any_port(dir.path())).await.unwrap();
    again.listen().await.unwrap();
    assert_eq!(accepted(&again, DEFAULT.id()), ["first"]);
    assert_eq!(accepted(&again, PIGEON), ["another", "other"]);
    again.drop_previous_secret(pigeon).await.unwrap();
    again.remove_secret(DEFAULT).await.unwrap();
    assert_eq!(accepted(&again, PIGEON), ["another"]);
    // What the first one may deliver is not lost because another one has a secret.
    assert_eq!(states(&again).await, [SecretState::None, SecretState::File]);
    assert_eq!(again.health().borrow().unsigned, [DEFAULT.display_name()]);
    again.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_no_secret_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(any_port(dir.path())).await.unwrap();
    engine.listen().await.unwrap();
    engine.set_secret(DEFAULT, "first").await.unwrap();
    for unusable in ["", " ", "\u{200b}", "one\ntwo"] {
        let said = engine.set_secret(DEFAULT, unusable).await.unwrap_err();
        let said = said.to_string();
        assert!(
            said.starts_with("The signing secret was not changed: "),
            "{said}"
        );
        assert_eq!(accepted(&engine, DEFAULT.id()), ["first"]);
    }
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_variable_that_is_no_secret_nothing_listens() {
    let dir = tempfile::tempdir().unwrap();
    let unusable = EnvironmentError::Unusable {
        name: "NAME".to_owned(),
        reason: UnusableSecret::Blank,
    };
    for id in [DEFAULT.id(), PIGEON] {
        let engine = Engine::start(Options {
            secrets: GivenSecrets::from([(id, Err(unusable.clone()))]),
            ..any_port(dir.path())
        })
        .await
        .unwrap();
        let said = engine.listen().await.unwrap_err().to_string();
        assert!(
            said.starts_with("NAME in the program's environment"),
            "{said}"
        );
        assert!(
            states(&engine)
                .await
                .contains(&SecretState::EnvironmentUnusable)
        );
        assert!(matches!(
            engine.health().borrow().listener,
            ListenerState::Down { .. }
        ));
        engine.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_providers_secret_that_is_gone_keeps_everything_down_until_it_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let pigeon = provider::by_id(PIGEON);
    let engine = Engine::start(any_port(dir.path())).await.unwrap();
    engine.listen().await.unwrap();
    engine.set_secret(pigeon, "other").await.unwrap();
    engine.shutdown().await;
    drop(engine);
    std::fs::remove_file(dir.path().join("webhook-secret-pigeon")).unwrap();
    let again = Engine::start(any_port(dir.path())).await.unwrap();
    assert!(again.listen().await.is_err());
    assert_eq!(states(&again).await[1], SecretState::Unreadable);
    again.remove_secret(pigeon).await.unwrap();
    assert_eq!(states(&again).await, [SecretState::None, SecretState::None]);
    again.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_forgot_where_the_secret_is_finds_it_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(any_port(dir.path())).await.unwrap();
    engine.listen().await.unwrap();
    engine.set_secret(DEFAULT, "first").await.unwrap();
    let place = Setting::SecretPlace(None);
    engine.store.writer().set(place, None).await.unwrap();
    engine.shutdown().await;
    drop(engine);
    let again = Engine::start(any_port(dir.path())).await.unwrap();
    again.listen().await.unwrap();
    assert_eq!(accepted(&again, DEFAULT.id()), ["first"]);
    let notice = again.health().borrow().notice.clone().unwrap().to_string();
    assert!(notice.contains("signing secret"), "{notice}");
    let kept = again.readers().read(|store| store.setting(place)).unwrap();
    assert_eq!(kept.as_deref(), Some("file"));
    again.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_corrects_a_secret_or_saves_it_twice_keeps_what_counted_before() {
    let dir = tempfile::tempdir().unwrap();
    let set = async |secrets: &[&str]| {
        let engine = Engine::start(any_port(dir.path())).await.unwrap();
        engine.listen().await.unwrap();
        for secret in secrets {
            engine.set_secret(DEFAULT, secret).await.unwrap();
        }
        let accepted = accepted(&engine, DEFAULT.id());
        engine.shutdown().await;
        accepted
    };
    assert_eq!(set(&["of the portal"]).await, ["of the portal"]);
    assert_eq!(set(&["mistype"]).await, ["mistype", "of the portal"]);
    // Long after it was set it is no correction: what counts is what was there.
    assert_eq!(set(&["new"]).await, ["new", "mistype"]);
    assert_eq!(set(&["new", " new "]).await, ["new", "mistype"]);
    for again in [&["a", "b"][..], &["a", "b", "b"]] {
        assert_eq!(set(again).await[1..], ["new"], "{again:?}");
        assert_eq!(set(&["new"]).await[0], "new");
    }
}

/// Starts without a secret that was there before, and has to say so and let nothing in.
async fn refuses(dir: &Path, says: &str) -> Engine {
    let engine = Engine::start(any_port(dir)).await.unwrap();
    let said = engine.listen().await.unwrap_err().to_string();
    assert!(said.contains(says), "{said}");
    assert_eq!(states(&engine).await[0], SecretState::Unreadable);
    let ListenerState::Down { message } = engine.health().borrow().listener.clone() else {
        panic!("it listens");
    };
    assert_eq!(message.to_string(), said);
    engine
}

fn given(dir: &Path, secret: &str) -> Options {
    let secrets = Secrets {
        current: Secret::new(secret).ok(),
        previous: None,
    };
    Options {
        secrets: GivenSecrets::from([(DEFAULT.id(), Ok(secrets))]),
        ..any_port(dir)
    }
}

async fn listens(options: Options) -> Engine {
    let engine = Engine::start(options).await.unwrap();
    engine.listen().await.unwrap();
    engine
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_the_environment_no_longer_gives_opens_nothing_until_somebody_says_so() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let engine = listens(given(dir.path(), "given")).await;
        assert_eq!(states(&engine).await[0], SecretState::Environment);
        engine.shutdown().await;
        drop(engine);
        let engine = refuses(dir.path(), "ESIM_WATCH_WEBHOOK_SECRET").await;
        engine.shutdown().await;
    }
    // Another one is set by hand.
    let engine = refuses(dir.path(), "ESIM_WATCH_WEBHOOK_SECRET").await;
    engine.set_secret(DEFAULT, "by hand").await.unwrap();
    assert_eq!(states(&engine).await[0], SecretState::File);
    engine.shutdown().await;
    drop(engine);
    // The environment's goes before it, and leaves it where it is.
    let engine = listens(given(dir.path(), "given")).await;
    assert_eq!(accepted(&engine, DEFAULT.id()), ["given"]);
    engine.shutdown().await;
    drop(engine);
    let engine = listens(any_port(dir.path())).await;
    assert_eq!(accepted(&engine, DEFAULT.id()), ["by hand"]);
    assert!(engine.health().borrow().notice.is_none());
    engine.remove_secret(DEFAULT).await.unwrap();
    engine.shutdown().await;
    drop(engine);
    // Somebody removes what the environment gave.
    let engine = listens(given(dir.path(), "given")).await;
    engine.shutdown().await;
    drop(engine);
    let engine = refuses(dir.path(), "ESIM_WATCH_WEBHOOK_SECRET").await;
    engine.remove_secret(DEFAULT).await.unwrap();
    assert_eq!(states(&engine).await[0], SecretState::None);
    engine.shutdown().await;
    drop(engine);
    let engine = listens(any_port(dir.path())).await;
    let unsigned = engine.health().borrow().unsigned.clone();
    assert!(unsigned.contains(&DEFAULT.display_name()));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_the_secret_that_it_says_there_is_lets_nothing_in_and_says_so() {
    for (place, says) in [
        (Place::File, "no longer where it was kept"),
        (Place::Keyring, "which can't be opened"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let engine = listens(any_port(dir.path())).await;
        let setting = Setting::SecretPlace(None);
        let place = Some(place.as_text().to_owned());
        engine.store.writer().set(setting, place).await.unwrap();
        engine.shutdown().await;
        drop(engine);
        let engine = refuses(dir.path(), says).await;
        engine.set_secret(DEFAULT, "of the portal").await.unwrap();
        assert_eq!(accepted(&engine, DEFAULT.id()), ["of the portal"]);
        engine.shutdown().await;
    }
}
