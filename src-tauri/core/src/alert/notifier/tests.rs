//! Tests of when notices are shown and what they tell.

use jiff::tz::TimeZone;

use super::super::{Quiet, Rule, Text, Words};
use super::*;
use crate::catalogue::{Catalogue, Language};
use crate::message::Message;

mod away;

/// 27 November 2025, 08:00:00 UTC.
pub(super) const NOW: i64 = 1_764_230_400_000;
const SECOND: i64 = 1_000;
pub(super) const HOUR: i64 = 3_600_000;

fn english() -> &'static Catalogue {
    Catalogue::of(Language::En)
}

fn notifier() -> Notifier {
    Notifier::new(AlertSettings::default(), TimeZone::UTC.into())
}

/// Quiet from 22:00 to 07:00.
fn quiet_at_night() -> AlertSettings {
    AlertSettings {
        quiet: Some(Quiet {
            from_minute: 22 * 60,
            to_minute: 7 * 60,
        }),
        ..AlertSettings::default()
    }
}

pub(super) fn alert(id: i64, rule: Rule) -> Waiting {
    Waiting {
        id,
        rule,
        esim: Some(id),
        since: NOW / 1000,
        raised_at_ms: NOW,
        text: Text {
            title: Message::of(format!("{} {id}", rule.as_str())),
            body: vec![Message::of("Body.")],
        },
        opens: Opens::Esim(format!("key-{id}")),
        breaks_quiet: AlertSettings::default().of(rule).breaks_quiet,
        late: false,
        currency: None,
        party: None,
    }
}

fn titles(notices: &[Notice]) -> Vec<&str> {
    notices
        .iter()
        .map(|notice| notice.words.title.as_str())
        .collect()
}

#[test]
fn the_first_alert_is_shown_at_once_as_itself() {
    let mut notifier = notifier();
    assert_eq!(notifier.next_at(NOW), None);
    notifier.offer(alert(7, Rule::Expired), NOW);
    assert_eq!(notifier.next_at(NOW), Some(NOW));
    assert_eq!(
        notifier.due(NOW),
        [Notice {
            alerts: vec![7],
            kind: NoticeKind::Single,
            words: Words {
                title: "expired 7".to_owned(),
                body: "Body.".to_owned(),
            },
            opens: Opens::Esim("key-7".to_owned()),
        }]
    );
    assert_eq!(notifier.due(NOW), []);
    assert_eq!(notifier.next_at(NOW), None);
}

#[test]
fn a_burst_is_two_singles_and_one_summary_when_there_is_a_place() {
    let mut notifier = notifier();
    for id in 1..=300 {
        notifier.offer(alert(id, Rule::Expired), NOW + id);
    }
    let first = notifier.due(NOW + 300);
    assert_eq!(titles(&first), ["expired 1", "expired 2"]);
    let gathered = NOW + 300 + 60 * SECOND + 1;
    assert_eq!(notifier.next_at(NOW + 300), Some(gathered));
    notifier.offer(alert(301, Rule::DataUsedUp), gathered - 1);
    assert_eq!(notifier.due(gathered - 1), []);
    let rest = notifier.due(gathered);
    assert_eq!(
        titles(&rest),
        ["298 eSIMs expired, 1 eSIM used up its data"]
    );
    let summary = rest.first().unwrap();
    assert_eq!(
        summary.words.body,
        "Open the list of alerts to see each of them."
    );
    assert_eq!(summary.kind, NoticeKind::Summary);
    assert_eq!(summary.opens, Opens::Alerts);
    assert_eq!(summary.alerts, (3..=301).collect::<Vec<i64>>());
    assert_eq!(notifier.next_at(gathered), None);
}

#[test]
fn what_comes_later_waits_for_the_next_free_minute_and_is_told_together() {
    let mut notifier = notifier();
    for id in 1..=3 {
        notifier.offer(alert(id, Rule::Expired), NOW);
    }
    assert_eq!(titles(&notifier.due(NOW)), ["expired 1", "expired 2"]);
    for id in 4..=40 {
        notifier.offer(alert(id, Rule::Expired), NOW + 20 * SECOND);
        assert_eq!(notifier.due(NOW + 20 * SECOND), []);
    }
    let free = NOW + 60 * SECOND + 1;
    assert_eq!(notifier.next_at(NOW + 20 * SECOND), Some(free));
    assert_eq!(notifier.due(free - 1), []);
    assert_eq!(titles(&notifier.due(free)), ["38 eSIMs expired"]);
    notifier.offer(alert(41, Rule::Expired), free + 1);
    assert_eq!(titles(&notifier.due(free + 1)), ["expired 41"]);
    assert_eq!(notifier.next_at(free + 1), None);
}

