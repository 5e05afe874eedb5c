//! Tests of the engine's own decisions: ports, secrets, what its health says.

mod ages;
mod api_token;
mod catching_up;
mod ports;
mod resending;
mod secrets;

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use super::*;
use crate::provider::DEFAULT;
use crate::secret::{Secret, Secrets};

fn options(data_dir: &Path) -> Options {
    Options {
        data_dir: data_dir.to_owned(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: None,
        secrets: GivenSecrets::new(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_starts_a_rotation_that_ends_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(Options {
        port: Some(0),
        ..options(dir.path())
    })
    .await
    .unwrap();
    engine.listen().await.unwrap();
    assert!(!engine.health().borrow().unsigned.is_empty());
    engine.set_secret(DEFAULT, "first").await.unwrap();
    assert!(engine.health().borrow().unsigned.is_empty());
    assert!(!engine.connection().await.unwrap().providers[0].previous_secret);
    engine.set_secret(DEFAULT, "second").await.unwrap();
    assert!(engine.connection().await.unwrap().providers[0].previous_secret);
    let accepted = |engine: &Engine| {
        let all = engine.gate.borrow().secrets.clone();
        all.values()
            .flatten()
            .map(|secret| secret.reveal().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(accepted(&engine), ["second", "first"]);
    engine.drop_previous_secret(DEFAULT).await.unwrap();
    assert_eq!(accepted(&engine), ["second"]);
    engine.remove_secret(DEFAULT).await.unwrap();
    assert_eq!(accepted(&engine), Vec::<String>::new());
    assert!(!engine.health().borrow().unsigned.is_empty());
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_secret_that_was_set_it_does_not_listen() {
    let dir = tempfile::tempdir().unwrap();
    let settings = || Options {
        port: Some(0),
        ..options(dir.path())
    };
    let engine = Engine::start(settings()).await.unwrap();
    engine.listen().await.unwrap();
    engine.set_secret(DEFAULT, "first").await.unwrap();
    engine.shutdown().await;
    drop(engine);
    std::fs::remove_file(dir.path().join("webhook-secret")).unwrap();
    let engine = Engine::start(settings()).await.unwrap();
    let refused = engine.listen().await.unwrap_err().to_string();
    assert!(refused.contains("no longer where it was kept"), "{refused}");
    assert!(matches!(
        engine.health().borrow().listener,
        ListenerState::Down { .. }
    ));
    assert_eq!(
        engine.connection().await.unwrap().providers[0].secret,
        SecretState::Unreadable
    );
    // A secret is set: nothing unsigned is let in, and what to do is about the secret.
    assert!(engine.health().borrow().unsigned.is_empty());
    engine
        .set_public_url(Some("https://a.example.com"))
        .await
        .unwrap();
    let problem = engine.send_test().await.unwrap().problem.unwrap();
    let said = problem.to_string();
    assert!(said.contains("no longer where it was kept"), "{said}");
    assert!(!said.contains("port"), "{said}");
    engine.set_secret(DEFAULT, "second").await.unwrap();
    assert!(matches!(
        engine.health().borrow().listener,
        ListenerState::Up { .. }
    ));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_at_the_start_cannot_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Secrets {
        current: Secret::new("fixed").ok(),
        previous: None,
    };
    let fixed = Options {
        port: Some(0),
        secrets: GivenSecrets::from([(DEFAULT.id(), Ok(secrets))]),
        ..options(dir.path())
    };
    let engine = Engine::start(fixed).await.unwrap();
    engine.listen().await.unwrap();
    for refused in [
        engine.remove_secret(DEFAULT).await,
        engine.set_port(free_port()).await,
    ] {
        let said = refused.unwrap_err().to_string();
        assert!(
            said.contains("was set when the program was started"),
            "{said}"
        );
    }
    assert_eq!(
        engine.connection().await.unwrap().providers[0].secret,
        SecretState::Environment
    );
    engine.shutdown().await;
}
