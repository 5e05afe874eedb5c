//! The program reads its own exports of travellers and eSIMs, in each language.

use std::collections::HashMap;

use super::*;

const CATALOGUES: [(&str, &str); 6] = [
    ("de", include_str!("../../../../../ui/src/locales/de.json")),
    ("en", include_str!("../../../../../ui/src/locales/en.json")),
    ("es", include_str!("../../../../../ui/src/locales/es.json")),
    ("fr", include_str!("../../../../../ui/src/locales/fr.json")),
    ("it", include_str!("../../../../../ui/src/locales/it.json")),
    ("pt", include_str!("../../../../../ui/src/locales/pt.json")),
];

/// A list with the headings of these keys, in each language.
fn in_each_language(keys: &[&str], lines: &str, mut each: impl FnMut(&str, Bookings)) {
    for (language, catalogue) in CATALOGUES {
        let texts: HashMap<String, String> = serde_json::from_str(catalogue).unwrap();
        let headings: Vec<&str> = keys.iter().map(|key| texts[*key].as_str()).collect();
        let list = format!("\u{feff}{}\r\n{lines}", headings.join(";"));
        each(language, understood(&list));
    }
}

#[test]
fn an_export_of_travellers_is_read_back_without_loss() {
    let keys = [
        "traveller.name",
        "traveller.contact",
        "traveller.tripStart",
        "traveller.tripEnd",
        "list.column.reference",
        "list.column.iccid",
        "traveller.tags",
        "traveller.note",
    ];
    let lines = "Marta Ruiz;\"'+34 600 1, m@example.org\";2026-12-03;2026-12-24;T-1;89445012345678901234;VIP, late;\"Vegan\nWindow\"\r\n\
         't Hooft;;;;T-2;\"89445012345678901235, 89445012345678901236\";;\r\n";
    in_each_language(&keys, lines, |language, list| {
        let marta = &list.lines[0];
        assert_eq!(
            marta.traveller,
            Ok(Traveller {
                name: "Marta Ruiz".to_owned(),
                contact: "+34 600 1, m@example.org".to_owned(),
                trip_start: Some("2026-12-03".to_owned()),
                trip_end: Some("2026-12-24".to_owned()),
                note: "Vegan\nWindow".to_owned(),
                tags: vec!["VIP".to_owned(), "late".to_owned()],
            }),
            "{language}: {:?}",
            list.reading.columns
        );
        assert_eq!(marta.reference.as_deref(), Some("T-1"), "{language}");
        assert_eq!(marta.iccids, ["89445012345678901234"], "{language}");
        assert_eq!(list.lines[1].iccids.len(), 2, "{language}");
        assert_eq!(names(&list)[1], "'t Hooft", "{language}");
    });
}

#[test]
fn an_export_of_esims_is_read_back_without_loss() {
    let keys = [
        "list.column.traveller",
        "list.column.reference",
        "list.column.iccid",
        "list.column.esimId",
        "list.column.status",
        "export.since",
        "list.column.start",
        "list.column.end",
        "list.column.firstActivated",
        "list.column.package",
        "export.allowed",
        "export.left",
        "list.column.lastEvent",
        "list.column.events",
        "traveller.tripStart",
        "traveller.tripEnd",
        "list.column.tags",
    ];
    let time = "2026-11-01 10:00:00 +01:00";
    let lines = format!(
        "Marta Ruiz;T-1;89445012345678901234;abc-1;ACTIVATED;{time};{time};{time};{time};Europe;3072;20;{time};4;2026-12-03;2026-12-24;VIP\r\n\
         Jan;;;abc-2;NEW;{time};{time};{time};;Europe;3072;20;{time};4;;;\r\n"
    );
    in_each_language(&keys, &lines, |language, list| {
        let marta = list.lines[0].traveller.clone().unwrap();
        assert_eq!(marta.name, "Marta Ruiz", "{language}");
        assert_eq!(
            marta.trip_start.as_deref(),
            Some("2026-12-03"),
            "{language}"
        );
        assert_eq!(marta.trip_end.as_deref(), Some("2026-12-24"), "{language}");
        assert_eq!(marta.tags, ["VIP"], "{language}");
        assert_eq!(
            (marta.note.as_str(), marta.contact.as_str()),
            ("", ""),
            "{language}"
        );
        assert_eq!(
            list.lines[0].reference.as_deref(),
            Some("T-1"),
            "{language}"
        );
        assert_eq!(list.lines[0].iccids, ["89445012345678901234"], "{language}");
        let jan = list.lines[1].traveller.clone().unwrap();
        assert_eq!((jan.trip_start, jan.trip_end), (None, None), "{language}");
        assert_eq!(
            list.lines[1].esim_id.as_deref(),
            Some("abc-2"),
            "{language}"
        );
        assert!(
            list.lines.iter().all(|line| line.doubts.is_empty()),
            "{language}"
        );
    });
}
