//! What becomes of a catch-up that is stopped, cut off or can't store: over a line without a network.

use std::cell::Cell;
use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::provider::{ApiLine, ApiReply, Asked, NoReply, RequestPace};
use crate::secret::Secret;

/// How many eSIMs there are, all of them in use.
const COUNT: usize = 8;

/// An API that after so many histories does not answer any more, but as it is told to.
#[derive(Default)]
pub(super) struct Line {
    histories: Mutex<Vec<String>>,
    limits: Mutex<Vec<String>>,
    /// What happens at this history.
    at: usize,
    stops: Option<watch::Sender<bool>>,
    is_lost: bool,
    most: Option<usize>,
    /// So many go by until a history is answered.
    minutes: i64,
    /// Whether it fails to tell the balance.
    hides_balance: bool,
    /// The status of all in the list, if they are not in use.
    status: Option<&'static str>,
    /// What it says of each history, if not that it is installed.
    history: Option<String>,
}

impl Line {
    /// One that lists all as this, and says this of each history.
    pub(super) fn telling(status: &'static str, history: String) -> Line {
        Line {
            at: usize::MAX,
            status: Some(status),
            history: Some(history),
            ..Line::default()
        }
    }

    fn react(&self, path: &str, query: &[(&str, &str)]) -> Result<String, u16> {
        let status = self.status.unwrap_or("INSTALLED");
        let row = |number| format!(r#"{{"id":"e{number}","status":"{status}"}}"#);
        let rows: Vec<String> = (0..COUNT).map(row).collect();
        let limit = query.iter().find(|(name, _)| *name == "limit");
        if let Some((_, limit)) = limit {
            self.limits.lock().unwrap().push((*limit).to_owned());
            if self
                .most
                .is_some_and(|most| limit.parse::<usize>().unwrap() > most)
            {
                return Err(422);
            }
        }
        match path {
            "/api/esims" => Ok(format!("[{}]", rows.join(","))),
            "/api/esim/orders" => Ok("[]".to_owned()),
            "/api/balance" if self.hides_balance => Err(500),
            "/api/balance" => Ok(r#"{"balance":9,"currency":"USD"}"#.to_owned()),
            "/api/esim/event" => {
                self.histories.lock().unwrap().push(query[0].1.to_owned());
                LATER.set(LATER.get() + self.minutes);
                let at = MORNING - 900;
                let told = format!(r#"{{"events":[{{"status":"INSTALLED","timeStamp":{at}}}]}}"#);
                Ok(self.history.clone().unwrap_or(told))
            }
            _ => Err(404),
        }
    }
}

impl ApiLine for Line {
    fn get<'a>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
    ) -> Asked<'a, Result<ApiReply, NoReply>> {
        Box::pin(async move {
            if path == "/api/esim/event" && self.histories.lock().unwrap().len() == self.at {
                if self.is_lost {
                    return Err(NoReply::Unreachable);
                }
                if let Some(stops) = &self.stops {
                    stops.send_replace(true);
                    std::future::pending::<()>().await;
                }
            }
            let (status, body) = match self.react(path, query) {
                Ok(body) => (200, body),
                Err(status) => (status, "{}".to_owned()),
            };
            Ok(ApiReply {
                status,
                date: None,
                retry_after: None,
                body: body.into_bytes(),
            })
        })
    }

    fn pause(&self, _time: Duration) -> Asked<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn passed(&self) -> Duration {
        // So long that each has its turn at once.
        let count = self.histories.lock().unwrap().len() + self.limits.lock().unwrap().len();
        Duration::from_secs(u64::try_from(count).unwrap() * 1000)
    }

    fn chance(&self) -> u8 {
        0
    }
}

fn access(line: &Arc<Line>) -> ApiAccess {
    ApiAccess {
        base: None,
        token: Secret::new("t").unwrap(),
        rate: f64::MAX,
        requests: Arc::default(),
        pace: RequestPace::default(),
        goes_first: false,
        answered: watch::Sender::default(),
        line: Some(Arc::clone(line) as _),
    }
}

fn right() -> Moment {
    moment(0, 0)
}

/// One catch-up over this line, and how far it came.
pub(super) async fn run(catch_up: &CatchUp, line: Line) -> (CaughtUp, Arc<Line>, CatchUpProgress) {
    let cancel = line.stops.clone().unwrap_or_default();
    let line = Arc::new(line);
    let progress = watch::Sender::default();
    let cancelled = cancel.subscribe();
    let done = catch_up
        .run(Ok(access(&line)), None, cancelled, &progress)
        .await;
    (done, line, *progress.borrow())
}

pub(super) fn count(line: &Line) -> usize {
    line.histories.lock().unwrap().len()
}

pub(super) async fn listening() -> (tempfile::TempDir, Store, CatchUp) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let catch_up = catch_up(&store, right);
    for _ in 0..2 {
        catch_up.presence.note(MORNING * 1000, right()).await;
    }
    (folder, store, catch_up)
}

