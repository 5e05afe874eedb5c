//! The account over a real store.

use esim_watch_core::store::{Delivery, Store};
use esim_watch_payloads::{Esim, Payload};

use super::Account;

/// An order at this second: its number, status, currency, total and commission.
async fn order(store: &Store, at: i64, id: &str, status: &str, currency: &str, paid: (f64, f64)) {
    let (total, commission) = paid;
    let order = Payload::order(id, total, currency, status)
        .at(at)
        .set("commission_amount", commission);
    let delivery = Delivery::of(order.bytes(), 0);
    store.writer().deliver(delivery).await.unwrap();
}

#[tokio::test]
async fn an_order_counts_once_as_it_was_told_of_last_and_not_when_nothing_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    order(&store, 20, "a", "completed", "EUR", (30.0, 3.0)).await;
    // It comes late: what it says is older.
    order(&store, 10, "a", "pending", "EUR", (25.0, 2.5)).await;
    order(&store, 30, "b", "completed", "EUR", (10.5, 1.0)).await;
    order(&store, 31, "c", "pending", "USD", (100.0, 12.0)).await;
    order(&store, 32, "d", "completed", "EUR", (50.0, 5.0)).await;
    order(&store, 33, "d", "refunded", "EUR", (50.0, 5.0)).await;
    order(&store, 34, "e", "failed", "EUR", (70.0, 7.0)).await;
    let account = store.readers().read(Account::read).unwrap();
    let told: Vec<_> = account
        .orders
        .iter()
        .map(|order| {
            (
                order.details.order_id.as_deref().unwrap(),
                order.details.status.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("e", "failed"),
            ("d", "refunded"),
            ("c", "pending"),
            ("b", "completed"),
            ("a", "completed")
        ]
    );
    let totals: Vec<_> = account
        .totals
        .iter()
        .map(|sum| {
            (
                sum.currency.as_deref().unwrap(),
                sum.count,
                sum.total,
                sum.commission,
            )
        })
        .collect();
    assert_eq!(totals, [("EUR", 2, 40.5, 4.0), ("USD", 1, 100.0, 12.0)]);
    assert_eq!((account.void_orders, account.all.orders), (2, 5));
}

#[tokio::test]
async fn totals_are_of_all_orders_although_only_the_last_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    for number in 1..511 {
        order(
            &store,
            number,
            &number.to_string(),
            "completed",
            "EUR",
            (2.0, 0.5),
        )
        .await;
    }
    let account = store.readers().read(Account::read).unwrap();
    assert_eq!((account.orders.len(), account.all.orders), (500, 510));
    assert_eq!(
        (account.totals[0].count, account.totals[0].total),
        (510, 1020.0)
    );
    assert_eq!(account.orders[0].details.order_id.as_deref(), Some("510"));
}

#[tokio::test]
async fn of_one_second_the_last_state_counts_whatever_came_first_and_however_it_is_written() {
    let states = ["Pending", "completed", "Refunded"];
    for turn in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), |_| {}).unwrap();
        for step in 0..3 {
            let status = states[(turn + step) % 3];
            order(&store, 20, "a", status, "eur", (30.0, 3.0)).await;
        }
        order(&store, 21, "b", "COMPLETED", "EUR", (10.0, 1.0)).await;
        order(&store, 22, "c", "completed", "eur", (5.0, 1.0)).await;
        let account = store.readers().read(Account::read).unwrap();
        let last = account.orders.last().unwrap();
        assert_eq!(last.details.status.as_deref(), Some("refunded"), "{turn}");
        assert_eq!(account.void_orders, 1);
        assert_eq!((account.totals.len(), account.totals[0].total), (1, 15.0));
    }
}

async fn balance(store: &Store, at: i64, kind: &str, amount: f64) {
    balance_in(store, at, kind, amount, Some("EUR")).await;
}

async fn balance_in(store: &Store, at: i64, kind: &str, amount: f64, currency: Option<&str>) {
    let told = Payload::new("partner", kind).at(at).set("balance", amount);
    let told = match currency {
        Some(currency) => told.set("currency", currency),
        None => told,
    };
    let delivery = Delivery::of(told.bytes(), 0);
    store.writer().deliver(delivery).await.unwrap();
}

