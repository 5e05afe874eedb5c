//! Where the API token is, and that catching up needs one.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;
use crate::catch_up::{ApiRate, ApiVariables};
use crate::engine::ApiToken;
use crate::provider::ApiError;

/// An API that has nothing and takes every token that begins so; its address.
fn api(takes: &'static str) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    // Ends with the tests.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream, takes));
        }
    });
    address
}

/// Answers the requests of one connection.
fn answer(mut stream: TcpStream, takes: &str) {
    let mut asked = Vec::new();
    let mut byte = [0];
    while let Ok(1) = stream.read(&mut byte) {
        asked.push(byte[0]);
        if !asked.ends_with(b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&asked).to_lowercase();
        let status = match head.contains(&format!("bearer {takes}")) {
            true => "200 OK",
            false => "401 Unauthorized",
        };
        let body = match head.contains("/orders") {
            true => r#"{"status":"success","data":{"orders":[]}}"#,
            false if head.contains("/balance") => {
                r#"{"status":"success","data":{"balance":1,"currency":"USD"}}"#
            }
            false => r#"{"status":"success","data":[]}"#,
        };
        let length = body.len();
        let written = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        if written.is_err() {
            return;
        }
        asked.clear();
    }
}

fn at(dir: &Path, url: &str) -> Options {
    let mut at = options(dir);
    at.api.url = Some(url.to_owned());
    at.api.rate = Some("1000".to_owned());
    at
}

fn kept(dir: &Path) -> Option<String> {
    let text = std::fs::read_to_string(dir.join("api-token")).ok()?;
    Some(text.trim().to_owned())
}

#[tokio::test]
async fn a_token_is_kept_beside_the_webhook_secret_and_removed_again() {
    let dir = tempfile::tempdir().unwrap();
    let options = at(dir.path(), &api("tok_"));
    let engine = Engine::start(options.clone()).await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::None);
    let set = engine.set_api_token(" tok_1\n", false).await.unwrap();
    assert_eq!((set.saved, set.problem), (true, None));
    assert_eq!(engine.api_token().await, ApiToken::File);
    assert_eq!(kept(dir.path()).as_deref(), Some("tok_1"));
    engine.shutdown().await;
    drop(engine);
    let engine = Engine::start(options).await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::File);
    for blank in [" ", "\"\"", "Bearer "] {
        let blank = engine.set_api_token(blank, false).await.unwrap_err();
        assert!(blank.to_string().contains("token"), "{blank}");
    }
    // An earlier version kept all of it.
    std::fs::write(dir.path().join("api-token"), "Bearer tok_1\n").unwrap();
    engine.try_api_token().await.unwrap();
    engine.remove_api_token().await.unwrap();
    assert_eq!(engine.api_token().await, ApiToken::None);
    assert!(!dir.path().join("api-token").exists());
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_does_not_replace_one_that_works() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(at(dir.path(), &api("tok_"))).await.unwrap();
    let refused = engine.set_api_token("other", false).await.unwrap();
    assert_eq!(refused.problem, Some(ApiError::Refused));
    assert_eq!((refused.saved, kept(dir.path())), (false, None));
    engine.set_api_token("tok_1", false).await.unwrap();
    assert!(!engine.set_api_token("other", false).await.unwrap().saved);
    // Nor is what stands around it kept.
    let pasted = "\u{200b}\"Authorization: Bearer tok_1\"\n";
    assert!(engine.set_api_token(pasted, false).await.unwrap().saved);
    assert_eq!(kept(dir.path()).as_deref(), Some("tok_1"));
    engine.try_api_token().await.unwrap();
    // Somebody may know better.
    let anyway = engine.set_api_token("other", true).await.unwrap();
    assert_eq!(anyway.problem, Some(ApiError::Refused));
    assert_eq!(
        (anyway.saved, kept(dir.path()).as_deref()),
        (true, Some("other"))
    );
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_tried_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(at(dir.path(), "no address")).await.unwrap();
    let set = engine.set_api_token("tok_1", false).await.unwrap();
    assert!(matches!(set.problem, Some(ApiError::Address(_))), "{set:?}");
    assert_eq!(
        (set.saved, kept(dir.path()).as_deref()),
        (true, Some("tok_1"))
    );
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_token_is_caught_up_with_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(at(dir.path(), &api("tok_"))).await.unwrap();
    let mut watch = engine.catch_up_watch();
    engine.set_api_token("other", true).await.unwrap();
    engine.start_catching_up();
    let ended = async |watch: &mut CatchUpWatch, refused: bool| {
        while watch
            .now()
            .last
            .is_none_or(|last| last.done.needs_somebody != refused)
        {
            assert!(watch.changed().await);
        }
    };
    ended(&mut watch, true).await;
    // Without waiting until it is due: nothing else makes one before the night.
    let set = engine.set_api_token("tok_1", false);
    let both = async {
        set.await.unwrap();
        ended(&mut watch, false).await;
    };
    let within = std::time::Duration::from_secs(600);
    tokio::time::timeout(within, both).await.unwrap();
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
    assert!(engine.set_api_token("tok_2", true).await.is_err());
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
