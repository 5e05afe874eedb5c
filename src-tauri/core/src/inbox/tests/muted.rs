//! How long notifications are held back, whatever the clocks do.

use super::*;

const DAY: i64 = 24 * HOUR;
const MINUTE: i64 = 60;

impl Desk {
    /// Holds notifications back for an hour by the clock on the wall.
    async fn mute_for_an_hour(&mut self) {
        let settings = self.engine.settings().clone();
        let muted = settings.muted(Some(self.now + HOUR), self.now);
        self.engine.set_settings(muted).await.unwrap();
    }

    /// The clock on the wall leaps by so many seconds.
    fn leap(&mut self, by: i64) {
        (self.now, self.ahead) = (self.now + by, self.ahead + by);
    }
}

#[tokio::test]
async fn what_was_held_back_is_told_once_a_leap_over_the_end_is_believed() {
    let mut desk = Desk::open().await;
    desk.mute_for_an_hour().await;
    desk.status("7", "EXPIRED").await;
    desk.after(10).await;
    desk.leap(89 * MINUTE);
    let leapt_at = desk.now;
    // Until then the end is shown at which it is told.
    assert_eq!(desk.titles(4 * MINUTE + 50).await, [""; 0]);
    assert!(desk.rows(&[AlertState::New])[0].owed);
    let until = desk.summary().muted_until.unwrap();
    assert_eq!(until, leapt_at + 5 * MINUTE);
    assert_eq!(desk.titles(until - desk.now + 1).await.len(), 1);
    assert_eq!(desk.summary().muted_until, None);
}

#[tokio::test]
async fn a_sleep_over_the_end_is_believed_at_once() {
    let mut desk = Desk::open().await;
    desk.mute_for_an_hour().await;
    desk.status("7", "EXPIRED").await;
    desk.after(10).await;
    desk.now += 2 * HOUR;
    assert_eq!(desk.titles(0).await.len(), 1);
}

#[tokio::test]
async fn the_end_that_is_shown_is_the_one_that_holds_where_a_leap_is_no_longer_than_what_is_left() {
    let mut desk = Desk::open().await;
    desk.mute_for_an_hour().await;
    let until = desk.now + HOUR;
    desk.leap(20 * MINUTE);
    desk.after(10).await;
    assert_eq!(desk.summary().muted_until, Some(until));
    desk.leap(-20 * MINUTE);
    desk.after(10).await;
    assert_eq!(desk.summary().muted_until, Some(until));
}

#[tokio::test]
async fn who_mutes_for_an_hour_by_a_clock_that_is_a_day_behind_hears_nothing_for_one() {
    let mut desk = Desk::open().await;
    desk.status("1", "REVOKED").await;
    desk.titles(MINUTE).await;
    desk.leap(-DAY);
    desk.titles(MINUTE).await;
    desk.mute_for_an_hour().await;
    let until = desk.now + HOUR;
    assert_eq!(desk.summary().muted_until, Some(until));
    desk.status_at("7", "EXPIRED", desk.now + DAY).await;
    assert_eq!(desk.titles(HOUR - MINUTE).await, [""; 0]);
    let told = desk.titles(2 * MINUTE).await;
    assert_eq!(told.len(), 1, "{told:?}");
}
