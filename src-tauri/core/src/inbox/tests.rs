//! The engine over a real store, told the time.

mod acting;
mod again;
mod bought;
mod caught_up;
mod clocks;
mod given_back;
mod memory;
mod money;
mod muted;
mod news;
mod older;
mod once;
mod rounds;
mod setting;
mod silence;
mod told;
mod used_up;

use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use super::*;
use crate::alert::{
    AlertSettings, Notice, NoticeKind, Opens, Program, Quiet, Rule, Severity, Trouble,
};
use crate::catalogue::SharedLanguage;
use crate::clock::{Moment, ToldTime};
use crate::esim::EsimState;
use crate::event::ProviderId;
use crate::message::Message;
use crate::provider;
use crate::store::{AlertQuery, AlertState, AlertStep, Commit, Delivery, Store, StoredAlert};
use crate::traveller::{Owner, Traveller};

/// 2025-12-01 10:00:00 UTC.
const MORNING: i64 = 1_764_583_200;
const HOUR: i64 = 3_600;

/// What opens the eSIM that an alert is about.
fn key(alert: &StoredAlert) -> Option<String> {
    alert.esim.as_ref().and_then(EsimState::key)
}

/// When the clock on the wall shows this and is ahead by so many seconds.
fn moment(clock_ms: i64, ahead: i64) -> Moment {
    Moment {
        clock_ms,
        running_ms: clock_ms - ahead * 1000,
    }
}

struct Desk {
    dir: tempfile::TempDir,
    store: Store,
    commits: mpsc::UnboundedReceiver<Arc<Commit>>,
    engine: AlertEngine,
    language: SharedLanguage,
    /// What the clock on the wall shows, UTC seconds.
    now: i64,
    /// By how many seconds it is wrong.
    ahead: i64,
}

impl Desk {
    async fn open() -> Desk {
        Desk::open_in(tempfile::tempdir().unwrap(), MORNING).await
    }

    async fn open_in(dir: tempfile::TempDir, now: i64) -> Desk {
        let (sink, commits) = mpsc::unbounded_channel();
        let store = Store::open(dir.path(), move |commit| drop(sink.send(commit))).unwrap();
        let (readers, writer) = (store.readers().clone(), store.writer().clone());
        let language = SharedLanguage::from(TimeZone::UTC);
        let engine = AlertEngine::new(readers, writer, language.clone(), moment(now * 1000, 0));
        let mut desk = Desk {
            dir,
            store,
            commits,
            engine: engine.unwrap(),
            language,
            now,
            ahead: 0,
        };
        desk.engine.catch_up(moment(now * 1000, 0)).await.unwrap();
        desk
    }

    /// Ends the program and starts it again so many seconds later.
    async fn restart_after(self, seconds: i64) -> Desk {
        let (dir, now) = self.end().await;
        Desk::open_in(dir, now + seconds).await
    }

    /// Ends the program. Gives its folder and the time.
    async fn end(self) -> (tempfile::TempDir, i64) {
        let Desk {
            dir,
            store,
            engine,
            now,
            ..
        } = self;
        drop(engine);
        tokio::task::spawn_blocking(move || store.close())
            .await
            .unwrap();
        (dir, now)
    }

    async fn deliver(&mut self, body: &str) {
        let (writer, read) = (self.store.writer(), provider::parse(body.as_bytes()));
        let (now_ms, known_until) = (self.now * 1000, writer.known_until());
        let first = ProviderId::FIRST;
        let delivery = Delivery::received(now_ms, known_until, first, body.into(), read);
        writer.deliver(delivery).await.unwrap();
        let commit = self.commits.recv().await.unwrap();
        self.engine.note(&commit);
    }

    async fn status(&mut self, esim: &str, status: &str) {
        let at = self.now;
        self.status_at(esim, status, at).await;
    }

