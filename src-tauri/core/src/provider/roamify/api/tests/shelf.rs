//! A line without a network, on which time passes only while somebody waits: answers that lie ready.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use super::*;
use crate::provider::{ApiLine, ApiReply, NoReply, RequestPace};
use crate::secret::Secret;

pub type Query<'a> = &'a [(&'a str, &'a str)];
pub type Reply = Result<ApiReply, NoReply>;
type React = Box<dyn Fn(&str, Query<'_>) -> Reply + Send + Sync>;

/// Answers that lie ready, and what was asked for.
pub struct Shelf(Arc<Inner>);

struct Inner {
    react: React,
    asked: Mutex<Vec<String>>,
    pauses: Mutex<Vec<Duration>>,
}

/// An answer of success.
pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
    answer(200, body)
}

/// An answer of this status.
pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Ok(ApiReply {
        status,
        date: None,
        retry_after: None,
        body: body.into(),
    })
}

impl Shelf {
    /// What is answered to a path and what is asked of it.
    pub fn new(react: impl Fn(&str, Query<'_>) -> Reply + Send + Sync + 'static) -> Shelf {
        Shelf(Arc::new(Inner {
            react: Box::new(react),
            asked: Mutex::default(),
            pauses: Mutex::default(),
        }))
    }

    pub fn line(&self) -> Arc<dyn ApiLine> {
        Arc::clone(&self.0) as Arc<dyn ApiLine>
    }

    pub fn access(&self) -> ApiAccess {
        ApiAccess {
            base: None,
            token: Secret::new("t").unwrap(),
            rate: 1000.0,
            requests: Arc::default(),
            pace: RequestPace::default(),
            goes_first: false,
            answered: watch::Sender::default(),
            line: Some(self.line()),
        }
    }

    pub fn open(&self) -> Box<dyn Api> {
        RoamifyApi.open(self.access()).unwrap()
    }

    /// What was asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.asked.lock().unwrap())
    }

    pub fn pauses(&self) -> Vec<Duration> {
        self.0.pauses.lock().unwrap().clone()
    }
}

impl ApiLine for Inner {
    fn get<'a>(&'a self, path: &'a str, query: Query<'a>) -> Asked<'a, Reply> {
        let pairs: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let asked = format!("{path}?{}", pairs.join("&"));
        self.asked.lock().unwrap().push(asked);
        Box::pin(std::future::ready((self.react)(path, query)))
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

/// What one of the query's names is.
pub fn named<'a>(query: Query<'a>, name: &str) -> Option<&'a str> {
    let found = query.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| *value)
}

