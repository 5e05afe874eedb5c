//! The partner's balance, in one currency and in several.

use super::*;
use crate::alert::{Detail, Fact, Subject};

fn told(kind: &str, fields: &str) -> String {
    format!(r#"{{"event_category":"partner","event_type":"{kind}"{fields}}}"#)
}

impl Desk {
    async fn balance(&mut self, kind: &str, amount: f64, currency: &str) {
        let now = self.now;
        let fields = format!(r#","timestamp":{now},"balance":{amount},"currency":"{currency}""#);
        self.deliver(&told(kind, &fields)).await;
    }

    /// How often it is told in so many seconds that orders fail.
    async fn failed_orders_told(&mut self, seconds: i64) -> usize {
        let told: Vec<i64> = self
            .after(seconds)
            .await
            .into_iter()
            .flat_map(|notice| notice.alerts)
            .collect();
        let failed = |row: &StoredAlert| row.fact.rule == Rule::BalanceInsufficient;
        let rows = self.rows(&[]).into_iter().filter(failed);
        rows.filter(|row| told.contains(&row.id)).count()
    }

    async fn put_off_failed_orders(&mut self, hours: i64) {
        let mut open = self.rows(&[AlertState::New]).into_iter();
        let failed = open.find(|row| row.fact.rule == Rule::BalanceInsufficient);
        let ids = failed.map(|row| row.id).into_iter().collect();
        let until = self.now + hours * HOUR;
        let step = AlertStep::Snooze { ids, until };
        self.engine.act(step, self.now * 1000).await.unwrap();
    }

    fn open_currencies(&self, rule: Rule) -> Vec<Option<String>> {
        let open = self.rows(&[AlertState::New, AlertState::Acknowledged]);
        let mut currencies: Vec<_> = open
            .into_iter()
            .filter(|row| row.fact.rule == rule)
            .map(|row| row.fact.detail.currency)
            .collect();
        currencies.sort();
        currencies
    }
}

#[tokio::test]
async fn orders_that_fail_in_two_currencies_are_told_of_each() {
    let mut desk = Desk::open().await;
    desk.balance("insufficient_balance", 3.0, "EUR").await;
    assert_eq!(desk.titles(180).await.len(), 1);
    desk.take_up_all().await;
    desk.balance("insufficient_balance", 2.0, "USD").await;
    assert_eq!(desk.titles(180).await.len(), 1, "the other one");
    let both = [Some("EUR".to_owned()), Some("USD".to_owned())];
    assert_eq!(desk.open_currencies(Rule::BalanceInsufficient), both);
    // Once, also after a restart; and money in one ends the one.
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(180).await, [""; 0]);
    desk.balance("top_up", 500.0, "USD").await;
    desk.after(180).await;
    assert_eq!(desk.open_currencies(Rule::BalanceInsufficient), both[..1]);
}

#[tokio::test]
async fn of_two_shortages_without_a_time_that_nothing_tells_apart_the_second_is_a_repetition() {
    let mut desk = Desk::open().await;
    let failed = |fields: &str| told("insufficient_balance", fields);
    let orders = |titles: Vec<String>| {
        let failed = titles.iter().filter(|title| title.contains("order"));
        failed.count()
    };
    let shortage = failed(r#","balance":3.1,"currency":"EUR""#);
    desk.deliver(&shortage).await;
    assert_eq!(orders(desk.titles(180).await), 1);
    desk.take_up_all().await;
    // As a retry that comes late, or a replay, would be.
    for _ in 0..3 {
        desk.after(5 * HOUR).await;
        desk.deliver(&shortage).await;
        assert_eq!(desk.titles(180).await, [""; 0]);
    }
    // Whatever tells them apart makes it another one.
    for fields in [
        r#","balance":3.0,"currency":"EUR""#,
        r#","balance":3.0,"currency":"EUR","event_id":"7""#,
        r#","balance":3.0,"currency":"EUR","order":"4711""#,
    ] {
        desk.deliver(&failed(fields)).await;
        assert_eq!(orders(desk.titles(180).await), 1, "{fields}");
        desk.take_up_all().await;
    }
}

#[tokio::test]
async fn what_a_version_before_told_is_not_told_again_and_the_other_currency_is() {
    let mut desk = Desk::open().await;
    let hour = desk.now.div_euclid(HOUR);
    let fact = Fact {
        subject: Subject::Account,
        rule: Rule::BalanceInsufficient,
        occasion: format!("hour:{hour}"),
        since: desk.now,
        detail: Detail {
            amount: Some(2.0),
            currency: Some("USD".to_owned()),
            count: Some(1),
            ..Detail::default()
        },
    };
    let steps = vec![AlertStep::Raise { fact, owed: false }];
    let now_ms = desk.now * 1000;
    desk.store.writer().alerts(steps, now_ms).await.unwrap();
    desk.balance("insufficient_balance", 3.0, "EUR").await;
    desk.balance("insufficient_balance", 2.0, "USD").await;
    let mut desk = desk.restart_after(60).await;
    let notices = desk.after(180).await;
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].alerts.len(), 1);
    let rows = desk.rows(&[AlertState::New]);
    let told = rows.iter().find(|row| row.id == notices[0].alerts[0]);
    let currency = told.and_then(|row| row.fact.detail.currency.as_deref());
    assert_eq!(currency, Some("EUR"));
}