    async fn status_at(&mut self, esim: &str, status: &str, at: i64) {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{esim}","iccid":"89445001{esim}","reference_id":"TRIP-{esim}","start":{},"end":{},"status":"{status}","timestamp":{at}}}"#,
            MORNING - HOUR,
            MORNING + 30 * 24 * HOUR,
        );
        self.deliver(&body).await;
    }

    /// Has the engine look when the clock on the wall shows this.
    async fn work(&mut self, at_ms: i64) -> Result<Vec<Notice>, InboxError> {
        self.engine.work(moment(at_ms, self.ahead)).await
    }

    /// Lets seconds pass and gives what is shown; every notice is shown successfully.
    async fn after(&mut self, seconds: i64) -> Vec<Notice> {
        let end = (self.now + seconds) * 1000;
        let mut at = self.now * 1000;
        let mut shown = Vec::new();
        loop {
            let notices = self.work(at).await.unwrap();
            for notice in notices {
                self.engine.shown(notice.alerts.clone(), at).await.unwrap();
                shown.push(notice);
            }
            at = self.engine.next_at(at).max(at + 1);
            if at > end {
                break;
            }
        }
        self.now += seconds;
        shown
    }

    /// A status of the eSIM `esim` in this period.
    async fn status_in(&mut self, esim: &str, status: &str, at: i64, period: (i64, i64)) {
        let (start, end) = period;
        self.deliver(&format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{esim}","iccid":"89445001{esim}","reference_id":"TRIP-{esim}","start":{start},"end":{end},"status":"{status}","timestamp":{at}}}"#
        ))
        .await;
    }

    /// A report of the eSIM `esim`: its status, and how much is left of 3,000 MB.
    async fn report(&mut self, esim: &str, status: &str, at: i64, left: f64) {
        let (start, end) = (MORNING - HOUR, MORNING + 30 * 24 * HOUR);
        self.deliver(&format!(
            r#"{{"event_category":"esim","event_type":"usage","esim_id":"{esim}","iccid":"89445001{esim}","reference_id":"TRIP-{esim}","start":{start},"end":{end},"status":"{status}","timestamp":{at},"usage_data":{{"isUnlimited":false,"allowed_data":3000,"remaining_data":{left}}}}}"#
        ))
        .await;
    }

    /// Takes up everything that is new.
    async fn take_up_all(&mut self) {
        let ids = self
            .rows(&[AlertState::New])
            .iter()
            .map(|row| row.id)
            .collect();
        let step = AlertStep::Acknowledge { ids, note: None };
        self.engine.act(step, self.now * 1000).await.unwrap();
    }

    /// Quiet from 22 to 7 o'clock.
    async fn quiet_at_night(&mut self) {
        let quiet = Some(Quiet {
            from_minute: 22 * 60,
            to_minute: 7 * 60,
        });
        let settings = AlertSettings {
            quiet,
            ..AlertSettings::default()
        };
        self.engine.set_settings(settings).await.unwrap();
    }

    async fn titles(&mut self, seconds: i64) -> Vec<String> {
        let shown = self.after(seconds).await;
        shown.into_iter().map(|notice| notice.words.title).collect()
    }

    fn rows(&self, states: &[AlertState]) -> Vec<StoredAlert> {
        let query = AlertQuery {
            search: String::new(),
            states: states.to_vec(),
            rules: Vec::new(),
            esim: None,
            offset: 0,
            limit: 200,
        };
        self.search(query).1
    }

    fn search(&self, query: AlertQuery) -> (i64, Vec<StoredAlert>) {
        let read = |store: &crate::store::Reader<'_>| store.alerts(&query);
        self.store.readers().read(read).unwrap()
    }

    /// The rules of new alerts, each with their number and the latest three.
    fn groups(&self) -> Vec<(Rule, i64, Vec<StoredAlert>)> {
        let read = |store: &crate::store::Reader<'_>| store.new_alerts_by_rule(3);
        let mut groups = self.store.readers().read(read).unwrap();
        groups.sort_by_key(|(rule, ..)| *rule);
        groups
    }

    fn summary(&self) -> Summary {
        self.engine.summary(self.now * 1000).unwrap()
    }
}

#[tokio::test]
async fn an_expiry_is_told_at_once_kept_and_told_once() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    let shown = desk.after(0).await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].kind, NoticeKind::Single);
    assert_eq!(shown[0].opens, Opens::Esim("7".to_owned()));
    assert!(
        shown[0].words.title.contains("TRIP-7"),
        "{:?}",
        shown[0].words
    );
    // Again by a retry, a usage report and a restart.
    desk.status("7", "EXPIRED").await;
    desk.status_at("7", "EXPIRED", MORNING + 5).await;
    assert_eq!(desk.titles(120).await, [""; 0]);
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(120).await, [""; 0]);
    let rows = desk.rows(&[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].fact.rule, rows[0].state),
        (Rule::Expired, AlertState::New)
    );
    assert_eq!(rows[0].shown_at_ms, Some(MORNING * 1000));
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn what_happened_in_an_absence_is_one_digest() {
    let mut desk = Desk::open().await;
    desk.status("1", "REVOKED").await;
    for esim in ["2", "3", "4"] {
        desk.status(esim, "EXPIRED").await;
    }
    // The program ends before the rules could look.
    let mut desk = desk.restart_after(HOUR).await;
    let shown = desk.after(60).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].kind, NoticeKind::Digest);
    assert_eq!(shown[0].alerts.len(), 4);
    // Nobody noted that there was an absence.
    assert_eq!(shown[0].opens, Opens::Alerts);
    let mut desk = desk.restart_after(HOUR).await;
    assert_eq!(desk.titles(60).await, [""; 0]);
}

