//! How long an API is left alone that says how long it wants to be.

use std::time::Duration;

use super::shelf::Shelf;
use super::*;
use crate::provider::ApiReply;

/// What was waited for, and what came of it, where every answer says this of when to come back, at this time of the API's own.
async fn waits(retry_after: &str) -> (Vec<Duration>, ApiError) {
    waits_of(retry_after, false).await
}

/// The same where somebody waits.
async fn first_waits(retry_after: &str) -> (Vec<Duration>, ApiError) {
    waits_of(retry_after, true).await
}

async fn waits_of(retry_after: &str, goes_first: bool) -> (Vec<Duration>, ApiError) {
    let retry_after = retry_after.to_owned();
    let shelf = Shelf::new(move |_, _| {
        Ok(ApiReply {
            status: 429,
            date: Some("Sat, 28 Nov 2026 10:00:00 GMT".to_owned()),
            retry_after: Some(retry_after.clone()),
            body: Vec::new(),
        })
    });
    let mut client = Client::new(
        shelf.line(),
        ApiAccess {
            goes_first,
            ..shelf.access()
        },
    );
    let error = client
        .get(Asking::Balance, "/api/balance", &[])
        .await
        .unwrap_err();
    // Of the rate only what is more than what the API says.
    let pauses = shelf.pauses().into_iter();
    (pauses.filter(|pause| !pause.is_zero()).collect(), error)
}

#[tokio::test]
async fn what_is_no_length_of_time_is_as_good_as_nothing() {
    for text in ["", "soon", "NaN", "-1", "-inf", "0x10", "1;2", "-1e300"] {
        let (waits, error) = waits(text).await;
        assert_eq!(error, ApiError::TooOften(Asking::Balance), "{text}");
        assert!(
            waits.iter().all(|wait| *wait <= Duration::from_secs(60)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn who_may_come_back_at_once_does_not_do_so_again_and_again() {
    for text in [
        "0",
        "-0",
        "0.0",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "1795859999",
    ] {
        let (waits, error) = waits(text).await;
        assert_eq!(error, ApiError::TooOften(Asking::Balance), "{text}");
        let all: Duration = waits.iter().sum();
        assert!(all >= Duration::from_secs(30), "{text}: {waits:?}");
    }
}

#[tokio::test]
async fn a_moment_to_come_back_at_is_read_in_every_form() {
    for text in [
        "20",
        "19.2",
        "2e1",
        "Sat, 28 Nov 2026 10:00:20 GMT",
        "2026-11-28T10:00:20Z",
        "1795860020",
        "1795860020000",
    ] {
        let (waits, error) = waits(text).await;
        assert_eq!(error, ApiError::TooOften(Asking::Balance), "{text}");
        assert!(
            waits.contains(&Duration::from_secs(20)),
            "{text}: {waits:?}"
        );
    }
}

#[tokio::test]
async fn however_long_it_is_nobody_waits_for_it_but_it_is_told() {
    for (text, seconds) in [
        ("901", 901),
        ("1e3", 1_000),
        ("86400", 86_400),
        ("1795946400", 86_400),
        ("99999999999999999999", i64::MAX),
        ("1e300", i64::MAX),
        ("inf", i64::MAX),
        ("infinity", i64::MAX),
        (
            "Thu, 30 Dec 9999 10:00:00 GMT",
            253_402_164_000 - 1_795_860_000,
        ),
        ("Fri, 31 Dec 9999 23:59:59 GMT", i64::MAX),
    ] {
        let (waits, error) = waits(text).await;
        assert_eq!(error, ApiError::Later(seconds), "{text}");
        assert!(waits.is_empty(), "{text}: {waits:?}");
        let again = error.passes_after_secs().unwrap();
        assert!((900..=86_400).contains(&again), "{text}: {again}");
    }
}

#[tokio::test]
async fn who_puts_off_again_and_again_is_not_waited_for_any_longer() {
    let (waits, error) = waits("400").await;
    assert_eq!(error, ApiError::Later(400));
    let all: Duration = waits.iter().sum();
    assert!(all <= Duration::from_secs(2 * 900), "{waits:?}");
}

fn answering() -> Shelf {
    Shelf::new(|_, _| super::shelf::ok("{}"))
}

#[tokio::test]
async fn two_conversations_keep_to_the_rate_together() {
    let shelf = answering();
    let access = ApiAccess {
        rate: 2.0,
        ..shelf.access()
    };
    let mut one = Client::new(shelf.line(), access.clone());
    let mut other = Client::new(shelf.line(), access.clone());
    for _ in 0..2 {
        for client in [&mut one, &mut other] {
            client
                .get(Asking::Balance, "/api/balance", &[])
                .await
                .unwrap();
        }
    }
    let half = Duration::from_millis(500);
    assert_eq!(shelf.pauses(), [half; 3]);
    // What one was told counts for the other.
    access.pace.slow_down();
    other
        .get(Asking::Balance, "/api/balance", &[])
        .await
        .unwrap();
    assert_eq!(shelf.pauses().last(), Some(&Duration::from_secs(1)));
}

#[tokio::test]
async fn nobody_sits_there_until_an_api_may_be_asked_that_wants_to_be_left_alone() {
    let shelf = answering();
    let access = ApiAccess {
        goes_first: true,
        ..shelf.access()
    };
    for (rest, told) in [(300, Err(ApiError::Later(301))), (9, Ok(b"{}".to_vec()))] {
        let pace = crate::provider::RequestPace::default();
        pace.rest_until(Duration::from_secs(rest));
        let access = ApiAccess {
            pace,
            ..access.clone()
        };
        let mut client = Client::new(shelf.line(), access);
        let asked = client.get(Asking::Balance, "/api/balance", &[]).await;
        assert_eq!(asked, told, "{rest}");
    }
    // The same where it is the answer that says so.
    let (pauses, error) = first_waits("300").await;
    assert_eq!((pauses, error), (vec![], ApiError::Later(300)));
}
