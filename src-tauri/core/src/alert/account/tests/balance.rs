//! A balance that is low or does not suffice, and money that is added.

use std::collections::BTreeSet;

use super::*;

/// A balance that is low, and a moment later an order that fails.
fn short() -> [AccountEvent; 2] {
    [low(NOW, 10.0), insufficient(NOW + 5)]
}

const BOTH: [Rule; 2] = [Rule::BalanceLow, Rule::BalanceInsufficient];

/// The rules that hold an hour after a shortage, if money was added at this second.
fn after_money_at(second: i64) -> Vec<Rule> {
    let mut events = short().to_vec();
    events.push(top_up(second));
    rules(&events, NOW + HOUR_SECS)
}

#[test]
fn a_low_balance_names_what_is_left() {
    assert_eq!(
        only(&[low(NOW, 148.2)], NOW),
        Fact {
            subject: Subject::Account,
            rule: Rule::BalanceLow,
            occasion: "first/EUR".to_owned(),
            since: NOW,
            detail: Detail {
                amount: Some(148.2),
                currency: Some("EUR".to_owned()),
                ..Detail::default()
            },
        }
    );
}

#[test]
fn a_balance_that_falls_further_is_the_same_occasion() {
    let later = NOW + DAY_SECS;
    let fallen = only(&[low(NOW, 148.2), low(later, 98.0)], later);
    assert_eq!(fallen.occasion, "first/EUR");
    assert_eq!((fallen.since, fallen.detail.amount), (NOW, Some(98.0)));
}

#[test]
fn a_warning_that_arrives_after_a_later_one_is_the_same_occasion() {
    let earlier = only(&[low(NOW - 5, 150.0), low(NOW, 148.2)], NOW);
    assert_eq!(earlier.occasion, "first/EUR");
}

#[test]
fn a_balance_that_is_low_again_after_money_came_is_another_occasion() {
    let paid_at = NOW + HOUR_SECS;
    let later = NOW + 3 * DAY_SECS;
    let again = only(
        &[low(NOW, 148.2), top_up(paid_at), low(later, 140.0)],
        later,
    );
    assert_eq!(again.occasion, format!("after:{paid_at}/EUR"));
}

#[test]
fn orders_that_fail_within_an_hour_of_each_other_are_one_matter() {
    let orders = [0, 59, 118].map(|minutes| insufficient(NOW + minutes * MINUTE));
    let fact = only(&orders, NOW + 2 * HOUR_SECS);
    assert_eq!(fact.rule, Rule::BalanceInsufficient);
    assert_eq!((fact.since, fact.detail.count), (NOW, Some(3)));
    assert_eq!(fact.occasion, only(&orders[..1], NOW).occasion);
}

#[test]
fn orders_that_fail_an_hour_apart_are_two_matters() {
    let orders = [insufficient(NOW), insufficient(NOW + HOUR_SECS)];
    let second = only(&orders, NOW + 2 * HOUR_SECS);
    assert_ne!(second.occasion, only(&orders[..1], NOW).occasion);
    assert_eq!(second.detail.count, Some(2), "all since money last came");
}

#[test]
fn a_low_balance_and_an_order_that_fails_are_told_beside_each_other() {
    assert_eq!(rules(&short(), NOW + HOUR_SECS), BOTH);
}

#[test]
fn money_that_came_later_ends_both_shortages() {
    assert_eq!(after_money_at(NOW + 6), [Rule::BalanceToppedUp]);
}

#[test]
fn money_that_came_earlier_ends_neither() {
    assert_eq!(after_money_at(NOW - 2 * DAY_SECS), BOTH);
}

#[test]
fn money_of_the_same_second_answers_an_order_that_fails() {
    assert_eq!(after_money_at(NOW + 5), [Rule::BalanceToppedUp]);
}

#[test]
fn an_order_that_fails_of_what_was_added_in_the_same_second_is_told() {
    let mut events = vec![insufficient(NOW), top_up(NOW)];
    for event in &mut events {
        event.amount = Some(12.5);
    }
    let both = [Rule::BalanceInsufficient, Rule::BalanceToppedUp];
    assert_eq!(rules(&events, NOW), both);
}

