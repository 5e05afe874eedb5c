//! References as their senders wrote them: kept, shown and found so, and matched by their one form.

use super::*;
use crate::event::as_typed;
use crate::letters::Letters;
use crate::search::{Search, SearchedText};
use crate::store::tables::travellers::set;
use crate::store::{DeliveryQuery, TravellerQuery};
use crate::traveller::{Owner, Traveller};

const WRITTEN: &str = "AG–1007";
const FORM: &str = "AG-1007";

fn sold(esim: &str, reference: Option<&str>) -> String {
    let reference = reference.map(|text| format!(r#","reference_id":"{text}""#));
    let names = format!(r#""esim_id":"{esim}"{}"#, reference.unwrap_or_default());
    status(&names, "NEW", 10)
}

fn state(db: &Connection, esim: &str) -> EsimState {
    let reader = Reader { db };
    let row = reader.esim_row(esim).unwrap().unwrap();
    reader.esim_state(row).unwrap().unwrap()
}

#[test]
fn esims_of_one_order_belong_together_and_each_shows_what_was_written() {
    let db = database();
    for (esim, reference) in [("a", WRITTEN), ("b", FORM), ("c", "AG-1008")] {
        deliver(&db, &sold(esim, Some(reference)));
    }
    let reader = Reader { db: &db };
    let row = |esim| reader.esim_row(esim).unwrap().unwrap();
    for (esim, reference) in [("a", WRITTEN), ("b", FORM)] {
        assert_eq!(state(&db, esim).reference(), Some(reference));
        assert_eq!(
            reader.reference_of(row(esim)).unwrap().as_deref(),
            Some(FORM)
        );
    }
    assert_eq!(
        reader.same_order(row("a"), Some(FORM), 9).unwrap(),
        [row("b")]
    );
    let ann = Traveller {
        name: "Ann".to_owned(),
        ..Traveller::default()
    };
    set(&db, &Owner::Order(FORM.to_owned()), Some(&ann), CAME).unwrap();
    for (esim, name) in [("a", Some("Ann")), ("b", Some("Ann")), ("c", None)] {
        let shown = reader.traveller_name(row(esim)).unwrap();
        assert_eq!(shown.as_deref(), name, "{esim}");
    }
    for search in [WRITTEN, FORM] {
        let query = TravellerQuery {
            search: search.to_owned(),
            offset: 0,
            limit: 9,
            most_esims: 9,
        };
        let page = reader.travellers(&query, &Letters::default()).unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| &row.reference_id).collect();
        assert_eq!(found, [&Some(WRITTEN.to_owned())], "{search}");
    }
    let query = DeliveryQuery {
        verdicts: Vec::new(),
        search: String::new(),
        before: None,
        limit: 9,
    };
    let (deliveries, _) = reader.deliveries(&query, &[]).unwrap();
    let shown = deliveries.iter().map(|row| row.reference_id.as_deref());
    assert!(shown.eq([Some("AG-1008"), Some(FORM), Some(WRITTEN)]));
}

#[test]
fn a_reference_is_found_as_it_is_written_and_by_its_one_form() {
    for written in [
        WRITTEN,
        "AG  1007",
        "ＡＧ－1007",
        "ﬁord\u{a0}1007",
        "AG\u{2011}10\u{200b}07",
    ] {
        let db = database();
        deliver(&db, &sold("a", Some(written)));
        let text: String = db
            .query_row("SELECT search_text FROM esims", [], |row| row.get(0))
            .unwrap();
        for search in [written, &*as_typed(written)] {
            let finds = Search::of(search).finds(&SearchedText::of([text.as_str()]));
            assert!(finds, "{search:?} in {text:?}");
        }
    }
}

#[test]
fn of_two_tellings_of_one_event_what_stays_does_not_depend_on_which_came_first() {
    let tellings = [
        None,
        Some(FORM),
        Some(WRITTEN),
        Some("AG—1007"),
        Some("AG–1006"),
        Some("AG-1008"),
    ];
    let kept = |told: [Option<&str>; 2]| {
        let db = database();
        for reference in told {
            deliver(&db, &sold("a", reference));
        }
        let state = state(&db, "a");
        (state.reference_id, state.reference_written)
    };
    for one in tellings {
        for other in tellings {
            let (form, written) = kept([one, other]);
            assert_eq!(kept([other, one]), (form.clone(), written.clone()));
            let own = written.as_deref().map(as_typed);
            assert!(own.is_none_or(|own| Some(&*own) == form.as_deref()));
        }
    }
    // The one form is what earlier versions noted of an answer, so it says less.
    assert_eq!(
        kept([Some(FORM), Some(WRITTEN)]).1.as_deref(),
        Some(WRITTEN)
    );
    assert_eq!(kept([Some(WRITTEN), Some("AG-1008")]).1, None);
}
