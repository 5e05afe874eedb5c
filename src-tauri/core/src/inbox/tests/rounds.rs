//! The task wakes by itself when what was held back may be told: nothing else happens in these tests.

use std::time::{Duration, Instant};

use tokio::sync::{broadcast, watch};

use super::*;
use crate::clock::now_ms;
use crate::health::Health;
use crate::listener::Refusals;
use crate::store::Setting;

/// The longest that what may be told waits, milliseconds.
const ROUND_MS: i64 = 30_000;

/// By how much tokio's time, which passes as fast as nothing is to be done in it, is ahead of that outside, milliseconds.
fn ahead_ms() -> i64 {
    let (ours, outside) = (tokio::time::Instant::now().into_std(), Instant::now());
    let ms = |time: Duration| i64::try_from(time.as_millis()).unwrap();
    ms(ours.saturating_duration_since(outside)) - ms(outside.saturating_duration_since(ours))
}

/// Both clocks show tokio's time. Who waits in vain is told so after a day.
fn clock() -> Moment {
    let (ahead, now) = (ahead_ms(), Moment::now());
    assert!(ahead < 24 * HOUR * 1000, "nobody was told");
    Moment {
        clock_ms: now_ms() + ahead,
        running_ms: now.running_ms + ahead,
    }
}

struct Round {
    inbox: Inbox,
    notices: Notices,
    store: Store,
    _commits: broadcast::Sender<Arc<Commit>>,
    _dir: tempfile::TempDir,
}

impl Round {
    /// An eSIM has expired a moment ago, and these are the rules. From now on time passes by itself.
    async fn begin(settings: &AlertSettings) -> Round {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let (readers, writer) = (store.readers().clone(), store.writer().clone());
        let text = serde_json::to_string(settings).unwrap();
        writer.set(Setting::Alerts, Some(text)).await.unwrap();
        let at = now_ms() / 1000 - 5;
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"7","status":"EXPIRED","timestamp":{at}}}"#
        );
        writer.deliver(Delivery::of(body, now_ms())).await.unwrap();
        let (commits, heard) = broadcast::channel(8);
        let situation = Situation {
            health: watch::channel(Health::starting(None)).1,
            refusals: Arc::new(Refusals::default()),
            clock,
            told: ToldTime::default(),
            first_look: Box::new(|| KnownWhen {
                most: Box::pin(async {}),
                reached: Box::pin(async {}),
                all: Box::pin(async {}),
            }),
            asking: watch::channel(false).1,
        };
        tokio::time::pause();
        let started = Inbox::start(readers, writer, TimeZone::UTC.into(), heard, situation);
        let (inbox, notices, _task) = started.unwrap();
        Round {
            inbox,
            notices,
            store,
            _commits: commits,
            _dir: dir,
        }
    }

    /// The alert of the expiry.
    fn alert(&self) -> StoredAlert {
        let open = self.store.readers().read(|store| store.open_alerts());
        let mut open = open.unwrap().into_iter();
        open.find(|alert| alert.fact.rule == Rule::Expired).unwrap()
    }

    /// When the expiry is told, UTC milliseconds.
    async fn told_at_ms(&mut self) -> i64 {
        loop {
            let notice = self.notices.recv().await.expect("nobody was told");
            let at_ms = clock().clock_ms;
            self.inbox.shown(&notice, Ok(())).await;
            if notice.alerts.contains(&self.alert().id) {
                return at_ms;
            }
        }
    }
}

fn is_in_the_round_after(at_ms: i64, end_ms: i64) {
    let late = at_ms - end_ms;
    assert!((0..=ROUND_MS).contains(&late), "{late}");
}

#[tokio::test]
async fn what_was_held_back_by_a_mute_is_told_at_its_end_although_nothing_happens() {
    let now = now_ms() / 1000;
    let settings = AlertSettings::default().muted(Some(now + HOUR), now);
    let mut round = Round::begin(&settings).await;
    let at_ms = round.told_at_ms().await;
    is_in_the_round_after(at_ms, (now + HOUR) * 1000);
}

#[tokio::test]
async fn what_was_held_back_by_quiet_hours_is_told_at_their_end_although_nothing_happens() {
    let minute = now_ms() / 60_000;
    let of_day = |minute: i64| u16::try_from(minute.rem_euclid(24 * 60)).unwrap();
    let settings = AlertSettings {
        quiet: Some(Quiet {
            from_minute: of_day(minute - 60),
            to_minute: of_day(minute + 60),
        }),
        ..AlertSettings::default()
    };
    let mut round = Round::begin(&settings).await;
    let at_ms = round.told_at_ms().await;
    is_in_the_round_after(at_ms, (minute + 60) * 60_000);
}

#[tokio::test]
async fn what_was_put_off_is_told_again_in_time_although_nothing_happens() {
    let mut round = Round::begin(&AlertSettings::default()).await;
    round.told_at_ms().await;
    let (ids, until) = (vec![round.alert().id], clock().clock_ms / 1000 + HOUR);
    let step = AlertStep::Snooze { ids, until };
    round.inbox.act(step).await.unwrap();
    let at_ms = round.told_at_ms().await;
    is_in_the_round_after(at_ms, until * 1000);
}