#[tokio::test]
async fn a_notification_that_was_not_shown_is_owed_after_a_restart() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    // Handed out, and the program ends before it is on the screen.
    assert_eq!(desk.work(MORNING * 1000).await.unwrap().len(), 1);
    let mut desk = desk.restart_after(10).await;
    assert_eq!(desk.after(60).await.len(), 1);
    let mut desk = desk.restart_after(10).await;
    assert_eq!(desk.after(60).await.len(), 0);
}

#[tokio::test]
async fn an_alert_is_cleared_when_its_cause_is_gone() {
    let mut desk = Desk::open().await;
    desk.status("7", "REVOKED").await;
    desk.after(1).await;
    desk.status_at("7", "ACTIVATED", MORNING + 1).await;
    desk.after(1).await;
    let rows = desk.rows(&[AlertState::Cleared]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].fact.rule, Rule::Revoked);
    assert!(rows[0].cleared_at_ms.is_some());
    assert_eq!(
        desk.rows(&[AlertState::New])[0].fact.rule,
        Rule::FirstActivation
    );
}

#[tokio::test]
async fn what_is_true_again_after_a_flap_opens_in_silence() {
    let mut desk = Desk::open().await;
    desk.status("7", "REVOKED").await;
    assert_eq!(desk.after(120).await.len(), 1);
    let at = MORNING + 60;
    desk.status_at("7", "INACTIVE", at).await;
    desk.after(120).await;
    assert_eq!(desk.rows(&[AlertState::New]).len(), 0);
    desk.status_at("7", "REVOKED", at + 60).await;
    assert_eq!(desk.titles(120).await, [""; 0]);
    let rows = desk.rows(&[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].state, AlertState::New);
    assert_eq!(rows[0].cleared_at_ms, None);
}

#[tokio::test]
async fn what_is_new_is_counted_by_rule_and_the_last_are_named() {
    let mut desk = Desk::open().await;
    for esim in ["1", "2", "3", "4"] {
        desk.status(esim, "EXPIRED").await;
        desk.after(1).await;
    }
    desk.status("5", "REVOKED").await;
    desk.after(1).await;
    let groups = desk.groups();
    let seen: Vec<_> = groups
        .iter()
        .map(|(rule, count, newest)| (*rule, rule.severity(), *count, newest.len()))
        .collect();
    assert_eq!(
        seen,
        [
            (Rule::Expired, Rule::Expired.severity(), 4, 3),
            (Rule::Revoked, Severity::Critical, 1, 1),
        ]
    );
    let newest: Vec<_> = groups[0].2.iter().filter_map(key).collect();
    assert_eq!(newest, ["4", "3", "2"]);
    // What somebody took up needs nobody else.
    let ids = groups[0].2.iter().map(|row| row.id).collect();
    let now = desk.now * 1000;
    desk.engine
        .act(AlertStep::Acknowledge { ids, note: None }, now)
        .await
        .unwrap();
    assert_eq!(desk.groups()[0].1, 1);
}

#[tokio::test]
async fn an_esim_is_marked_when_it_needs_somebody_and_not_for_good_news() {
    let mut desk = Desk::open().await;
    desk.status("7", "ACTIVATED").await;
    desk.after(1).await;
    let marked = |desk: &Desk| {
        let read = |store: &crate::store::Reader<'_>| {
            let row = store.esim_row("7")?.unwrap();
            store.attention(row)
        };
        desk.store.readers().read(read).unwrap()
    };
    assert_eq!(
        desk.rows(&[AlertState::New])[0].fact.rule.severity(),
        Severity::Info
    );
    assert_eq!(marked(&desk), None);
    desk.status_at("7", "REVOKED", MORNING + 1).await;
    desk.after(1).await;
    assert_eq!(marked(&desk), Some(Severity::Critical));
}

