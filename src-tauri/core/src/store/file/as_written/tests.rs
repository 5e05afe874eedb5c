//! Tests over rows as the version before wrote them.

use super::*;
use crate::store::file::schema;
use crate::store::tests::{database, deliver_at, rows, status};

const CAME: i64 = 1_764_028_800_000;

/// Makes of a current database one of the version before references were kept so, and brings it to this version again.
fn age_and_migrate(db: &mut Connection) {
    db.execute_batch(
        "ALTER TABLE events DROP COLUMN reference_written;
         ALTER TABLE esims DROP COLUMN reference_written;
         ALTER TABLE esims DROP COLUMN queued_start; ALTER TABLE esims DROP COLUMN queued_end;
         ALTER TABLE esims DROP COLUMN end_is_reported;
         PRAGMA user_version = 23",
    )
    .unwrap();
    schema::migrate(db).unwrap();
}

fn everything(db: &Connection) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let texts = |sql: &str| -> Vec<Vec<Option<String>>> {
        let mut read = db.prepare(sql).unwrap();
        let columns = 0..read.column_count();
        let row = |row: &rusqlite::Row<'_>| columns.clone().map(|at| row.get(at)).collect();
        let all = read.query_map([], row).unwrap();
        all.collect::<Result<_, _>>().unwrap()
    };
    let mut all = texts("SELECT reference_id, reference_written FROM events ORDER BY id");
    all.extend(texts(
        "SELECT reference_id, reference_written FROM esims ORDER BY id",
    ));
    (rows(db).0, all)
}

fn sold(esim: &str, reference: &str, status_text: &str) -> String {
    let names = format!(r#""esim_id":"{esim}","reference_id":"{reference}""#);
    status(&names, status_text, 1_764_028_700)
}

#[test]
fn how_references_are_written_is_read_from_the_bodies_that_are_kept() {
    let mut db = database();
    for (esim, reference) in [
        ("e-1", "AG–1007"),
        ("e-2", "AG  1007"),
        ("e-3", "ＡＧ-1007"),
        ("e-4", "ﬁord 1007"),
        ("e-5", "AG-1007"),
        ("e-6", "Zoë-1007"),
    ] {
        deliver_at(&db, &sold(esim, reference, "NEW"), CAME);
        deliver_at(&db, &sold(esim, reference, "ACTIVATED"), CAME);
    }
    // As some write what is not ASCII.
    let escaped = sold("e-7", "AG-1007", "NEW").replace("AG-", r"AG\u2013");
    deliver_at(&db, &escaped, CAME);
    // Told twice, in two ways.
    for reference in ["AG—1007", "AG–1007", "AG-1007"] {
        deliver_at(&db, &sold("e-8", reference, "NEW"), CAME);
    }
    let right = everything(&db);
    let written = right.1.iter().filter(|row| row[1].is_some()).count();
    assert_eq!(written, 4 * 3 + 2 * 2, "{right:?}");
    age_and_migrate(&mut db);
    assert_eq!(everything(&db), right);
}

#[test]
fn what_is_no_longer_kept_stays_in_its_one_form() {
    let mut db = database();
    deliver_at(&db, &sold("a", "AG–1007", "NEW"), CAME);
    db.execute("UPDATE deliveries SET body = x'', body_hash = x'00'", [])
        .unwrap();
    age_and_migrate(&mut db);
    let own = vec![Some("AG-1007".to_owned()), None];
    assert_eq!(everything(&db).1, [own.clone(), own]);
}
