//! By which clock a catch-up notes what it did.

mod histories;
mod stopping;

use super::*;
use crate::provider::DEFAULT;
use crate::store::{Delivery, Store, ToldClock};

/// UTC seconds.
const MORNING: i64 = 1_795_860_000;
const DAY: i64 = 86_400;
const NIGHT: i64 = 10 * 3600;

/// So many seconds after [`MORNING`], by a clock that is ahead by so many.
fn moment(after: i64, ahead: i64) -> Moment {
    Moment {
        clock_ms: (MORNING + after + ahead) * 1000,
        running_ms: after * 1000,
    }
}

#[test]
fn a_list_says_another_thing_if_one_of_the_two_says_that_it_is_over() {
    for (listed, shown, otherwise) in [
        ("INSTALLED", "EXPIRED", true),
        ("INSTALLED", "REVOKED", true),
        ("EXPIRED", "ACTIVATED", true),
        ("READY", "EXPIRED", true),
        ("INSTALLED", "INACTIVE", false),
        ("READY", "DOWNLOADED", false),
        ("EXPIRED", "REVOKED", false),
        // It has no word for what was removed, or none at all.
        ("INSTALLED", "DELETED", false),
        ("UNKNOWN", "EXPIRED", false),
    ] {
        let [listed, shown] = [listed, shown].map(Status::from_text);
        assert_eq!(
            tally::is_otherwise(&listed, &shown),
            otherwise,
            "{listed} {shown}"
        );
    }
}

fn a_day_ahead() -> Moment {
    moment(0, DAY)
}

fn a_day_behind() -> Moment {
    moment(0, -DAY)
}

fn catch_up(store: &Store, clock: fn() -> Moment) -> CatchUp {
    CatchUp {
        provider: DEFAULT,
        readers: store.readers().clone(),
        writer: store.writer().clone(),
        clock,
        told: ToldTime::default(),
        presence: Presence::new(store.writer().clone()),
        on_write: Arc::new(|_| {}),
    }
}

#[tokio::test]
async fn what_is_noted_has_the_time_that_the_provider_tells_and_the_absence_before_moves_with_it() {
    for clock in [a_day_ahead, a_day_behind] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), |_| {}).unwrap();
        let evening_ms = (MORNING - NIGHT) * 1000;
        store.writer().note_listening(evening_ms).await.unwrap();
        let catch_up = catch_up(&store, clock);
        // The program has just started, and nobody told it the time.
        catch_up.presence.note(clock().clock_ms, clock()).await;
        catch_up.compare_clocks(MORNING).await;
        let mut run = catch_up
            .begin(CatchUpRun::default(), Some(MORNING))
            .await
            .unwrap();
        assert_eq!(run.begun_at_ms, MORNING * 1000);
        // For the next start, which has nothing but that clock at first.
        let told = run.told.as_ref().map(|told| (told.at, told.clock_ms));
        assert_eq!(told, Some((MORNING, clock().clock_ms)));
        run.told_all_at_ms = Some(catch_up.now().clock_ms);
        store.writer().note_catch_up(run).await.unwrap();
        let absences = store.readers().read(|store| store.kept_absences()).unwrap();
        let absences: Vec<_> = absences
            .iter()
            .map(|absence| (absence.from_ms, absence.to_ms, absence.caught_up_at_ms))
            .collect();
        let now_ms = MORNING * 1000;
        assert_eq!(absences, [(evening_ms, now_ms, Some(now_ms))]);
    }
}

#[tokio::test]
async fn one_that_nobody_told_the_time_keeps_what_was_told_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let catch_up = catch_up(&store, a_day_behind);
    let told = ToldClock {
        at: MORNING - DAY,
        clock_ms: (MORNING - 2 * DAY) * 1000,
    };
    let last = CatchUpRun {
        run: 3,
        complete: true,
        told: Some(told),
        ..CatchUpRun::default()
    };
    let run = catch_up.begin(last, None).await.unwrap();
    assert_eq!((run.run, run.told), (4, Some(told)));
}

#[tokio::test]
async fn who_does_not_listen_notes_no_presence_when_the_time_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let evening_ms = (MORNING - NIGHT) * 1000;
    store.writer().note_listening(evening_ms).await.unwrap();
    let catch_up = catch_up(&store, a_day_ahead);
    catch_up.compare_clocks(MORNING).await;
    let since = |now_ms| {
        store
            .readers()
            .read(|store| store.absences(evening_ms, now_ms))
            .unwrap()
    };
    // That of whoever asks now.
    assert_eq!(since(MORNING * 1000)[0].from_ms, evening_ms);
}

#[tokio::test]
async fn what_a_wrong_clock_noted_before_anybody_told_is_set_right_unless_it_leapt_since() {
    for (started, is_right) in [(moment(-60, DAY), true), (moment(-60, 0), false)] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), |_| {}).unwrap();
        let rows = store.readers().read(|store| store.last_rows()).unwrap();
        let mut catch_up = catch_up(&store, a_day_ahead);
        catch_up.presence = catch_up.presence.since(started, rows);
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"ACTIVATED","timestamp":{}}}"#,
            MORNING - 30
        );
        let wrong_ms = moment(-30, DAY).clock_ms;
        let delivery = Delivery::of(body, wrong_ms);
        store.writer().deliver(delivery).await.unwrap();
        let received = || store.readers().read(|store| store.last_received_at_ms());
        // What came later was noted by the right one.
        for _ in 0..2 {
            catch_up.compare_clocks(MORNING).await;
            let noted_ms = if is_right {
                (MORNING - 30) * 1000
            } else {
                wrong_ms
            };
            assert_eq!(received().unwrap(), Some(noted_ms), "{is_right}");
        }
    }
}