#[test]
fn added_money_names_the_balance_and_holds_for_a_day() {
    let fact = only(&[top_up(NOW)], NOW + DAY_SECS - 1);
    assert_eq!(fact.rule, Rule::BalanceToppedUp);
    assert_eq!(fact.detail.amount, Some(1003.1));
    assert_eq!(rules(&[top_up(NOW)], NOW + DAY_SECS), []);
}

#[test]
fn earlier_money_of_which_is_told_late_is_no_news() {
    let late = only(&[top_up(NOW), top_up(NOW - HOUR_SECS)], NOW);
    assert_eq!(late, only(&[top_up(NOW)], NOW));
}

#[test]
fn money_that_is_added_once_more_is_another_occasion() {
    let twice = only(&[top_up(NOW), top_up(NOW + HOUR_SECS)], NOW + HOUR_SECS);
    assert_ne!(twice.occasion, only(&[top_up(NOW)], NOW).occasion);
}

#[test]
fn a_shortage_is_believed_for_a_month() {
    let events = [low(NOW, 10.0), insufficient(NOW)];
    assert_eq!(rules(&events, NOW + 30 * DAY_SECS - 1), BOTH);
    assert_eq!(rules(&events, NOW + 30 * DAY_SECS), []);
}

#[test]
fn a_shortage_months_later_is_another_although_nobody_told_of_money() {
    let later = NOW + 90 * DAY_SECS;
    let fact = only(&[low(NOW, 10.0), low(later, 140.0)], later);
    assert_ne!(fact.occasion, "first/EUR");
    assert_eq!(fact.since, later);
}

#[test]
fn of_an_account_that_nothing_was_told_of_nothing_holds() {
    assert_eq!(rules(&[], NOW), []);
}

#[test]
fn orders_that_fail_again_after_too_little_money_in_the_same_hour_are_another_matter() {
    let mut events = vec![insufficient(NOW + 5 * MINUTE), top_up(NOW + 10 * MINUTE)];
    let first = only(&events[..1], NOW + 5 * MINUTE);
    events.push(insufficient(NOW + 20 * MINUTE));
    let facts = account_facts(&events, NOW + 20 * MINUTE);
    assert_eq!(facts[0].rule, Rule::BalanceInsufficient);
    assert_ne!(facts[0].occasion, first.occasion);
    assert!(facts[0].since > first.since);
    assert_eq!(
        (facts[0].detail.count, failed_orders(&events)),
        (Some(1), 1)
    );
}

#[test]
fn a_balance_that_went_up_proves_that_money_came() {
    let later = NOW + 12 * DAY_SECS;
    let events = [
        low(NOW, 98.0),
        insufficient(NOW + HOUR_SECS),
        low(later, 196.0),
    ];
    let fact = only(&events, later);
    assert_eq!(fact.rule, Rule::BalanceLow, "no order fails any more");
    assert_ne!(fact.occasion, only(&events[..1], NOW).occasion);
    assert_eq!((fact.since, fact.detail.amount), (later, Some(196.0)));
    assert_eq!(failed_orders(&events), 0);
}

/// An order that fails so many minutes after another, with this balance and this to warn below.
fn failed_at(minutes: i64, amount: f64, threshold: Option<f64>) -> AccountEvent {
    AccountEvent {
        amount: Some(amount),
        threshold,
        ..insufficient(NOW + minutes * MINUTE)
    }
}

#[test]
fn a_balance_that_is_rounded_otherwise_now_and_then_parts_no_failed_orders() {
    for (currency, unit, threshold) in [
        ("EUR", 0.01, Some(200.0)),
        ("EUR", 0.01, None),
        ("JPY", 1.0, Some(30_000.0)),
        ("JPY", 1.0, None),
        ("KWD", 0.001, None),
    ] {
        let wobbles = [0.0, 1.0, -1.0, 2.0, 0.0, 1.0];
        let orders = (0..).zip(wobbles).map(|(minutes, by)| {
            let failed = failed_at(minutes, 300.0 * unit + by * unit, threshold);
            in_currency(Some(currency), failed)
        });
        let orders: Vec<AccountEvent> = orders.collect();
        let fact = only(&orders, NOW + HOUR_SECS);
        assert_eq!(
            (fact.since, fact.detail.count),
            (NOW, Some(6)),
            "{currency}"
        );
        assert_eq!(fact.occasion, only(&orders[..1], NOW).occasion);
        assert_eq!(failed_orders(&orders), 6);
    }
}

