//! How an API is asked that answers as it likes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::super::client::Client;
use super::super::http::HttpLine;
use super::*;
use crate::provider::{ApiLine, ApiReply, NoReply, RequestPace};
use crate::secret::Secret;

type Answer = (u16, Vec<(&'static str, String)>, String);

/// An API that gives these answers in their order, the last one again and again.
struct Fake {
    asked: Arc<Mutex<Vec<(Instant, String)>>>,
    client: Client,
}

fn ok(body: &str) -> Answer {
    (200, Vec::new(), body.to_owned())
}

fn status(status: u16) -> Answer {
    (
        status,
        Vec::new(),
        r#"{"message":"no","status":"failed"}"#.to_owned(),
    )
}

pub fn client(base: reqwest::Url, token: &str, rate: f64) -> Client {
    let access = ApiAccess {
        base: None,
        token: Secret::new(token).unwrap(),
        rate,
        requests: Arc::default(),
        pace: RequestPace::default(),
        goes_first: false,
        answered: watch::Sender::default(),
        line: None,
    };
    let line = HttpLine::new(base, &access.token).unwrap();
    Client::new(Arc::new(line), access)
}

impl Fake {
    async fn new(answers: Vec<Answer>) -> Fake {
        Fake::at_rate(answers, 1000.0).await
    }

    async fn at_rate(answers: Vec<Answer>, rate: f64) -> Fake {
        let asked: Arc<Mutex<Vec<(Instant, String)>>> = Arc::default();
        let left = Arc::new(Mutex::new(VecDeque::from(answers)));
        let seen = Arc::clone(&asked);
        let app = Router::new()
            .fallback(move |State(()): State<()>, request: Request| {
                let bearer = request.headers().get("authorization").cloned();
                assert_eq!(bearer.unwrap(), "Bearer secret-token");
                let uri = request.uri().to_string();
                seen.lock().unwrap().push((Instant::now(), uri));
                let mut left = left.lock().unwrap();
                let next = match left.len() {
                    1 => left[0].clone(),
                    _ => left.pop_front().unwrap(),
                };
                let mut answer = Response::builder().status(StatusCode::from_u16(next.0).unwrap());
                for (name, value) in next.1 {
                    answer = answer.header(name, value);
                }
                std::future::ready(answer.body(next.2).unwrap())
            })
            .with_state(());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = address(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = client(base, "secret-token", rate);
        Fake { asked, client }
    }

    async fn get(&mut self) -> Result<Vec<u8>, ApiError> {
        self.client
            .get(Asking::Balance, "/api/balance", &[("a", "b c")])
            .await
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn gaps(&self) -> Vec<Duration> {
        let asked = self.asked.lock().unwrap();
        asked.windows(2).map(|two| two[1].0 - two[0].0).collect()
    }
}

#[tokio::test]
async fn an_answer_is_handed_on_and_asked_for_once() {
    let mut fake = Fake::new(vec![ok(r#"{"a":1}"#)]).await;
    assert_eq!(fake.get().await.unwrap(), br#"{"a":1}"#);
    assert_eq!(fake.count(), 1);
    assert_eq!(fake.asked.lock().unwrap()[0].1, "/api/balance?a=b+c");
}

#[tokio::test]
async fn what_may_pass_is_asked_for_again() {
    let page = (200, Vec::new(), "<html>log in</html>".to_owned());
    for first in [
        status(500),
        status(503),
        status(429),
        page,
        ok(r#"{"status":"failed"}"#),
        ok("{\"a\":"),
    ] {
        let mut fake = Fake::new(vec![first.clone(), ok("{}")]).await;
        assert_eq!(fake.get().await.unwrap(), b"{}", "{first:?}");
        assert_eq!(fake.count(), 2);
    }
}

#[tokio::test]
async fn what_stays_is_told_at_once() {
    let what = Asking::Balance;
    for (answer, error) in [
        (status(401), ApiError::Refused),
        (status(403), ApiError::NotAllowed(what)),
        (status(404), ApiError::NotFound(what)),
        (status(409), ApiError::NotTaken(what, 409)),
        (status(422), ApiError::NotTaken(what, 422)),
        (status(302), ApiError::Stranger(what)),
    ] {
        let mut fake = Fake::new(vec![answer]).await;
        assert_eq!(fake.get().await.unwrap_err(), error);
        let again = u64::from(error == ApiError::Stranger(what)) * 3;
        assert_eq!(fake.count() as u64, 1 + again, "{error:?}");
    }
}

#[tokio::test]
async fn what_is_not_allowed_is_asked_for_once_only() {
    let mut fake = Fake::new(vec![status(403)]).await;
    for _ in 0..3 {
        assert_eq!(
            fake.get().await.unwrap_err(),
            ApiError::NotAllowed(Asking::Balance)
        );
    }
    assert_eq!(fake.count(), 1);
}

#[tokio::test]
async fn an_api_that_fails_at_everything_is_soon_asked_for_each_thing_once() {
    let mut fake = Fake::new(vec![status(500)]).await;
    for _ in 0..5 {
        let error = fake.get().await.unwrap_err();
        assert_eq!(error, ApiError::Failing(Asking::Balance, 500));
    }
    assert_eq!(fake.count(), 4 + 4 + 4 + 4 + 1);
    // That is out of order for now; something else may not be.
    for _ in 0..3 {
        let error = fake.get().await.unwrap_err();
        assert_eq!(error, ApiError::Failing(Asking::Balance, 500));
    }
    assert_eq!(fake.count(), 17);
    let other = fake.client.get(Asking::Esims, "/api/esims", &[]).await;
    assert!(other.is_err());
    assert_eq!(fake.count(), 18);
}

#[tokio::test]
async fn what_fails_now_and_then_is_asked_for_again_and_again() {
    let rounds = (0..8).flat_map(|_| [status(500), ok("{}")]);
    let mut fake = Fake::new(rounds.collect()).await;
    fake.client.spend_repeats();
    for _ in 0..4 {
        assert!(fake.get().await.is_err());
        assert!(fake.get().await.is_ok());
        fake.client.spend_repeats();
    }
    assert_eq!(fake.count(), 8);
}

#[tokio::test]
async fn the_api_says_how_long_it_wants_to_be_left_alone() {
    let pause = |text: &str| (429, vec![("retry-after", text.to_owned())], "{}".to_owned());
    let mut fake = Fake::new(vec![pause("2"), ok("{}")]).await;
    fake.get().await.unwrap();
    assert!(
        fake.gaps()[0] >= Duration::from_secs(2),
        "{:?}",
        fake.gaps()
    );
    let mut fake = Fake::new(vec![pause("86400"), ok("{}")]).await;
    assert_eq!(fake.get().await.unwrap_err(), ApiError::Later(86_400));
}

#[tokio::test]
async fn the_rate_is_kept_and_halved_after_being_asked_too_often() {
    let mut fake = Fake::at_rate(vec![status(429), ok("{}")], 20.0).await;
    for _ in 0..8 {
        fake.get().await.unwrap();
    }
    // Each is sent a tenth of a second after the one before at the earliest. When it arrives is the machine's: a busy
    // one takes the first late and the next in time. So it is the sum that tells, with one of them for the first's delay.
    let gaps = fake.gaps();
    let between = u32::try_from(gaps.len()).unwrap() - 1;
    let all: Duration = gaps.iter().sum();
    assert!(all >= between * Duration::from_millis(95), "{gaps:?}");
}

#[tokio::test]
async fn what_can_not_be_reached_is_told_so() {
    let mut fake = Fake::new(vec![ok("{}")]).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = address(&format!("http://{}", gone.local_addr().unwrap())).unwrap();
    drop(gone);
    fake.client = client(base, "t", 1000.0);
    assert_eq!(fake.get().await.unwrap_err(), ApiError::Unreachable);
}

#[tokio::test]
async fn the_apis_own_time_counts() {
    let date = vec![("date", "Sat, 28 Nov 2020 10:00:00 GMT".to_owned())];
    let mut fake = Fake::new(vec![(200, date, "{}".to_owned())]).await;
    fake.get().await.unwrap();
    assert!((1_606_557_600..1_606_557_660).contains(&fake.client.now()));
    // Not that of whoever stands before it, such as a hotel's page.
    for (status, body) in [(302, ""), (200, "<html>"), (403, "{}")] {
        let date = vec![("date", "Wed, 07 Jan 2032 10:00:00 GMT".to_owned())];
        let mut fake = Fake::new(vec![(status, date, body.to_owned())]).await;
        fake.get().await.unwrap_err();
        assert!(fake.client.now() < 1_956_000_000, "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_stays_says_nothing_of_how_long_to_wait() {
    for code in [404, 403, 409, 422] {
        // Too long to be waited for, if it were.
        let pause = vec![("retry-after", "86400".to_owned())];
        let mut fake = Fake::new(vec![(code, pause, "{}".to_owned()), ok("{}")]).await;
        let error = fake.get().await.unwrap_err();
        assert!(!matches!(error, ApiError::Later(_)), "{error:?}");
        let other = fake.client.get(Asking::Esims, "/api/esims", &[]).await;
        assert_eq!(other.unwrap(), b"{}", "{code}");
    }
}

/// A line on which time passes only while it is to wait, which it notes.
#[derive(Default)]
struct Still {
    replies: Mutex<VecDeque<ApiReply>>,
    pauses: Mutex<Vec<Duration>>,
}

impl ApiLine for Still {
    fn get<'a>(
        &'a self,
        _path: &'a str,
        _query: &'a [(&'a str, &'a str)],
    ) -> Asked<'a, Result<ApiReply, NoReply>> {
        let reply = self.replies.lock().unwrap().pop_front();
        Box::pin(std::future::ready(reply.ok_or(NoReply::Unreachable)))
    }

    fn pause(&self, time: Duration) -> Asked<'_, ()> {
        self.pauses.lock().unwrap().push(time);
        Box::pin(std::future::ready(()))
    }

    fn passed(&self) -> Duration {
        self.pauses.lock().unwrap().iter().sum()
    }

    fn chance(&self) -> u8 {
        0
    }
}

#[tokio::test]
async fn what_is_not_there_makes_nothing_else_wait() {
    for (code, waits) in [(404, false), (503, true)] {
        let reply = |status, pause: Option<&str>| ApiReply {
            status,
            date: None,
            retry_after: pause.map(str::to_owned),
            body: b"{}".to_vec(),
        };
        let line = Arc::new(Still::default());
        line.replies
            .lock()
            .unwrap()
            .extend([reply(code, Some("600")), reply(200, None)]);
        let access = ApiAccess {
            base: None,
            token: Secret::new("t").unwrap(),
            rate: 2.0,
            requests: Arc::default(),
            pace: RequestPace::default(),
            goes_first: false,
            answered: watch::Sender::default(),
            line: None,
        };
        let mut client = Client::new(Arc::clone(&line) as Arc<dyn ApiLine>, access);
        let _ = client.get(Asking::Usage, "/api/esim/usage", &[]).await;
        let _ = client.get(Asking::Esims, "/api/esims", &[]).await;
        let pauses = line.pauses.lock().unwrap().clone();
        let long = pauses
            .iter()
            .any(|pause| *pause >= Duration::from_secs(600));
        assert_eq!(long, waits, "{code}: {pauses:?}");
    }
}
