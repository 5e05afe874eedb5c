//! Where the API token is, and that catching up needs one.

use super::*;
use crate::catch_up::{ApiRate, ApiVariables};
use crate::engine::ApiToken;

#[tokio::test]
async fn a_token_is_kept_beside_the_webhook_secret_and_removed_again() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(dir.path())).await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::None);
    engine.set_api_token(" tok_1\n").await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::File);
    let kept = std::fs::read_to_string(dir.path().join("api-token")).unwrap();
    assert_eq!(kept.trim(), "tok_1");
    engine.shutdown().await;
    drop(engine);
    let engine = Engine::start(options(dir.path())).await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::File);
    let blank = engine.set_api_token(" ").await.unwrap_err();
    assert!(blank.to_string().contains("token"), "{blank}");
    engine.remove_api_token().await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::None);
    assert!(!dir.path().join("api-token").exists());
    engine.shutdown().await;
}

#[tokio::test]
async fn a_token_from_the_environment_wins_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let given = |token: &str| Options {
        api: ApiVariables {
            token: Some(token.to_owned()),
            ..ApiVariables::default()
        },
        ..options(dir.path())
    };
    let engine = Engine::start(given("tok_1")).await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::Environment);
    assert!(engine.set_api_token("tok_2").await.is_err());
    engine.shutdown().await;
    drop(engine);
    let engine = Engine::start(given(" ")).await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::None);
    let done = engine.catch_up().await;
    assert_eq!((done.requests, done.problems.len()), (0, 1));
    engine.shutdown().await;
}

/// How many requests a second an engine with these options makes.
async fn rate_of(options: Options) -> ApiRate {
    let engine = Engine::start(options).await.unwrap();
    let rate = engine.catch_up_watch().now().rate;
    engine.shutdown().await;
    rate
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_that_is_set_is_kept_within_its_bounds_and_the_environments_wins() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(dir.path())).await.unwrap();
    let mut watch = engine.catch_up_watch();
    assert_eq!(watch.now().rate, ApiRate::Set(2.0));
    for wrong in [0.0, 0.09, 10.5, -2.0, f64::NAN, f64::INFINITY] {
        let refused = engine.set_api_rate(wrong).await.unwrap_err();
        assert!(refused.to_string().contains("from 0.1 to 10"), "{refused}");
    }
    engine.set_api_rate(0.5).await.unwrap();
    assert!(watch.changed().await);
    assert_eq!(watch.now().rate, ApiRate::Set(0.5));
    engine.shutdown().await;
    drop(engine);
    assert_eq!(rate_of(options(dir.path())).await, ApiRate::Set(0.5));

    let mut fixed = options(dir.path());
    fixed.api.rate = Some("400".to_owned());
    assert_eq!(rate_of(fixed.clone()).await, ApiRate::Given(400.0));
    let engine = Engine::start(fixed).await.unwrap();
    let refused = engine.set_api_rate(1.0).await.unwrap_err();
    assert!(matches!(refused, EngineError::Fixed(FixedSetting::ApiRate)));
    engine.shutdown().await;
}
