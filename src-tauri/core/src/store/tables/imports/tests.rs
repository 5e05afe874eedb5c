//! Lists over a real store: whose each line is, and the way back.

mod again;
mod changing;
mod orders;
mod people;
mod several;
mod trips;
mod undoing;

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::*;
use crate::booking::{LineOwner, Reading, Table};
use crate::store::{Delivery, Store};

const NOW: i64 = 1_764_000_000_000;

/// The day of [`NOW`].
const TODAY: Date = date(2025, 11, 24);

async fn store(esims: &[(&str, &str, &str)]) -> (tempfile::TempDir, Arc<Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    for (at, (id, iccid, reference)) in esims.iter().enumerate() {
        tell(&store, id, iccid, reference, at).await;
    }
    (dir, Arc::new(store))
}

async fn tell(store: &Store, id: &str, iccid: &str, reference: &str, at: usize) {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"{id}","iccid":"{iccid}","reference_id":"{reference}","status":"NEW","timestamp":{}}}"#,
        100 + at
    );
    let delivery = Delivery::of(body, NOW);
    store.writer().deliver(delivery).await.unwrap();
}

fn proposed(store: &Store, list: &str) -> Vec<Proposal> {
    proposed_together(store, list, false)
}

/// With the travellers of an order noted together, or not.
fn proposed_together(store: &Store, list: &str, together: bool) -> Vec<Proposal> {
    let rules = Rules {
        today: TODAY,
        together,
        several: None,
    };
    proposed_by(store, list, rules)
}

fn proposed_by(store: &Store, list: &str, rules: Rules) -> Vec<Proposal> {
    let table = Table::read(list.as_bytes(), &Reading::default()).unwrap();
    let bookings = booking::read(&table, &Reading::default(), TODAY);
    let read = store
        .readers()
        .read(|reader| reader.propose(&bookings.lines, rules));
    read.unwrap()
}

fn owners(proposals: &[Proposal]) -> Vec<String> {
    let owner = |one: &Proposal| match &one.row.owner {
        LineOwner::Esim { key, .. } => key.clone(),
        LineOwner::Esims { count } => format!("{count} esims"),
        LineOwner::Ended => "ended".to_owned(),
        LineOwner::Past => "past".to_owned(),
        LineOwner::Order { esims } => format!("order of {esims}"),
        LineOwner::Several { count } => format!("one of {count}"),
        LineOwner::Repeated { line } => format!("as in {line}"),
        LineOwner::Crowded { esims, travellers } => format!("{travellers} for {esims}"),
        LineOwner::Unknown => "unknown".to_owned(),
        LineOwner::Wrong { .. } => "wrong".to_owned(),
    };
    proposals.iter().map(owner).collect()
}

async fn take(store: &Store, list: &str) -> i64 {
    let changes = proposed(store, list)
        .into_iter()
        .flat_map(|one| one.set)
        .collect();
    let writer = store.writer();
    writer
        .import_travellers("list.csv".to_owned(), changes, NOW)
        .await
        .unwrap();
    store.readers().read(|reader| reader.imports()).unwrap()[0].id
}

fn name(store: &Store, key: &str) -> Option<String> {
    let read = store.readers().read(|reader| {
        let row = reader.esim_row(key)?.unwrap_or_default();
        reader.traveller_name(row)
    });
    read.unwrap()
}

const ESIMS: &[(&str, &str, &str)] = &[
    ("a", "89445012345678301111", "TRIP-1"),
    ("b", "89445012345678302222", "TRIP-2"),
    ("c", "89445012345679302222", "TRIP-2"),
    ("d", "8944501234567930333", "TRIP-3"),
];

#[tokio::test]
async fn a_line_is_found_by_its_number_its_last_digits_or_its_order() {
    let (_dir, store) = store(ESIMS).await;
    let found = owners(&proposed(
        &store,
        "Name,ICCID,Reference\n\
         Nameless,,\n\
         Whole,8944 5012 3456 7830 1111,\n\
         Last six,…302222,\n\
         Last eight,78302222,\n\
         Check digit,89445012345679303334,\n\
         Several,302222,TRIP-2\n\
         Once,,trip-1\n\
         Nobody,99999999,\n\
         Nobody,89445012345678301112,TRIP-9\n\
         Early,,TRIP-9\n",
    ));
    assert_eq!(
        found,
        [
            "wrong",
            "a",
            "one of 2",
            "b",
            "d",
            "order of 2",
            "as in 3",
            "unknown",
            "unknown",
            "order of 0"
        ]
    );
}

#[tokio::test]
async fn what_was_taken_over_is_taken_back_but_not_over_what_somebody_wrote_since() {
    let (_dir, store) = store(ESIMS).await;
    take(
        &store,
        "Name,Reference,Note\nAnna,TRIP-1,Vegan\nBen,TRIP-3,\n",
    )
    .await;
    let id = take(
        &store,
        "Name,Reference,Note\nAnna Bauer,TRIP-1,Window\nEva,TRIP-2,\nBen,TRIP-3,\n",
    )
    .await;
    assert_eq!(name(&store, "a").as_deref(), Some("Anna Bauer"));
    assert_eq!(name(&store, "b").as_deref(), Some("Eva"));
    assert_eq!(name(&store, "c").as_deref(), Some("Eva"));
    let noted = store.readers().read(|reader| {
        let row = reader.esim_row("a")?.unwrap_or_default();
        Ok(reader.traveller(row)?.of_order.unwrap_or_default().note)
    });
    assert_eq!(noted.unwrap(), "Vegan\nWindow");
    let imports = store.readers().read(|reader| reader.imports()).unwrap();
    assert_eq!(
        imports[0].travellers, 2,
        "who is the same already is not set"
    );
    // Somebody corrects one of them.
    let changed = Traveller {
        name: "Eva Novak".to_owned(),
        ..Traveller::default()
    };
    let order = Owner::Order("TRIP-2".to_owned());
    let writer = store.writer();
    writer
        .set_travellers(vec![(order, Some(changed))], NOW)
        .await
        .unwrap();
    let undone = writer.undo_import(id, NOW).await.unwrap().unwrap();
    assert_eq!((undone.restored, undone.kept), (1, 1));
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
    assert_eq!(name(&store, "b").as_deref(), Some("Eva Novak"));
    assert_eq!(writer.undo_import(id, NOW).await.unwrap(), None, "once");
}

#[tokio::test]
async fn a_traveller_waits_for_the_esim_of_its_order() {
    let (_dir, store) = store(&[]).await;
    take(&store, "Name,Reference\nAnna,TRIP-1\n").await;
    tell(&store, "a", "89445012345678301111", "TRIP-1", 0).await;
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn a_traveller_outlives_two_esims_that_become_one() {
    let (_dir, store) = store(&[]).await;
    let half = |body: String| Delivery::of(body, NOW);
    let status = |names: &str, at: i64| {
        half(format!(
            r#"{{"event_category":"esim","event_type":"status",{names},"status":"NEW","timestamp":{at}}}"#
        ))
    };
    let writer = store.writer();
    let only_iccid = status(r#""iccid":"89445012345678301111""#, 10);
    writer.deliver(only_iccid).await.unwrap();
    take(&store, "Name,ICCID\nAnna,89445012345678301111\n").await;
    let both = status(r#""esim_id":"a","iccid":"89445012345678301111""#, 11);
    writer.deliver(both).await.unwrap();
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
    let rows: i64 = store
        .readers()
        .read(|reader| {
            reader
                .db
                .query_row("SELECT count(*) FROM esims", [], |row| row.get(0))
        })
        .unwrap();
    assert_eq!(rows, 1);
}
