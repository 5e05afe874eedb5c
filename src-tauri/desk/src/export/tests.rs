//! Tests: what stands in the columns of lists.

mod read_back;

use esim_watch_core::alert::{self, Detail, Fact, Subject};
use esim_watch_core::catalogue::{Catalogue, LANGUAGES};
use esim_watch_core::event::{ProviderId, Status};
use esim_watch_core::store::{AlertStep, CatchUpRun, Delivery, Store, VanishedEsim};
use esim_watch_core::traveller::{Owner, Traveller};

use super::records::{RecordFormat, Records};
use super::*;
use crate::alerts::{Rule, Severity};
use crate::deliveries::Verdict;
use crate::esim::EsimDetail;

/// A store with so many eSIMs of the order R, which this traveller has.
async fn with_an_order(folder: &std::path::Path, esims: u64, name: &str) -> Store {
    let store = Store::open(folder, |_| {}).unwrap();
    for number in 0..esims {
        let iccid = 8_944_500_102_198_304_000 + number;
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","status":"EXPIRED","timestamp":1763999990,
                "esim_id":"e{number}","iccid":"{iccid}","reference_id":"R"}}"#
        );
        store
            .writer()
            .deliver(Delivery::of(body, 1_764_000_000_000))
            .await
            .unwrap();
    }
    let traveller = Traveller {
        name: name.to_owned(),
        contact: "+39 06 1234".to_owned(),
        note: "speaks only Italian".to_owned(),
        trip_start: Some("2025-11-20".to_owned()),
        ..Traveller::default()
    };
    let owner = Owner::Order("R".to_owned());
    store
        .writer()
        .set_travellers(vec![(owner, Some(traveller))], 0)
        .await
        .unwrap();
    store
}

fn english() -> Locale {
    TimeZone::UTC.into()
}

/// The cells of the first row, by the ids of their columns.
fn by_id<Row: 'static>(columns: &[ExportColumn<Row>], row: &Row) -> HashMap<&'static str, Cell> {
    let heads = columns::heads(columns).into_iter().map(|head| head.id);
    heads.zip(columns::cells(columns, row, false)).collect()
}

/// A person copies a reference to find it at its provider.
#[tokio::test]
async fn references_leave_the_program_as_their_sender_wrote_them() {
    const WRITTEN: [&str; 4] = ["AG–1007", "AG-1007", "AG  1007", "ＡＧ\u{a0}ﬁ"];
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    for (number, reference) in WRITTEN.iter().enumerate() {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","status":"NEW","timestamp":1763999990,
                "esim_id":"e{number}","reference_id":" {reference} "}}"#
        );
        let delivery = Delivery::of(body, 1_764_000_000_000);
        store.writer().deliver(delivery).await.unwrap();
    }
    for what in [Records::Esims, Records::Events] {
        let mut out = Vec::new();
        records::write(store.readers(), what, RecordFormat::Json, &mut out).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
        let found = rows.iter().map(|row| row["referenceId"].as_str());
        assert!(found.eq(WRITTEN.map(Some)), "{rows:?}");
    }
    let keys: Vec<String> = (0..4).map(|number| format!("e{number}")).collect();
    let rows = store
        .readers()
        .read(|store| EsimRow::read_keys(store, &keys));
    let rows = rows.unwrap();
    let shown = rows.iter().map(|row| row.reference_id.as_deref());
    assert!(shown.eq(WRITTEN.map(Some)), "{rows:?}");
    let orders: Vec<Option<&str>> = rows.iter().map(|row| row.order.as_deref()).collect();
    assert_eq!(orders, ["AG-1007", "AG-1007", "AG 1007", "AG fi"].map(Some));
    for (number, reference) in (0..).zip(WRITTEN) {
        let detail = store.readers().read(|store| {
            let row = store.esim_row(&format!("e{number}"))?.unwrap_or_default();
            EsimDetail::read(store, row, 1_764_000_000)
        });
        let detail = detail.unwrap().unwrap();
        let told = detail
            .events
            .iter()
            .map(|event| event.reference_id.as_deref());
        assert!(told.eq([Some(reference)]), "{detail:?}");
        let others = if number < 2 { 1 } else { 0 };
        assert_eq!(detail.same_order.len(), others, "{reference}");
    }
}