#[test]
fn what_one_order_had_cost_and_is_given_back_parts_no_failed_orders_and_more_does() {
    let orders = |amount: f64| {
        [
            failed_at(0, 3.1, Some(200.0)),
            failed_at(9, amount, Some(200.0)),
        ]
    };
    for (amount, count) in [(7.6, 2), (22.9, 2), (43.1, 1), (180.0, 1)] {
        let fact = only(&orders(amount), NOW + HOUR_SECS);
        assert_eq!(fact.detail.count, Some(count), "{amount}");
    }
}

#[test]
fn a_balance_stays_low_while_it_is_below_what_is_warned_of() {
    let warned = AccountEvent {
        threshold: Some(200.0),
        ..low(NOW - HOUR_SECS, 41.0)
    };
    let mut events = vec![warned, failed_at(0, 3.1, None), failed_at(9, 63.1, None)];
    let facts = account_facts(&events, NOW + HOUR_SECS);
    let told = |facts: &[Fact]| facts.iter().map(|fact| fact.rule).collect::<Vec<_>>();
    assert_eq!(told(&facts), BOTH, "{facts:?}");
    assert_eq!(facts[0].occasion, "first/EUR");
    events[2].amount = Some(240.0);
    let facts = account_facts(&events, NOW + HOUR_SECS);
    assert_eq!(told(&facts), BOTH[1..], "{facts:?}");
}

#[test]
fn warnings_that_come_again_at_nearly_the_same_balance_are_one_matter() {
    let warned = |minutes: i64, amount: f64| AccountEvent {
        threshold: Some(200.0),
        ..low(NOW + minutes * MINUTE, amount)
    };
    let again = only(
        &[warned(0, 98.0), warned(5, 98.01), warned(9, 99.5)],
        NOW + HOUR_SECS,
    );
    assert_eq!(again.occasion, "first/EUR");
    let more = only(&[warned(0, 98.0), warned(5, 148.0)], NOW + HOUR_SECS);
    assert_ne!(more.occasion, "first/EUR");
}

#[test]
fn a_balance_that_is_not_told_between_hides_no_money() {
    let later = NOW + 12 * DAY_SECS;
    let unread = AccountEvent {
        amount: None,
        ..low(NOW + DAY_SECS, 0.0)
    };
    let events = [
        low(NOW, 98.0),
        insufficient(NOW + HOUR_SECS),
        unread,
        low(later, 196.0),
    ];
    assert_eq!(failed_orders(&events), 0);
}

#[test]
fn warnings_of_one_second_prove_no_money() {
    let mut events = [low(NOW, 98.0), low(NOW, 196.0)];
    events[1].key.push('b');
    assert_eq!(only(&events, NOW).occasion, "first/EUR");
}

#[test]
fn money_that_does_not_reach_the_threshold_leaves_the_balance_low() {
    let mut events = vec![low(NOW, 98.0), top_up(NOW + HOUR_SECS)];
    events[0].threshold = Some(200.0);
    events[1].amount = Some(118.0);
    let facts = account_facts(&events, NOW + HOUR_SECS);
    assert_eq!(facts[0].rule, Rule::BalanceLow);
    assert_eq!(facts[0].detail.amount, Some(118.0), "what there is by now");
    assert_eq!(facts[0].occasion, only(&events[..1], NOW).occasion);
    events[1].amount = Some(200.0);
    assert_eq!(rules(&events, NOW + HOUR_SECS), [Rule::BalanceToppedUp]);
}

