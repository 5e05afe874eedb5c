//! ICCIDs as older versions kept them, and what becomes of them.

use super::*;

const NUMBER: &str = "8944500102198300023";
const DASHED: &str = "8944-5001-0219-8300-023";
const PADDED: &str = "8944500102198300023F";

/// Makes of these rows what the version before had of the same deliveries, with other spellings of ICCIDs, and brings
/// them to this version.
fn age_and_migrate(db: &mut Connection, spelled: &[(&str, &str)]) {
    for (iccid, kept) in spelled {
        for sql in [
            "UPDATE events SET iccid = ?2, key = replace(key, ?1, ?2) WHERE iccid = ?1",
            "UPDATE esims SET iccid = ?2, search_text = ?2 WHERE iccid = ?1",
            "UPDATE iccid_esims SET iccid = ?2 WHERE iccid = ?1",
        ] {
            db.execute(sql, [iccid, kept]).unwrap();
        }
    }
    db.execute_batch(include_str!("before_catch_up.sql"))
        .unwrap();
    db.execute_batch(include_str!("before_order.sql")).unwrap();
    schema::migrate(db).unwrap();
}

fn iccid(number: &str) -> String {
    format!(r#""iccid":"{number}""#)
}

fn kept(db: &Connection) -> Vec<(String, String)> {
    db.prepare("SELECT iccid, key FROM events ORDER BY id")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn a_kept_iccid_gets_its_form_with_all_that_names_it() {
    let mut db = database();
    let body = status(&iccid(NUMBER), "NEW", 10);
    deliver(&db, &body);
    deliver(
        &db,
        &status(&format!(r#""esim_id":"a",{}"#, iccid(NUMBER)), "READY", 20),
    );
    age_and_migrate(&mut db, &[(NUMBER, DASHED)]);
    let found = Reader { db: &db }.esim_row(NUMBER).unwrap();
    assert_eq!(found, Reader { db: &db }.esim_row(DASHED).unwrap());
    let state = Reader { db: &db }.esim_state(found.unwrap()).unwrap();
    assert_eq!(state.unwrap().iccid.as_deref(), Some(NUMBER));
    assert_eq!(
        kept(&db)[0].1,
        format!("1:00000000010:status:iccid:{NUMBER}:NEW")
    );
    let search: String = db
        .query_row("SELECT search_text FROM esims", [], |row| row.get(0))
        .unwrap();
    assert_eq!(search, format!("{NUMBER}\na"));
    // What comes again is known, however it is written.
    for form in [NUMBER, DASHED, PADDED] {
        let again = deliver(&db, &status(&iccid(form), "NEW", 10));
        assert_eq!(again.verdict, Verdict::Duplicate, "{form}");
    }
    assert_eq!(rows(&db).1.esims, 1);
}

#[test]
fn esims_that_were_several_for_their_spelling_become_one_with_all_that_is_noted_of_them() {
    let mut db = database();
    // Three spellings of one number, as the version before took them: three eSIMs, and one event twice.
    let (second, third) = ("8944500102198300999", "8944500102198300888");
    deliver(&db, &status(&iccid(NUMBER), "NEW", 10));
    deliver(&db, &status(&iccid(second), "NEW", 10));
    deliver(&db, &status(&iccid(second), "ACTIVATED", 30));
    deliver(&db, &status(&iccid(third), "INSTALLED", 20));
    let row = |number: &str| Reader { db: &db }.esim_row(number).unwrap().unwrap();
    let (first, padded) = (row(NUMBER), row(second));
    let traveller = |name: &str, note: &str| crate::traveller::Traveller {
        name: name.to_owned(),
        note: note.to_owned(),
        ..Default::default()
    };
    for (row, traveller) in [
        (first, traveller("Marta", "")),
        (padded, traveller("Marta", "calls at nine")),
    ] {
        let owner = crate::traveller::Owner::Esim(row);
        tables::travellers::set(&db, &owner, Some(&traveller), 1).unwrap();
    }
    db.execute(
        "INSERT INTO alerts (subject, rule, occasion, esim, since, detail, raised_at_ms, state, owed, shown_at_ms)
         VALUES (?1, 'firstActivation', 'first', ?2, 30, '{}', 1, 'new', 0, 1)",
        rusqlite::params![format!("esim:{padded}"), padded],
    )
    .unwrap();
    age_and_migrate(&mut db, &[(second, PADDED), (third, DASHED)]);
    let (_, counts) = rows(&db);
    assert_eq!((counts.esims, counts.events), (1, 3));
    let reader = Reader { db: &db };
    let row = reader.esim_row(NUMBER).unwrap().unwrap();
    let state = reader.esim_state(row).unwrap().unwrap();
    assert_eq!((state.status_text(), state.event_count), ("ACTIVATED", 3));
    let own = reader.traveller(row).unwrap().own.unwrap();
    assert_eq!(
        (own.name.as_str(), own.note.as_str()),
        ("Marta", "calls at nine")
    );
    let alert: (i64, i64) = db
        .query_row("SELECT esim, owed FROM alerts", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(alert, (row, 0));
    // Both bodies of the event that was two are kept.
    let told: i64 = db
        .query_row(
            "SELECT count(*) FROM deliveries WHERE event = 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(told, 2);
    assert!(reader.damage().unwrap().is_empty());
}

#[test]
fn a_number_in_two_spellings_of_two_esims_goes_by_time() {
    let mut db = database();
    let second = "8944500102198300999";
    let both = |id: &str, number: &str| format!(r#""esim_id":"{id}",{}"#, iccid(number));
    deliver(&db, &status(&both("a", NUMBER), "NEW", 10));
    deliver(&db, &status(&iccid(NUMBER), "EXPIRED", 40));
    deliver(&db, &status(&both("b", second), "NEW", 30));
    age_and_migrate(&mut db, &[(second, PADDED)]);
    let reader = Reader { db: &db };
    let state = |id: &str| {
        let row = reader.esim_row(id).unwrap().unwrap();
        reader.esim_state(row).unwrap().unwrap()
    };
    assert_eq!(state("a").status_text(), "NEW");
    assert_eq!(state("b").status_text(), "EXPIRED");
    rows(&db);
}

#[test]
fn what_is_no_iccid_by_now_stays_until_all_is_read_again() {
    let mut db = database();
    deliver(&db, &status(&iccid(NUMBER), "NEW", 10));
    age_and_migrate(&mut db, &[(NUMBER, "N/A")]);
    assert_eq!(kept(&db)[0].0, "N/A");
    assert!(Reader { db: &db }.esim_row("N/A").unwrap().is_some());
    rows(&db);
}

#[test]
fn times_that_were_believed_and_are_not_any_more_go_by_their_receipt() {
    let mut db = database();
    let now = 1_764_000_000;
    deliver_at(
        &db,
        &status(r#""esim_id":"a""#, "ACTIVATED", now + 86_400),
        now * 1000,
    );
    deliver_at(
        &db,
        &status(r#""esim_id":"a""#, "REVOKED", now + 60),
        now * 1000 + 60_000,
    );
    deliver_at(
        &db,
        r#"{"event_category":"esim","event_type":"status","esim_id":"b","status":"NEW"}"#,
        now * 1000,
    );
    let before = rows(&db);
    age_and_migrate(&mut db, &[]);
    assert_eq!(rows(&db), before);
}