#[test]
fn a_withdrawal_does_not_wait_behind_good_news() {
    let mut notifier = notifier();
    for id in 1..=6 {
        notifier.offer(alert(id, Rule::FirstActivation), NOW + id);
        notifier.due(NOW + id);
    }
    assert_eq!(notifier.due(NOW + 5 * SECOND), []);
    notifier.offer(alert(7, Rule::Revoked), NOW + 6 * SECOND);
    assert_eq!(titles(&notifier.due(NOW + 6 * SECOND)), ["revoked 7"]);
    // What else is critical is told when the minute is over, with the others.
    notifier.offer(alert(8, Rule::Revoked), NOW + 7 * SECOND);
    assert_eq!(notifier.due(NOW + 10 * SECOND), []);
    let free = notifier.next_at(NOW + 10 * SECOND).unwrap();
    assert!(free <= NOW + 60 * SECOND + 2);
    let title = "1 eSIM was revoked, 4 eSIMs were activated";
    assert_eq!(titles(&notifier.due(free)), [title]);
}

/// One of the twelve eSIMs of an order.
fn of_order(id: i64, rule: Rule, reference: &str) -> Waiting {
    let party = Some(Party {
        reference: reference.to_owned(),
        title: Message::of(format!("{} {reference}", rule.as_str())),
        esims: 12,
    });
    Waiting {
        party,
        ..alert(id, rule)
    }
}

#[test]
fn what_happens_to_the_esims_of_an_order_within_seconds_is_one_notice() {
    let mut notifier = notifier();
    for id in 1..=12 {
        let now = NOW + id * 100;
        notifier.offer(of_order(id, Rule::Expired, "OSLO-12"), now);
        notifier.offer(of_order(20 + id, Rule::DataLow, "ROMA-12"), now);
        assert_eq!(notifier.due(now), []);
    }
    let ready = NOW + 100 + 3 * SECOND;
    assert_eq!(notifier.next_at(NOW + 1200), Some(ready));
    let told = notifier.due(ready);
    assert_eq!(
        titles(&told),
        ["expired OSLO-12 (12 of 12)", "data_low ROMA-12 (12 of 12)"]
    );
    assert_eq!(told[0].alerts, (1..=12).collect::<Vec<i64>>());
}

#[test]
fn the_activations_of_an_order_are_gathered_for_some_minutes() {
    let mut notifier = notifier();
    for id in 1..=3 {
        let now = NOW + (id - 1) * 50 * SECOND;
        notifier.offer(of_order(id, Rule::FirstActivation, "LISBON-12"), now);
        assert_eq!(notifier.due(now), []);
    }
    let ready = NOW + 180 * SECOND;
    assert_eq!(notifier.due(ready - 1), []);
    assert_eq!(
        titles(&notifier.due(ready)),
        ["first_activation LISBON-12 (3 of 12)"]
    );
}

#[test]
fn a_withdrawal_of_one_of_an_order_is_told_at_once() {
    let mut notifier = notifier();
    notifier.offer(of_order(1, Rule::Revoked, "OSLO-12"), NOW);
    assert_eq!(titles(&notifier.due(NOW)), ["revoked 1"]);
}

#[test]
fn what_is_being_gathered_stays_together_and_takes_in_what_comes() {
    let mut notifier = notifier();
    for id in 1..=2 {
        notifier.offer(alert(id, Rule::Expired), NOW);
    }
    assert_eq!(notifier.due(NOW).len(), 2);
    let later = NOW + 59 * SECOND;
    notifier.offer(alert(3, Rule::Expired), later);
    assert_eq!(notifier.due(later), []);
    // Meanwhile the minute of the first two is over.
    notifier.offer(alert(4, Rule::Expired), later + 2 * SECOND);
    assert_eq!(notifier.due(later + 2 * SECOND), []);
    notifier.offer(alert(5, Rule::Expired), later + 3 * SECOND);
    let summary = notifier.due(later + 3 * SECOND);
    assert_eq!(titles(&summary), ["3 eSIMs expired"]);
}