/// That money came is told each time: somebody paid it, and waits to hear that it is there.
#[test]
fn several_small_top_ups_leave_one_low_balance_and_each_is_told_once() {
    let mut events = vec![low(NOW, 98.0)];
    events[0].threshold = Some(200.0);
    let before = only(&events, NOW).occasion;
    let mut told = BTreeSet::new();
    for count in 1..=8_i32 {
        let at = NOW + i64::from(count) * HOUR_SECS;
        let mut money = top_up(at);
        money.amount = Some(98.0 + 10.0 * f64::from(count));
        events.push(money);
        for fact in account_facts(&events, at) {
            if fact.rule == Rule::BalanceLow {
                assert_eq!(fact.occasion, before);
            } else {
                told.insert(fact.occasion);
            }
        }
    }
    assert_eq!(told.len(), 8, "{told:?}");
}

#[test]
fn money_in_one_currency_answers_no_shortage_in_another() {
    let mut events = short().to_vec();
    events.push(AccountEvent {
        currency: Some("USD".to_owned()),
        ..top_up(NOW + HOUR_SECS)
    });
    assert_eq!(
        rules(&events, NOW + HOUR_SECS),
        [BOTH[0], BOTH[1], Rule::BalanceToppedUp]
    );
    assert_eq!(failed_orders(&events), 1);
}

#[test]
fn a_currency_is_the_same_in_any_case_and_where_none_is_named() {
    for written in [Some("eur"), Some(" Eur"), Some(""), None] {
        let mut events = short().to_vec();
        events.push(AccountEvent {
            currency: written.map(str::to_owned),
            ..top_up(NOW + HOUR_SECS)
        });
        assert_eq!(rules(&events, NOW + HOUR_SECS), [Rule::BalanceToppedUp]);
    }
}

fn in_currency(currency: Option<&str>, event: AccountEvent) -> AccountEvent {
    AccountEvent {
        key: format!("{} {currency:?}", event.key),
        currency: currency.map(str::to_owned),
        ..event
    }
}

/// Rule, currency and amount of what holds.
fn told(events: &[AccountEvent], now: i64) -> Vec<(Rule, Option<String>, Option<f64>)> {
    let facts = account_facts(events, now).into_iter();
    let told = facts.map(|fact| (fact.rule, fact.detail.currency, fact.detail.amount));
    told.collect()
}

#[test]
fn of_two_currencies_that_run_out_both_are_told() {
    let dollars = in_currency(Some("usd"), low(NOW + HOUR_SECS, 5.0));
    let failed = in_currency(Some("USD"), insufficient(NOW + HOUR_SECS));
    let euros = short();
    let events = [&euros[..], &[dollars, failed]].concat();
    let (eur, usd) = (Some("EUR".to_owned()), Some("USD".to_owned()));
    assert_eq!(
        told(&events, NOW + HOUR_SECS),
        [
            (Rule::BalanceLow, eur.clone(), Some(3.1)),
            (Rule::BalanceLow, usd.clone(), Some(3.1)),
            (Rule::BalanceInsufficient, eur, Some(3.1)),
            (Rule::BalanceInsufficient, usd, Some(3.1)),
        ]
    );
    let occasions: BTreeSet<_> = account_facts(&events, NOW + HOUR_SECS)
        .into_iter()
        .map(|fact| (fact.rule, fact.occasion))
        .collect();
    assert_eq!(occasions.len(), 4);
}

#[test]
fn what_names_no_currency_stays_of_the_only_one_until_then() {
    let events = [
        in_currency(None, low(NOW - 5, 9.0)),
        low(NOW, 10.0),
        in_currency(None, insufficient(NOW + 5)),
        in_currency(Some("USD"), top_up(NOW + 10)),
    ];
    let eur = Some("EUR".to_owned());
    assert_eq!(
        told(&events, NOW + 10)[..2],
        [
            (Rule::BalanceLow, eur.clone(), Some(3.1)),
            (Rule::BalanceInsufficient, eur, Some(3.1)),
        ]
    );
}

#[test]
fn a_shortage_whose_amount_can_not_be_read_is_told_without_it() {
    let unread = AccountEvent {
        amount: None,
        ..insufficient(NOW)
    };
    let fact = only(&[unread], NOW);
    assert_eq!(fact.rule, Rule::BalanceInsufficient);
    assert_eq!((fact.detail.amount, fact.detail.count), (None, Some(1)));
}