#[tokio::test]
async fn an_alert_is_found_by_its_traveller_in_any_alphabet() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    desk.after(1).await;
    let row = desk.store.readers().read(|store| store.esim_row("7"));
    let traveller = Traveller {
        name: "Özlem ΩΜΕΓΑ".to_owned(),
        ..Traveller::default()
    };
    let owner = Owner::Esim(row.unwrap().unwrap());
    let set = vec![(owner, Some(traveller))];
    let writer = desk.store.writer().clone();
    writer.set_travellers(set, 0).await.unwrap();
    let found = |search: &str| {
        desk.search(AlertQuery {
            search: search.to_owned(),
            states: Vec::new(),
            rules: Vec::new(),
            esim: None,
            offset: 0,
            limit: 10,
        })
    };
    assert_eq!(found("özlem").0, 1);
    assert_eq!(found("ωμεγα").0, 1);
    assert_eq!(found("ozan").0, 0);
    let name = found("").1[0].traveller.clone();
    assert_eq!(name.as_deref(), Some("Özlem ΩΜΕΓΑ"));
}

#[tokio::test]
async fn a_trip_that_the_desk_notes_is_warned_of_and_one_that_is_put_off_no_more() {
    let mut desk = Desk::open().await;
    desk.status("7", "NEW").await;
    assert_eq!(desk.titles(2 * HOUR).await, [""; 0]);
    let row = desk.store.readers().read(|store| store.esim_row("7"));
    let row = row.unwrap().unwrap();
    let leaves = async |desk: &mut Desk, day: &str| {
        let traveller = Traveller {
            trip_start: Some(day.to_owned()),
            ..Traveller::default()
        };
        let set = vec![(Owner::Order("TRIP-7".to_owned()), Some(traveller))];
        let writer = desk.store.writer().clone();
        let changed = writer.set_travellers(set, 0).await.unwrap().unwrap();
        assert_eq!(changed.esims, [row]);
        desk.engine.note_esims(changed.esims);
    };
    // It is the afternoon of the first of December.
    leaves(&mut desk, "2025-12-02").await;
    assert_eq!(desk.titles(120).await, ["Not installed: TRIP-7"]);
    leaves(&mut desk, "2025-12-04").await;
    assert_eq!(desk.titles(120).await, [""; 0]);
    assert_eq!(desk.rows(&[AlertState::New]).len(), 0);
    let midnight = MORNING + 2 * 24 * HOUR - 10 * HOUR;
    let ahead = desk.titles(midnight - desk.now - 60).await;
    assert_eq!(ahead, [""; 0]);
    assert_eq!(desk.titles(120).await, ["Not installed: TRIP-7"]);
}

#[tokio::test]
async fn two_half_known_esims_that_become_one_have_one_alert() {
    let mut desk = Desk::open().await;
    let end = MORNING + 30 * 24 * HOUR;
    let only = |id: &str| {
        format!(
            r#"{{"event_category":"esim","event_type":"status",{id},"start":{MORNING},"end":{end},"status":"REVOKED","timestamp":{MORNING}}}"#
        )
    };
    desk.deliver(&only(r#""iccid":"894450019""#)).await;
    desk.deliver(&only(r#""esim_id":"9""#)).await;
    desk.after(5).await;
    assert_eq!(desk.rows(&[AlertState::New]).len(), 2);
    desk.deliver(&format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"9","iccid":"894450019","start":{MORNING},"end":{end},"status":"REVOKED","timestamp":{}}}"#,
        MORNING + 60
    ))
    .await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    let rows = desk.rows(&[AlertState::New]);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(key(&rows[0]).as_deref(), Some("9"));
}

#[tokio::test]
async fn time_alone_raises_what_it_has_to() {
    let mut desk = Desk::open().await;
    desk.status("7", "ACTIVATED").await;
    desk.after(5).await;
    let end = MORNING + 30 * 24 * HOUR;
    assert_eq!(desk.titles(end - 25 * HOUR - desk.now).await, [""; 0]);
    let shown = desk.after(2 * HOUR).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    let open: Vec<Rule> = desk
        .rows(&[AlertState::New])
        .iter()
        .map(|row| row.fact.rule)
        .collect();
    assert_eq!(open, [Rule::ExpiresSoon]);
}