#[tokio::test]
async fn orders_that_failed_are_counted_since_money_last_came() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    for at in [10, 11, 12] {
        balance(&store, at, "insufficient_balance", 1.0).await;
    }
    balance(&store, 20, "top_up", 500.0).await;
    let account = store.readers().read(Account::read).unwrap();
    assert_eq!(account.failed_orders, 0);
    // Of one second: money comes last, in whatever order they arrive.
    balance(&store, 20, "low_balance", 50.0).await;
    balance(&store, 30, "insufficient_balance", 1.5).await;
    let account = store.readers().read(Account::read).unwrap();
    assert_eq!(account.failed_orders, 1);
    let told: Vec<_> = account.balances.iter().map(|point| &*point.kind).collect();
    assert_eq!(told[..3], ["insufficient_balance", "top_up", "low_balance"]);
}

/// Currency, balance, when, and how much a day.
type Left<'a> = (Option<&'a str>, f64, i64, Option<f64>);

/// What is left by currency.
fn left(account: &Account) -> Vec<Left<'_>> {
    let mut all = Vec::new();
    for funds in &account.funds {
        let per_day = funds.pace.map(|pace| pace.per_day);
        all.push((funds.currency.as_deref(), funds.balance, funds.at, per_day));
    }
    all
}

#[tokio::test]
async fn each_currency_has_a_figure_of_its_own_in_an_order_that_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let day = 86_400;
    let begin = 1_764_583_200;
    balance_in(&store, begin, "top_up", 300.0, Some("USD")).await;
    balance_in(&store, begin, "top_up", 90.0, Some("eur")).await;
    balance_in(&store, begin + 2 * day, "low_balance", 200.0, Some("USD")).await;
    let dollars = (Some("USD"), 200.0, begin + 2 * day, Some(50.0));
    let account = store.readers().read(Account::read).unwrap();
    assert_eq!(left(&account), [(Some("EUR"), 90.0, begin, None), dollars]);
    // Whichever was told of last.
    balance_in(&store, begin + 4 * day, "low_balance", 80.0, Some("EUR")).await;
    let account = store.readers().read(Account::read).unwrap();
    let euros = (Some("EUR"), 80.0, begin + 4 * day, Some(2.5));
    assert_eq!(left(&account), [euros, dollars]);
}

#[tokio::test]
async fn what_names_no_currency_is_of_the_only_one_and_else_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let at = 1_764_583_200;
    balance_in(&store, at, "top_up", 90.0, Some("EUR")).await;
    balance_in(&store, at + 1, "low_balance", 80.0, None).await;
    let account = store.readers().read(Account::read).unwrap();
    assert_eq!(left(&account), [(Some("EUR"), 80.0, at + 1, None)]);
    assert_eq!(account.balances[0].currency.as_deref(), Some("EUR"));
    balance_in(&store, at + 2, "low_balance", 70.0, Some("USD")).await;
    balance_in(&store, at + 3, "low_balance", 60.0, None).await;
    let account = store.readers().read(Account::read).unwrap();
    let of = |currency| {
        left(&account)
            .into_iter()
            .find(|told| told.0 == currency)
            .unwrap()
            .1
    };
    assert_eq!(
        (of(Some("EUR")), of(Some("USD")), of(None)),
        (80.0, 70.0, 60.0)
    );
    assert_eq!(left(&account).last().unwrap().0, None);
}

#[tokio::test]
async fn a_refund_that_names_an_id_alone_is_called_what_the_desk_calls_its_esim() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let esim = Esim::numbered(1);
    let deliver = async |payload: Payload| {
        let delivery = Delivery::of(payload.bytes(), 0);
        store.writer().deliver(delivery).await.unwrap();
    };
    deliver(esim.status("NEW").at(10)).await;
    let refund = Payload::refund("refunded", "r-1", &esim).at(20);
    deliver(refund.without("iccid").without("reference_id")).await;
    let account = store.readers().read(Account::read).unwrap();
    let told = &account.refunds[0];
    assert_eq!(told.iccid, Some(esim.iccid));
    assert_eq!(told.reference_id, Some(esim.reference));
}