/// A list of so many eSIMs of a status as far as one is asked for, from the number on.
pub fn rows(from: usize, count: usize, status: &str, query: Query<'_>) -> Vec<String> {
    let wanted = named(query, "status").is_none_or(|wanted| wanted == status);
    let count = if wanted { count } else { 0 };
    let row = |number| {
        format!(r#"{{"id":"e{number}","iccid":"8944500102{number:06}198","status":"{status}"}}"#)
    };
    (from..from + count).map(row).collect()
}

/// How many entries are asked for.
pub fn limit(query: Query<'_>) -> usize {
    named(query, "limit").map_or(50, |limit| limit.parse().unwrap())
}

/// An API of 1,810 eSIMs, a third of which is installed. Of a list it gives at most so many at once and else nothing, like this.
fn large(most: usize, too_much: Reply) -> Shelf {
    Shelf::new(move |path, query| {
        let mut all = rows(0, 600, "INSTALLED", query);
        all.extend(rows(600, 1_210, "EXPIRED", query));
        match path {
            "/api/esims" => {
                all.truncate(limit(query));
                match all.len() > most {
                    true => too_much.clone(),
                    false => ok(format!("[{}]", all.join(","))),
                }
            }
            "/api/esim/orders" => ok("[]"),
            _ => answer(404, "{}"),
        }
    })
}

async fn listed(shelf: &Shelf) -> (usize, Vec<ApiError>) {
    let mut api = shelf.open();
    let known = EsimsSoFar::default();
    let first = api.list(&known).await.unwrap();
    let rest = api.rest(&known).await.unwrap();
    let mut missing = first.missing;
    missing.extend(rest.missing);
    missing.extend(api.ending().missing);
    (first.esims.len() + rest.esims.len(), missing)
}

#[tokio::test]
async fn a_list_that_does_not_come_through_is_asked_for_in_smaller_pieces() {
    for too_much in [
        Err(NoReply::TooSlow),
        Err(NoReply::TooLong),
        Err(NoReply::BrokenOff),
        answer(422, "{}"),
    ] {
        // By status all of it comes through.
        let shelf = large(1_210, too_much.clone());
        let (count, missing) = listed(&shelf).await;
        assert_eq!((count, missing), (1_810, vec![]), "{too_much:?}");
        let asked = shelf.asked();
        assert!(
            asked.contains(&"/api/esims?limit=1000".to_owned()),
            "{asked:?}"
        );
    }
}

#[tokio::test]
async fn a_list_that_came_through_in_a_smaller_piece_only_says_that_it_may_be_cut() {
    for (most, least) in [(1_000, 1_600), (700, 700), (100, 200)] {
        let shelf = large(most, Err(NoReply::TooSlow));
        let (count, missing) = listed(&shelf).await;
        assert!((least..1_810).contains(&count), "{most}: {count}");
        assert!(
            missing.contains(&ApiError::Cut(Asking::Esims)),
            "{most}: {missing:?}"
        );
    }
}

#[tokio::test]
async fn an_api_that_never_answers_is_not_waited_for_at_every_size_of_a_list() {
    let shelf = Shelf::new(|_, _| Err(NoReply::TooSlow));
    let (count, missing) = listed(&shelf).await;
    assert_eq!(count, 0);
    assert_eq!(
        missing,
        [Asking::Esims, Asking::Orders].map(ApiError::TooSlow)
    );
    assert_eq!(shelf.asked().len(), 6);
}

#[tokio::test]
async fn a_mark_before_the_answer_is_no_part_of_it_and_other_encodings_are_told() {
    let list = r#"[{"id":"e1","iccid":"8944500102198000001","status":"NEW"}]"#;
    let marked = [b"\xef\xbb\xbf".as_slice(), list.as_bytes()].concat();
    let page = b"\xef\xbb\xbf <html>".to_vec();
    let utf_16: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf_16_marked = [b"\xff\xfe".as_slice(), &utf_16].concat();
    let latin_1 = br#"[{"id":"e1","status":"NEW","apn":{"name":"Caf\xe9"}}]"#.to_vec();
    let latin_1: Vec<u8> = latin_1
        .windows(4)
        .position(|part| part == br"\xe9")
        .map(|at| [&latin_1[..at], b"\xe9", &latin_1[at + 4..]].concat())
        .unwrap();
    let unreadable = ApiError::Unreadable(Asking::Esims);
    for (body, count, error) in [
        (marked, 1, None),
        (page, 0, Some(ApiError::Stranger(Asking::Esims))),
        (utf_16, 0, Some(unreadable.clone())),
        (utf_16_marked, 0, Some(unreadable.clone())),
        (latin_1, 0, Some(unreadable)),
    ] {
        let shown = String::from_utf8_lossy(&body).into_owned();
        let shelf = Shelf::new(move |path, _| match path {
            "/api/esims" => ok(body.clone()),
            _ => ok("[]"),
        });
        let (found, missing) = listed(&shelf).await;
        assert_eq!(found, count, "{shown}");
        assert_eq!(missing, Vec::from_iter(error), "{shown}");
    }
}

/// What is missing of these eSIMs' usage, and in all, where of those with even numbers something is told unless `none` is.
async fn usage(
    statuses: &[(&str, &str)],
    none: bool,
    by_id: u16,
) -> (Vec<ApiError>, Option<ApiError>) {
    let shelf = Shelf::new(move |path, query| match path {
        "/api/esim/event" => {
            let id = named(query, "esimId").unwrap();
            let status = id.split_once('-').unwrap().1;
            ok(format!(
                r#"{{"esimId":"{id}","events":[{{"status":"{status}","timeStamp":1795000000}}]}}"#
            ))
        }
        "/api/esim/usage" => match named(query, "iccid") {
            Some(iccid)
                if !none
                    && ["0198", "2198", "4198"]
                        .iter()
                        .any(|end| iccid.ends_with(end)) =>
            {
                ok(r#"{"allowedData":5000,"remainingData":1}"#)
            }
            Some(_) => answer(404, "{}"),
            None => answer(by_id, "{}"),
        },
        _ => answer(404, "{}"),
    });
    let mut api = shelf.open();
    let mut missing = Vec::new();
    for (number, (status, last)) in statuses.iter().enumerate() {
        let row = format!(
            r#"[{{"id":"e{number}-{last}","iccid":"8944500102{number:06}198","status":"{status}"}}]"#
        );
        let (rows, _) = shapes::esims(row.as_bytes()).unwrap();
        let told = api.esim(&rows[0], &EsimSoFar::default()).await.unwrap();
        missing.extend(told.missing);
    }
    (missing, api.ending().missing.pop())
}

#[tokio::test]
async fn of_an_esim_without_usage_nothing_is_missing() {
    let in_use = ("INSTALLED", "ACTIVATED");
    for by_id in [404, 422] {
        assert_eq!(usage(&[in_use], true, by_id).await, (vec![], None));
        assert_eq!(usage(&[in_use; 2], true, by_id).await, (vec![], None));
        // Of every other one it is told.
        assert_eq!(usage(&[in_use; 6], false, by_id).await, (vec![], None));
        let over = ("EXPIRED", "EXPIRED");
        assert_eq!(usage(&[over; 9], true, by_id).await, (vec![], None));
    }
}

#[tokio::test]
async fn an_api_that_knows_no_usage_of_any_esim_is_told_once() {
    let not_found = Some(ApiError::NotFound(Asking::Usage));
    let in_use = ("INSTALLED", "ACTIVATED");
    assert_eq!(
        usage(&[in_use; 6], true, 404).await,
        (vec![], not_found.clone())
    );
    let world = [in_use, ("EXPIRED", "EXPIRED"), ("EXPIRED", "EXPIRED")];
    assert_eq!(usage(&world, true, 404).await, (vec![], not_found));
}

#[tokio::test]
async fn usage_of_the_esim_that_has_the_iccid_now_leaves_nothing_to_tell_of_the_one_before() {
    for by_id in [404, 422] {
        let shelf = Shelf::new(move |path, query| match (path, named(query, "iccid")) {
            ("/api/esim/event", _) => {
                ok(r#"{"events":[{"status":"EXPIRED","timeStamp":1795000000}]}"#)
            }
            ("/api/esim/usage", Some(_)) => ok(r#"{"id":"e2","remainingData":1}"#),
            _ => answer(by_id, "{}"),
        });
        let mut api = shelf.open();
        let row = r#"[{"id":"e1","iccid":"8944500102000001198","status":"EXPIRED"}]"#;
        let (rows, _) = shapes::esims(row.as_bytes()).unwrap();
        for shares_iccid in [false, true] {
            let known = EsimSoFar {
                shares_iccid,
                ..EsimSoFar::default()
            };
            let told = api.esim(&rows[0], &known).await.unwrap();
            assert_eq!(told.missing, [], "{by_id} {shares_iccid}");
        }
    }
}

#[tokio::test]
async fn of_a_list_that_was_not_told_nobody_says_that_it_ends_early() {
    let shelf = Shelf::new(|path, query| match path {
        "/api/esim/orders" => ok(
            r#"[{"id":"o1","status":"completed","createdAt":1795000000,"items":[{"esimId":"e1"}]}]"#,
        ),
        "/api/esim" => {
            let id = named(query, "esimId").unwrap();
            ok(format!(
                r#"{{"id":"{id}","status":"INSTALLED","createdAt":1795000000}}"#
            ))
        }
        _ => answer(500, "{}"),
    });
    let (found, missing) = listed(&shelf).await;
    assert_eq!(found, 1);
    assert_eq!(missing, [ApiError::Failing(Asking::Esims, 500)]);
}

#[tokio::test]
async fn fresh_figures_are_asked_for_only_where_something_happened_since() {
    let shelf = Shelf::new(|path, _| match path {
        "/api/esim/event" => ok(r#"{"events":[{"status":"ACTIVATED","timeStamp":1795000000}]}"#),
        "/api/esim/usage" => ok(r#"{"allowedData":5000,"remainingData":1}"#),
        _ => answer(404, "{}"),
    });
    let mut api = shelf.open();
    let row = r#"[{"id":"e1","iccid":"8944500102000001198","status":"INSTALLED"}]"#;
    let (rows, _) = shapes::esims(row.as_bytes()).unwrap();
    for (figures_are_fresh, status_since, bodies, asks) in [
        (true, Some(1_795_000_000), 1, false),
        (true, Some(1_794_999_999), 2, true),
        (true, None, 2, true),
        (false, Some(1_795_000_000), 2, true),
    ] {
        let known = EsimSoFar {
            was_used: true,
            status: Some(Status::Activated),
            status_since,
            figures_are_fresh,
            ..EsimSoFar::default()
        };
        let told = api.esim(&rows[0], &known).await.unwrap();
        assert_eq!(told.bodies.len(), bodies, "{known:?}");
        let asked = shelf.asked();
        let asked = asked.iter().any(|one| one.contains("usage"));
        assert_eq!(asked, asks, "{known:?}");
    }
}