#[test]
fn critical_alerts_come_first() {
    let mut notifier = notifier();
    for (id, rule) in [
        (1, Rule::FirstActivation),
        (2, Rule::Expired),
        (3, Rule::Revoked),
        (4, Rule::TunnelDown),
        (5, Rule::Revoked),
    ] {
        notifier.offer(alert(id, rule), NOW);
    }
    assert_eq!(titles(&notifier.due(NOW)), ["revoked 3", "tunnel_down 4"]);
    let summary = notifier.due(NOW + 3 * SECOND);
    assert_eq!(titles(&summary), ["1 eSIM was revoked, 1 eSIM expired"]);
    assert_eq!(
        summary.first().unwrap().words.body,
        "Also: 1 eSIM was activated. Open the list of alerts to see each of them."
    );
}

#[test]
fn a_summary_counts_esims_and_names_everything_else() {
    let told = |rules: &[(Rule, usize)]| {
        let alerts: Vec<Waiting> = rules
            .iter()
            .flat_map(|(rule, count)| vec![*rule; *count])
            .zip(1..)
            .map(|(rule, id)| alert(id, rule))
            .collect();
        let text = summary::summed_up(english(), None, &alerts);
        (text.title, text.body)
    };
    let (title, body) = told(&[
        (Rule::BalanceInsufficient, 2),
        (Rule::RefundDecided, 2),
        (Rule::DataLow, 5),
        (Rule::BalanceLow, 1),
        (Rule::Expired, 1),
    ]);
    assert_eq!(title, "Orders fail for lack of balance, 1 eSIM expired");
    assert_eq!(
        body,
        "Also: 5 eSIMs are low on data, the balance is low, 2 refunds were decided. Open the list of alerts to see each of them."
    );
    let mut twice = alert(2, Rule::Expired);
    twice.esim = Some(1);
    let text = summary::summed_up(english(), None, &[alert(1, Rule::Expired), twice]);
    assert_eq!(text.title, "1 eSIM expired");
    for rule in Rule::ALL {
        // A key that no catalogue has is shown as it is.
        let digest = format!("digest.{}", rule.as_str());
        assert!(english().pattern(&digest).is_some(), "{digest}");
        assert!(!told(&[(*rule, 1)]).0.is_empty());
        assert!(!told(&[(*rule, 2)]).0.starts_with(char::is_lowercase));
    }
}

#[test]
fn quiet_hours_hold_back_and_end_in_one_digest() {
    let mut notifier = Notifier::new(quiet_at_night(), TimeZone::UTC.into());
    let midnight = NOW + 16 * HOUR;
    for id in 1..=300 {
        notifier.offer(alert(id, Rule::Expired), midnight);
    }
    notifier.offer(alert(301, Rule::DataLow), midnight);
    notifier.offer(alert(302, Rule::DataUsedUp), midnight);
    assert_eq!(notifier.due(midnight), []);
    let morning = midnight + 7 * HOUR;
    assert_eq!(notifier.next_at(midnight), Some(morning));
    notifier.withdraw(301);
    notifier.withdraw(5);
    assert_eq!(notifier.due(morning - 1), []);
    let digest = notifier.due(morning);
    assert_eq!(
        titles(&digest),
        ["While it was quiet: 299 eSIMs expired, 1 eSIM used up its data"]
    );
    assert_eq!(digest.first().unwrap().kind, NoticeKind::Digest);
    assert_eq!(notifier.next_at(morning), None);
}

#[test]
fn what_is_critical_breaks_through_quiet_hours_unless_the_user_says_otherwise() {
    let mut notifier = Notifier::new(quiet_at_night(), TimeZone::UTC.into());
    let midnight = NOW + 16 * HOUR;
    let mut tamed = alert(2, Rule::Revoked);
    tamed.breaks_quiet = false;
    notifier.offer(alert(1, Rule::Revoked), midnight);
    notifier.offer(tamed, midnight);
    assert_eq!(titles(&notifier.due(midnight)), ["revoked 1"]);
    assert_eq!(titles(&notifier.due(midnight + 7 * HOUR)), ["revoked 2"]);
}

#[test]
fn what_still_waits_when_quiet_begins_is_held_back_as_well() {
    let mut notifier = Notifier::new(quiet_at_night(), TimeZone::UTC.into());
    let evening = NOW + 14 * HOUR - SECOND;
    for id in 1..=5 {
        notifier.offer(alert(id, Rule::Expired), evening);
    }
    assert_eq!(notifier.due(evening).len(), 2);
    assert_eq!(notifier.due(evening + 3 * SECOND), []);
    let morning = evening + SECOND + 9 * HOUR;
    assert_eq!(notifier.next_at(evening + 3 * SECOND), Some(morning));
    assert_eq!(
        titles(&notifier.due(morning)),
        ["While it was quiet: 3 eSIMs expired"]
    );
}

