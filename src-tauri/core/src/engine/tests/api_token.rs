//! Where the API token is, and that catching up needs one.

use super::*;
use crate::catch_up::ApiVariables;
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