#[tokio::test]
async fn a_currency_that_is_learnt_late_makes_no_second_matter() {
    let mut desk = Desk::open().await;
    let fields = format!(r#","timestamp":{},"balance":3"#, desk.now);
    desk.deliver(&told("insufficient_balance", &fields)).await;
    assert_eq!(desk.titles(180).await.len(), 1);
    desk.balance("low_balance", 3.0, "EUR").await;
    desk.after(180).await;
    let euros = [Some("EUR".to_owned())];
    assert_eq!(desk.open_currencies(Rule::BalanceInsufficient), euros);
    assert_eq!(desk.rows(&[]).len(), 2);
}

#[tokio::test]
async fn an_order_that_fails_is_told_whatever_is_wrong_with_its_time_or_its_amount() {
    for fields in [
        r#","balance":3.1,"currency":"EUR""#.to_owned(),
        r#","balance":3.1,"currency":"EUR","timestamp":"soon""#.to_owned(),
        r#","balance":3.1,"currency":"EUR","timestamp":4102444800"#.to_owned(),
        format!(r#","balance":"3,10","currency":"EUR","timestamp":{MORNING}"#),
        format!(r#","timestamp":{MORNING}"#),
        String::new(),
    ] {
        let mut desk = Desk::open().await;
        desk.deliver(&told("insufficient_balance", &fields)).await;
        desk.after(180).await;
        let rows = desk.rows(&[AlertState::New]);
        let failed = rows
            .iter()
            .find(|row| row.fact.rule == Rule::BalanceInsufficient);
        let failed = failed.expect(&fields);
        assert_eq!(failed.fact.since, MORNING, "{fields}");
        let readable = fields.contains("3.1");
        assert_eq!(failed.fact.detail.amount.is_some(), readable, "{fields}");
        assert!(failed.shown_at_ms.is_some());
    }
}

#[tokio::test]
async fn an_order_that_fails_without_an_amount_is_told_with_its_currency() {
    let mut desk = Desk::open().await;
    let fields = r#","balance":"3,10","currency":"EUR""#;
    desk.deliver(&told("insufficient_balance", fields)).await;
    let notices = desk.after(180).await;
    let mut bodies = notices.iter().map(|notice| &notice.words.body);
    let named = bodies.any(|body| body.contains("Little is left in EUR"));
    assert!(named, "{notices:?}");
}

#[tokio::test]
async fn an_order_that_fails_after_somebody_took_up_the_others_is_told_and_the_next_are_counted() {
    let mut desk = Desk::open().await;
    let fails_again = async |desk: &mut Desk| {
        desk.after(45 * 60).await;
        desk.balance("insufficient_balance", 3.0, "EUR").await;
        desk.titles(180).await.len()
    };
    assert_eq!(fails_again(&mut desk).await, 1);
    assert_eq!(fails_again(&mut desk).await, 0, "nobody took up the first");
    desk.take_up_all().await;
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(fails_again(&mut desk).await);
    }
    assert_eq!(told, [1, 0, 0]);
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(180).await, [""; 0]);
    let open = desk.rows(&[AlertState::New]);
    let counts: Vec<_> = open.iter().map(|row| row.fact.detail.count).collect();
    assert_eq!(counts, [Some(5)]);
    desk.take_up_all().await;
    assert_eq!(fails_again(&mut desk).await, 1);
}

#[tokio::test]
async fn orders_that_fail_for_days_are_told_once_a_day_although_nobody_took_them_up() {
    let mut desk = Desk::open().await;
    let mut told = Vec::new();
    while desk.now < MORNING + 71 * HOUR {
        desk.balance("insufficient_balance", 3.0, "EUR").await;
        let titles = desk.titles(50 * 60).await;
        told.extend(titles.iter().map(|_| (desk.now - MORNING) / HOUR));
    }
    assert_eq!(told, [0, 25, 49]);
    let open = desk.rows(&[AlertState::New]);
    assert_eq!(open.len(), 1, "{open:?}");
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(180).await, [""; 0]);
}

#[tokio::test]
async fn orders_that_were_put_off_wait_although_money_that_came_between_them_is_told_late() {
    for told_late in [true, false] {
        let mut desk = Desk::open().await;
        desk.balance("insufficient_balance", 3.0, "EUR").await;
        assert_eq!(desk.titles(180).await.len(), 1);
        let money = format!(
            r#","timestamp":{},"balance":13,"threshold":200,"currency":"EUR""#,
            desk.now
        );
        desk.after(180).await;
        let fails = async |desk: &mut Desk| {
            let fields = format!(
                r#","timestamp":{},"balance":12,"threshold":200,"currency":"EUR""#,
                desk.now
            );
            desk.deliver(&told("insufficient_balance", &fields)).await;
            desk.after(180).await;
        };
        if told_late {
            fails(&mut desk).await;
        }
        desk.put_off_failed_orders(4).await;
        desk.after(60).await;
        if !told_late {
            fails(&mut desk).await;
        }
        desk.deliver(&told("top_up", &money)).await;
        // An order of which nobody knew when the others were put off is another customer's.
        let told = desk.failed_orders_told(HOUR).await;
        assert_eq!(told, usize::from(!told_late), "{told_late}");
        let mut desk = desk.restart_after(60).await;
        assert_eq!(desk.failed_orders_told(180).await, 0);
        let told = desk.failed_orders_told(4 * HOUR).await;
        assert_eq!(told, usize::from(told_late), "{told_late}");
    }
}