#[tokio::test]
async fn what_a_person_stops_is_gone_on_with_and_what_the_api_cuts_off_is_begun_anew() {
    for (is_lost, again) in [(false, COUNT - 3), (true, COUNT)] {
        let (_folder, store, catch_up) = listening().await;
        let first = Line {
            at: 3,
            stops: (!is_lost).then(watch::Sender::default),
            is_lost,
            ..Line::default()
        };
        let (done, line, _) = run(&catch_up, first).await;
        assert_eq!((done.problems.len(), count(&line)), (1, 3), "{done:?}");
        let whole = Line {
            at: usize::MAX,
            ..Line::default()
        };
        let (done, line, progress) = run(&catch_up, whole).await;
        assert_eq!(done.problems, []);
        assert!(progress.answered);
        assert_eq!(count(&line), again, "{is_lost}");
        let run = store.readers().read(|store| store.catch_up_run()).unwrap();
        assert!(run.complete && !run.cut_off);
    }
}

#[tokio::test]
async fn one_that_was_not_told_all_is_over_and_the_next_asks_for_what_is_in_use() {
    let (_folder, store, catch_up) = listening().await;
    for hides_balance in [true, true, false] {
        let line = Line {
            at: usize::MAX,
            hides_balance,
            ..Line::default()
        };
        let (done, line, _) = run(&catch_up, line).await;
        assert_eq!(done.problems.len(), usize::from(hides_balance), "{done:?}");
        assert_eq!(count(&line), COUNT);
        let run = store.readers().read(|store| store.catch_up_run()).unwrap();
        assert_eq!(run.complete, !hides_balance);
    }
}

thread_local! {
    /// By how many minutes the time has gone on.
    static LATER: Cell<i64> = const { Cell::new(0) };
}

fn later() -> Moment {
    moment(LATER.get() * 60, 0)
}

#[tokio::test]
async fn one_that_took_long_is_gone_on_with_unless_there_was_a_pause() {
    // Minutes between its answers, and until it is begun again.
    for (between, until, again) in [(3, 1, 2), (3, 4, 2), (3, 6, COUNT), (9, 0, COUNT)] {
        LATER.set(0);
        let (_folder, store, mut catch_up) = listening().await;
        catch_up.clock = later;
        let stop = watch::Sender::default();
        let first = Line {
            at: COUNT - 2,
            stops: Some(stop),
            minutes: between,
            ..Line::default()
        };
        run(&catch_up, first).await;
        LATER.set(LATER.get() + until);
        let whole = Line {
            at: usize::MAX,
            ..Line::default()
        };
        let (_, line, _) = run(&catch_up, whole).await;
        assert_eq!(count(&line), again, "{between} {until}");
        let run = store.readers().read(|store| store.catch_up_run()).unwrap();
        assert!(run.complete);
    }
}

#[tokio::test]
async fn what_its_first_part_did_is_part_of_the_whole() {
    let (_folder, _store, catch_up) = listening().await;
    let first = Line {
        at: 3,
        stops: Some(watch::Sender::default()),
        ..Line::default()
    };
    let (first, ..) = run(&catch_up, first).await;
    assert_eq!(first.before, None);
    let rest = || Line {
        at: usize::MAX,
        ..Line::default()
    };
    let (second, ..) = run(&catch_up, rest()).await;
    let whole = second.clone().whole();
    assert_eq!(
        (first.new, second.new, whole.new),
        (4, 5, 9),
        "with the balance"
    );
    assert_eq!(whole.found, first.found + second.found);
    assert!(first.first && whole.first && whole.esims == second.esims);
    assert!(whole.requests > second.requests && whole.before.is_none());
    // The next one is another.
    let (third, ..) = run(&catch_up, rest()).await;
    assert_eq!((third.before, third.first), (None, false));
}

#[tokio::test]
async fn how_much_a_list_gives_at_once_is_remembered_for_the_next_one() {
    let (_folder, _store, catch_up) = listening().await;
    let line = || Line {
        at: usize::MAX,
        most: Some(100),
        ..Line::default()
    };
    for (limits, all) in [
        (["10000", "1000", "100", "100"].as_slice(), false),
        (["100", "100"].as_slice(), true),
    ] {
        let (done, line, _) = run(&catch_up, line()).await;
        assert_eq!(done.problems, []);
        let asked = line.limits.lock().unwrap();
        assert!(
            asked
                .iter()
                .zip(limits)
                .all(|(asked, limit)| asked == limit)
                && asked.len() >= limits.len()
                && (!all || asked.len() == limits.len()),
            "{asked:?}"
        );
    }
}

#[tokio::test]
async fn each_write_tells_whether_it_was_done() {
    let (folder, _store, mut catch_up) = listening().await;
    let told: Arc<Mutex<Vec<bool>>> = Arc::default();
    let notes = Arc::clone(&told);
    catch_up.on_write = Arc::new(move |written| notes.lock().unwrap().push(written.is_ok()));
    let database = folder.path().join(crate::store::DATABASE_FILE);
    let other = rusqlite::Connection::open(database).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER hold BEFORE INSERT ON caught_up BEGIN SELECT RAISE(ABORT, 'held'); END",
        )
        .unwrap();
    let line = || Line {
        at: usize::MAX,
        ..Line::default()
    };
    let (done, ..) = run(&catch_up, line()).await;
    assert_eq!(done.problems.len(), 1);
    assert_eq!(told.lock().unwrap().last(), Some(&false));
    other.execute_batch("DROP TRIGGER hold").unwrap();
    let (done, ..) = run(&catch_up, line()).await;
    assert_eq!(done.problems, []);
    assert_eq!(told.lock().unwrap().last(), Some(&true));
}