#[tokio::test]
async fn every_number_of_an_order_stands_beside_its_traveller() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_an_order(folder.path(), 40, "Marta").await;
    let read = |store: &Reader<'_>| rows::travellers(store, "marta".to_owned(), &english());
    let rows = store.readers().read(read).unwrap();
    let cells = by_id(columns::TRAVELLERS, &rows[0]);
    let Cell::Text(iccids) = &cells["iccids"] else {
        panic!("{cells:?}");
    };
    assert_eq!(iccids.split(", ").count(), 40);
    assert!(iccids.ends_with("8944500102198304039"), "{iccids}");
    assert_eq!(cells["tripStart"], Cell::day(Some("2025-11-20")));
    assert!(matches!(cells["tripStart"], Cell::Day(_)));
}

#[tokio::test]
async fn an_alert_has_its_severity_its_kind_and_whole_names() {
    let folder = tempfile::tempdir().unwrap();
    let name = "Wolfgang Amadeus ".repeat(8) + "Müller-Lüdenscheidt";
    let store = with_an_order(folder.path(), 1, &name).await;
    let fact = Fact {
        subject: Subject::Esim(1),
        rule: alert::Rule::Revoked,
        occasion: "once".to_owned(),
        since: 10,
        detail: Detail::default(),
    };
    let raise = AlertStep::Raise { fact, owed: true };
    store.writer().alerts(vec![raise], 0).await.unwrap();
    let query = AlertQuery {
        search: String::new(),
        states: Vec::new(),
        rules: Vec::new(),
        esim: None,
        offset: 0,
        limit: 0,
    };
    let read = |store: &Reader<'_>| rows::alerts(store, &query, 20, &english());
    let rows = store.readers().read(read).unwrap();
    let cells = by_id(columns::ALERTS, &rows[0]);
    assert_eq!(
        cells["severity"],
        Cell::Word("severity.critical".to_owned())
    );
    assert_eq!(cells["kind"], Cell::Word("rule.revoked.name".to_owned()));
    assert_eq!(cells["traveller"], Cell::Text(name.clone()));
    let Cell::Text(title) = &cells["what"] else {
        panic!("{cells:?}");
    };
    assert!(title.contains(&name), "{title}");
}

#[tokio::test]
async fn an_esim_has_all_that_is_known_of_its_traveller_and_its_status_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_an_order(folder.path(), 1, "Marta").await;
    let rows = store
        .readers()
        .read(|store| EsimRow::read(store, &[1]))
        .unwrap();
    let heads = columns::heads(EsimColumn::exported());
    let cells = columns::cells(EsimColumn::exported(), &rows[0], false);
    let cells: HashMap<_, _> = heads.into_iter().map(|head| head.id).zip(cells).collect();
    assert_eq!(cells["contact"], Cell::Text("+39 06 1234".to_owned()));
    assert_eq!(cells["note"], Cell::Text("speaks only Italian".to_owned()));
    assert_eq!(
        cells["status"],
        Cell::Word("status.EXPIRED.word".to_owned())
    );
}

#[tokio::test]
async fn an_esim_that_its_provider_no_longer_has_is_gone_in_lists_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    for name in ["gone-1", "stays-1"] {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{name}","status":"ACTIVATED","timestamp":1796000000}}"#
        );
        let delivery = Delivery::of(body, 1_796_000_001_000);
        store.writer().deliver(delivery).await.unwrap();
    }
    let run = CatchUpRun {
        vanished: vec![VanishedEsim {
            provider: ProviderId::FIRST.number(),
            esim_id: "gone-1".to_owned(),
            found_at_ms: 1_796_100_000_000,
        }],
        ..CatchUpRun::default()
    };
    store.writer().note_catch_up(run).await.unwrap();
    let rows = store.readers().read(|store| EsimRow::read(store, &[1, 2]));
    let status = |row: &EsimRow| {
        let heads = columns::heads(EsimColumn::exported());
        let cells = columns::cells(EsimColumn::exported(), row, false);
        let mut cells = heads.into_iter().zip(cells);
        let status = cells.find(|(head, _)| head.id == "status");
        (row.gone, status.map(|(_, cell)| cell))
    };
    let told: Vec<_> = rows.unwrap().iter().map(status).collect();
    let word = |word: &str| Some(Cell::Word(word.to_owned()));
    assert_eq!(
        told,
        [
            (true, word("status.gone.word")),
            (false, word("status.ACTIVATED.word"))
        ]
    );
}