#[test]
fn muting_holds_back_until_it_ends_or_is_taken_back() {
    let muted = AlertSettings {
        muted_until: Some((NOW + HOUR) / 1000),
        ..AlertSettings::default()
    };
    let mut notifier = Notifier::new(muted, TimeZone::UTC.into());
    notifier.offer(alert(1, Rule::Expired), NOW);
    assert_eq!(notifier.due(NOW), []);
    assert_eq!(notifier.next_at(NOW), Some(NOW + HOUR));
    notifier.set_settings(AlertSettings::default());
    assert_eq!(notifier.next_at(NOW), Some(NOW));
    assert_eq!(titles(&notifier.due(NOW)), ["expired 1"]);
}

#[test]
fn an_absence_that_ends_in_quiet_hours_tells_only_what_breaks_through() {
    let mut notifier = Notifier::new(quiet_at_night(), TimeZone::UTC.into());
    let midnight = NOW + 16 * HOUR;
    notifier.resume(
        vec![
            alert(1, Rule::Expired),
            alert(2, Rule::Revoked),
            alert(3, Rule::Revoked),
        ],
        midnight,
    );
    assert_eq!(
        titles(&notifier.due(midnight)),
        ["While you were away: 2 eSIMs were revoked"]
    );
    assert_eq!(titles(&notifier.due(midnight + 7 * HOUR)), ["expired 1"]);
}

#[test]
fn what_is_withdrawn_in_time_is_not_shown() {
    let mut notifier = notifier();
    for id in 1..=4 {
        notifier.offer(alert(id, Rule::Expired), NOW);
    }
    notifier.withdraw(1);
    assert_eq!(titles(&notifier.due(NOW)), ["expired 2", "expired 3"]);
    notifier.withdraw(4);
    assert_eq!(notifier.next_at(NOW), None);
    assert_eq!(notifier.due(NOW + 3 * SECOND), []);
}

#[test]
fn an_alert_that_waits_and_is_offered_again_is_shown_once_as_it_is_now() {
    let mut notifier = notifier();
    notifier.offer(alert(1, Rule::ExpiresSoon), NOW);
    notifier.offer(alert(1, Rule::ExpiresVerySoon), NOW);
    assert_eq!(titles(&notifier.due(NOW)), ["expires_very_soon 1"]);
    notifier.resume(vec![alert(2, Rule::Expired), alert(3, Rule::Expired)], NOW);
    notifier.offer(alert(3, Rule::DataLow), NOW);
    assert_eq!(
        titles(&notifier.due(NOW)),
        ["While you were away: 1 eSIM expired, 1 eSIM is low on data"]
    );
}

#[test]
fn a_clock_that_is_put_back_blocks_for_a_minute_at_most() {
    let mut notifier = notifier();
    for id in 1..=2 {
        notifier.offer(alert(id, Rule::Expired), NOW);
    }
    assert_eq!(notifier.due(NOW).len(), 2);
    notifier.offer(alert(3, Rule::Revoked), NOW + 3 * SECOND);
    assert_eq!(notifier.due(NOW + 3 * SECOND).len(), 1);
    let back = NOW - 48 * HOUR;
    notifier.offer(alert(4, Rule::Expired), back);
    assert_eq!(notifier.due(back), []);
    let free = back + 57 * SECOND + 1;
    assert_eq!(notifier.next_at(back), Some(free));
    assert_eq!(notifier.next_at(back - HOUR), Some(back - HOUR));
    assert_eq!(titles(&notifier.due(free)), ["expired 4"]);
}

#[test]
fn a_digest_takes_its_turn_behind_what_is_critical() {
    let mut notifier = notifier();
    notifier.resume(vec![alert(1, Rule::Expired), alert(2, Rule::DataLow)], NOW);
    notifier.offer(alert(3, Rule::Revoked), NOW);
    notifier.offer(alert(4, Rule::FirstActivation), NOW);
    assert_eq!(
        titles(&notifier.due(NOW)),
        [
            "revoked 3",
            "While you were away: 1 eSIM expired, 1 eSIM is low on data"
        ]
    );
    assert_eq!(
        titles(&notifier.due(NOW + 60 * SECOND + 1)),
        ["first_activation 4"]
    );
}
