//! Laws of the facts about any eSIM and any order in which its events arrive.

use proptest::prelude::*;

use super::*;

fn any_esim() -> impl Strategy<Value = EsimState> {
    let second = || proptest::option::of(START - 20 * DAY_SECS..START + 20 * DAY_SECS);
    let status = prop_oneof![
        (0..Status::KNOWN.len()).prop_map(|i| Some(Status::KNOWN[i].clone())),
        Just(None),
        Just(Some(Status::Other("X".to_owned())))
    ];
    let data = || proptest::option::of(-1.0..2000.0_f64);
    let times = (second(), second(), second(), second(), second());
    (status, times, data(), data(), any::<Option<bool>>()).prop_map(
        |(status, times, allowed_mb, remaining_mb, unlimited)| EsimState {
            status,
            status_since: times.0,
            period_start: times.1,
            period_end: times.2,
            first_activated_at: times.3,
            last_event_at: times.4,
            usage: Usage {
                package_name: None,
                allowed_mb,
                remaining_mb,
                unlimited,
            },
            ..EsimState::default()
        },
    )
}

proptest! {
    #[test]
    fn nothing_changes_before_the_next_check(esim in any_esim(), ahead in 0..60 * DAY_SECS) {
        let settings = AlertSettings::default();
        let mut now = START - 30 * DAY_SECS;
        let mut checks = 0;
        while let Some(next) = next_check(&esim, &settings, now) {
            let before = esim_facts(1, &esim, &settings, now);
            prop_assert!(next > now);
            prop_assert_eq!(&esim_facts(1, &esim, &settings, next - 1), &before);
            let between = now + ahead % (next - now);
            prop_assert_eq!(&esim_facts(1, &esim, &settings, between), &before);
            now = next;
            checks += 1;
            prop_assert!(checks < 30);
        }
        prop_assert_eq!(esim_facts(1, &esim, &settings, now + ahead), vec![]);
    }

    #[test]
    fn a_subject_has_one_fact_for_each_rule(esim in any_esim(), ahead in -40 * DAY_SECS..60 * DAY_SECS) {
        let facts = esim_facts(1, &esim, &AlertSettings::default(), START + ahead);
        let rules: BTreeSet<Rule> = facts.iter().map(|fact| fact.rule).collect();
        prop_assert_eq!(rules.len(), facts.len());
    }

    #[test]
    fn any_order_of_arrival_and_any_repeats_tell_each_thing_once(
        order in Just((0..9).chain(0..9).collect::<Vec<usize>>()).prop_shuffle()
    ) {
        let history = [
            status("NEW", START - 3 * DAY_SECS),
            status("INSTALLED", START - HOUR_SECS),
            status("ACTIVATED", START + 6),
            status("INACTIVE", START + 8),
            status("ACTIVATED", START + 11),
            usage(START + 4 * HOUR_SECS, 3072.0, 500.0),
            usage(START + 8 * HOUR_SECS, 3072.0, 0.0),
            status("EXPIRED", START + 9 * HOUR_SECS),
            status("INACTIVE", START + 9 * HOUR_SECS),
        ];
        let arriving: Vec<Event> = order.into_iter().map(|i| history[i].clone()).collect();
        let told = told(&arriving, START + 10 * HOUR_SECS);
        let rules: BTreeSet<Rule> = told.iter().map(|(rule, _)| *rule).collect();
        prop_assert_eq!(rules.len(), told.len(), "{:?}", told);
        prop_assert!(rules.contains(&Rule::Expired));
    }

    #[test]
    fn each_withdrawal_after_a_service_longer_than_a_flap_is_told_and_no_other(
        turns in proptest::collection::vec((60..9_000_i64, 1..900_i64), 1..10)
    ) {
        let mut at = START + HOUR_SECS;
        let mut arriving = vec![status("ACTIVATED", START), status("REVOKED", at)];
        let mut deserved = 1;
        for (withdrawn, served) in turns {
            at += withdrawn;
            arriving.push(status("ACTIVATED", at));
            at += served;
            arriving.push(status("REVOKED", at));
            deserved += usize::from(served > Rule::Revoked.flap_secs());
        }
        let told = told_live(&arriving);
        let withdrawals = told.iter().filter(|(rule, _)| *rule == Rule::Revoked);
        prop_assert_eq!(withdrawals.count(), deserved);
        let activations = told.iter().filter(|(rule, _)| *rule == Rule::FirstActivation);
        prop_assert_eq!(activations.count(), 1);
    }

    #[test]
    fn data_that_is_used_up_is_told_once_for_each_time_that_some_was_there(
        left in proptest::collection::vec(prop_oneof![Just(0.0), Just(0.0), 200.0..3_000.0_f64], 1..30)
    ) {
        let reports: Vec<Event> = left
            .iter()
            .zip(1..)
            .map(|(left, hour)| usage(START + hour * 4 * HOUR_SECS, 3_000.0, *left))
            .collect();
        let runs = left.chunk_by(|a, b| (*a <= 0.0) == (*b <= 0.0));
        let deserved = runs.filter(|run| run[0] <= 0.0).count();
        let told = told_live(&reports);
        let used_up = told.iter().filter(|(rule, _)| *rule == Rule::DataUsedUp);
        prop_assert_eq!(used_up.count(), deserved);
    }

    #[test]
    fn an_end_that_wobbles_is_warned_of_once(
        by in proptest::collection::vec(-600..600_i64, 1..20)
    ) {
        let reports: Vec<Event> = by
            .iter()
            .zip(0..)
            .map(|(by, n)| {
                let mut event = status("INACTIVE", END - 20 * HOUR_SECS + n * 600);
                event.period_end = Some(END + by);
                event
            })
            .collect();
        let told = told_live(&reports);
        let warned = told.iter().filter(|(rule, _)| *rule == Rule::ExpiresSoon);
        prop_assert_eq!(warned.count(), 1);
    }
}