#[tokio::test]
async fn orders_and_refunds_are_in_words_and_each_text_is_on_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let orders = ["Completed", "failed", "on hold"].into_iter().zip(0..);
    let orders = orders.map(|(status, at)| {
        format!(
            r#"{{"event_category":"affiliate","event_type":"order","timestamp":{},"partner_name":"Sol\ny Mar",
                "order_data":{{"order_id":"o-{at}","order_status":"{status}"}}}}"#,
            1_796_000_000 - at
        )
    });
    let refunds = [
        ("refunded", "refunded"),
        ("rejected", ""),
        ("refunded", "REJECTED"),
    ];
    let refunds = refunds.into_iter().zip(0..).map(|((kind, status), at)| {
        format!(
            r#"{{"event_category":"refund","event_type":"{kind}","timestamp":{},"refund_id":"r-{at}","status":"{status}",
                "rejection_reason":"Already\r\nactivated\tby\u2028Ida"}}"#,
            1_796_000_000 - at
        )
    });
    for body in orders.chain(refunds) {
        let delivery = Delivery::of(body, 1_796_000_001_000);
        store.writer().deliver(delivery).await.unwrap();
    }
    let account = store.readers().read(rows::account).unwrap();
    let orders: Vec<_> = account
        .orders
        .iter()
        .map(|row| by_id(columns::ORDERS, row))
        .collect();
    let states: Vec<_> = orders.iter().map(|row| row["status"].clone()).collect();
    let word = |word: &str| Cell::Word(format!("account.{word}"));
    assert_eq!(
        states,
        [
            word("status.completed"),
            word("status.failed"),
            Cell::Text("on hold".to_owned())
        ]
    );
    assert_eq!(orders[0]["partner"], Cell::Text("Sol y Mar".to_owned()));
    let refunds: Vec<_> = account
        .refunds
        .iter()
        .map(|row| by_id(columns::REFUNDS, row))
        .collect();
    let decided: Vec<_> = refunds.iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(
        decided,
        [word("refunded"), word("rejected"), word("rejected")]
    );
    let reason = Cell::Text("Already activated by Ida".to_owned());
    assert!(
        refunds.iter().all(|row| row["reason"] == reason),
        "{refunds:?}"
    );
}

#[test]
fn every_word_is_in_every_catalogue() {
    let mut words = ["data.unlimited", "status.gone.word"]
        .map(|key| Cell::Word(key.to_owned()))
        .to_vec();
    words.extend(
        Status::KNOWN
            .iter()
            .map(|status| Cell::status(status.as_str())),
    );
    let severities = [Severity::Info, Severity::Warning, Severity::Critical];
    words.extend(severities.map(|severity| Cell::word("severity", &severity, "")));
    let rules = alert::Rule::ALL.iter().map(|rule| Rule::from(*rule));
    words.extend(rules.map(|rule| Cell::word("rule", &rule, ".name")));
    let states = crate::account::ORDER_STATES.iter();
    words.extend(states.map(|state| columns::order_state(state.status)));
    words.extend(["refunded", "rejected"].map(|word| Cell::Word(format!("account.{word}"))));
    let verdicts = [
        Verdict::Accepted,
        Verdict::Unrecognized,
        Verdict::Duplicate,
        Verdict::Malformed,
    ];
    words.extend(verdicts.map(|verdict| Cell::word("verdict", &verdict, "")));
    for word in words {
        let Cell::Word(key) = word else {
            panic!("{word:?} is no word");
        };
        for language in LANGUAGES {
            assert_ne!(Catalogue::of(language).plain(&key), key, "{language:?}");
        }
    }
    assert_eq!(
        Cell::status("SOMETHING"),
        Cell::Text("SOMETHING".to_owned())
    );
}

#[test]
fn moments_say_in_which_zone_they_are_and_stand_in_utc_where_one_comes_twice() {
    let heads = columns::heads(columns::TIMELINE);
    let named = BTreeMap::from([
        ("happened".to_owned(), "Happened".to_owned()),
        ("arrived".to_owned(), "Arrived".to_owned()),
    ]);
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let told = headings(&heads, &named, &berlin, true);
    assert_eq!(
        told[..2],
        ["Happened (Europe/Berlin)", "Arrived (Europe/Berlin)"]
    );
    assert_eq!(told[told.len() - 2..], ["Happened (UTC)", "Arrived (UTC)"]);
    let told = headings(&heads, &named, &TimeZone::UTC, false);
    assert_eq!(
        (told.len(), told[0].as_str()),
        (heads.len(), "Happened (UTC)")
    );
}
