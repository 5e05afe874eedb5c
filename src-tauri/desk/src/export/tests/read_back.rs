//! The program reads its own files of travellers and eSIMs as booking lists, in each language and zone.

use esim_watch_core::booking::{self, Booking, Calendar, Reading, Table};
use esim_watch_core::catalogue::{Clock, Language};
use jiff::civil::date;

use super::*;

const ICCID: &str = "8944500102198304005";

/// What the window calls the columns of both lists.
const HEADINGS: &[(&str, &str)] = &[
    ("name", "traveller.name"),
    ("traveller", "list.column.traveller"),
    ("contact", "traveller.contact"),
    ("tripStart", "traveller.tripStart"),
    ("tripEnd", "traveller.tripEnd"),
    ("reference", "list.column.reference"),
    ("iccid", "list.column.iccid"),
    ("iccids", "list.column.iccid"),
    ("esimId", "list.column.esimId"),
    ("status", "list.column.status"),
    ("since", "export.since"),
    ("start", "list.column.start"),
    ("end", "list.column.end"),
    ("firstActivated", "list.column.firstActivated"),
    ("package", "list.column.package"),
    ("allowed", "export.allowed"),
    ("left", "export.left"),
    ("lastEvent", "list.column.lastEvent"),
    ("events", "list.column.events"),
    ("tags", "traveller.tags"),
    ("note", "traveller.note"),
];

fn marta() -> Traveller {
    Traveller {
        name: "Marta Ruiz".to_owned(),
        contact: "+39 06 1234, m@example.org".to_owned(),
        trip_start: Some("2026-12-03".to_owned()),
        trip_end: Some("2026-12-24".to_owned()),
        note: "speaks only Italian; window seat".to_owned(),
        tags: vec!["VIP".to_owned(), "late".to_owned()],
    }
}

/// An eSIM of which everything is known that a file has a column for.
async fn with_martas_esim(
    folder: &std::path::Path,
    reference: &str,
    traveller: Traveller,
) -> Store {
    let store = Store::open(folder, |_| {}).unwrap();
    let at = 1_796_300_000;
    let (start, end) = (at - 3_600, at + 9 * 86_400);
    for (kind, at) in [("status", at), ("usage", at + 60)] {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"{kind}","status":"ACTIVATED","timestamp":{at},
                "esim_id":"e-1","iccid":"{ICCID}","reference_id":"{reference}","start":{start},"end":{end},
                "usage_data":{{"package":"Europe","allowed_data":3072,"remaining_data":20.5}}}}"#
        );
        let delivery = Delivery::of(body, (at + 120) * 1000);
        store.writer().deliver(delivery).await.unwrap();
    }
    let owner = Owner::Order(reference.to_owned());
    store
        .writer()
        .set_travellers(vec![(owner, Some(traveller))], 0)
        .await
        .unwrap();
    store
}

/// Writes the list as the program does, and reads the file as it reads booking lists.
fn read_back(store: &Store, list: &str, language: Language, zone: &TimeZone) -> Vec<Vec<Booking>> {
    let locale = Locale {
        zone: zone.clone(),
        language,
        clock: Clock::default(),
    };
    let utc = file::moves(zone);
    let catalogue = Catalogue::of(language);
    let named = HEADINGS
        .iter()
        .map(|(id, key)| ((*id).to_owned(), catalogue.plain(key)))
        .collect();
    let formats = [SheetFormat::Csv, SheetFormat::Xlsx].into_iter();
    let read = |format: SheetFormat| {
        let folder = tempfile::tempdir().unwrap();
        let write = |store: &Reader<'_>| {
            let mut table = match list {
                "esims" => ExportTable::esims(store, vec![1], utc)?,
                _ => {
                    let rows = rows::travellers(store, String::new(), &locale)?;
                    ExportTable::of(columns::TRAVELLERS, rows, utc)
                }
            };
            for column in &table.columns {
                assert!(named_here(column.id), "{} has no heading here", column.id);
            }
            let headings = headings(&table.columns, &named, zone, utc);
            let sheet = Sheet {
                folder: folder.path(),
                name: list,
                format,
                separator: None,
                locale: &locale,
                headings: &headings,
            };
            let watch = SheetWatch {
                progress: &mut |_| {},
                cancelled: &AtomicBool::new(false),
            };
            Ok::<_, SqliteError>(
                file::write(&sheet, table.count, &mut table.row_of, watch).unwrap(),
            )
        };
        let path = store.readers().read(write).unwrap();
        let bytes = std::fs::read(path).unwrap();
        let table = Table::read(&bytes, &Reading::default()).unwrap();
        let marks = store.readers().read(|store| store.marks(&table)).unwrap();
        let calendar = Calendar {
            today: date(2026, 12, 4),
            zone: TimeZone::UTC,
        };
        booking::read_knowing(&table, &Reading::default(), &calendar, &marks).lines
    };
    formats.map(read).collect()
}

fn named_here(id: &str) -> bool {
    HEADINGS.iter().any(|(named, _)| *named == id)
}

#[tokio::test]
async fn a_file_of_either_list_is_read_back_without_loss_in_each_language() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_martas_esim(folder.path(), "TRIP-1", marta()).await;
    let zones = ["Europe/Berlin", "UTC", "America/Sao_Paulo"];
    for list in ["travellers", "esims"] {
        for zone in zones.map(|zone| TimeZone::get(zone).unwrap()) {
            for language in LANGUAGES {
                for lines in read_back(&store, list, language, &zone) {
                    let place = format!("{list} {language:?} {zone:?}: {lines:?}");
                    assert_eq!(lines.len(), 1, "{place}");
                    let line = &lines[0];
                    assert_eq!(line.traveller, Ok(marta()), "{place}");
                    assert_eq!(line.reference.as_deref(), Some("TRIP-1"), "{place}");
                    assert_eq!(line.iccids, [ICCID], "{place}");
                    assert!(line.doubts.is_empty(), "{place}");
                    let known = (list == "esims").then_some("e-1");
                    assert_eq!(line.esim_id.as_deref(), known, "{place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_a_spreadsheet_would_have_changed_is_read_back_as_it_was() {
    let zone = TimeZone::get("Europe/Rome").unwrap();
    let texts = [
        ("0012", "0612345678"),
        ("4500123", "+390612345678"),
        ("MAI-12", "5%"),
        ("3 Dez", "WAHR"),
        ("MAR-1", "3:30 p. m."),
        ("SEPT2", "R$ 5"),
        ("1/2", "(5)"),
        ("12-3", "true"),
    ];
    for ((reference, contact), language) in texts.into_iter().zip(LANGUAGES.into_iter().cycle()) {
        let folder = tempfile::tempdir().unwrap();
        let called = Traveller {
            contact: contact.to_owned(),
            ..marta()
        };
        let store = with_martas_esim(folder.path(), reference, called.clone()).await;
        for list in ["travellers", "esims"] {
            for lines in read_back(&store, list, language, &zone) {
                let line = &lines[0];
                assert_eq!(line.traveller, Ok(called.clone()), "{list} {language:?}");
                assert_eq!(line.reference.as_deref(), Some(reference));
                assert_eq!(line.iccids, [ICCID]);
            }
        }
    }
}
