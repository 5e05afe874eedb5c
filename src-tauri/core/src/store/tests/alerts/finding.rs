//! How alerts are found: by words, and by filters.

use super::*;

/// The ids of the alerts that all of these words are found in.
fn search(db: &Connection, words: &str) -> Vec<i64> {
    let query = AlertQuery {
        search: words.to_owned(),
        states: Vec::new(),
        rules: Vec::new(),
        esim: None,
        offset: 0,
        limit: 10,
    };
    found(db, &query)
}

fn found(db: &Connection, query: &AlertQuery) -> Vec<i64> {
    let (total, alerts) = Reader { db }.alerts(query).unwrap();
    assert_eq!(total, i64::try_from(alerts.len()).unwrap());
    alerts.into_iter().map(|alert| alert.id).collect()
}

#[test]
fn an_alert_is_found_by_a_part_of_its_esims_number() {
    let db = with_two_esims();
    let id = raise(&db, about(2, Rule::Revoked));
    raise(&db, about(1, Rule::Revoked));
    assert_eq!(search(&db, "892"), [id]);
}

#[test]
fn an_alert_is_found_by_its_note_in_any_case() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Revoked));
    raise(&db, about(2, Rule::Revoked));
    changed(&db, acknowledge(id, Some("Ruft ÜBERMORGEN an")));
    assert_eq!(search(&db, "übermorgen RUFT"), [id]);
}

#[test]
fn an_alert_is_found_by_what_is_known_of_its_traveller_in_any_spelling() {
    let db = with_two_esims();
    raise(&db, about(2, Rule::Expired));
    let id = raise(&db, about(1, Rule::Expired));
    let traveller = Traveller {
        name: "Søren García".to_owned(),
        contact: "+48 600 100 200".to_owned(),
        ..Traveller::default()
    };
    set(&db, &Owner::Esim(1), Some(&traveller), 0).unwrap();
    for words in [
        "garcia",
        "SOEREN",
        "soren garcía",
        "600100200",
        "600 100",
        "iccid 891,",
    ] {
        assert_eq!(search(&db, words), [id], "{words}");
    }
}

#[test]
fn digits_are_those_of_numbers_and_not_of_rows() {
    let db = with_two_esims();
    for number in 3..=12 {
        let names = format!(r#""esim_id":"0{}""#, "c".repeat(number));
        deliver(&db, &status(&names, "NEW", 10));
    }
    let id = raise(&db, about(12, Rule::Expired));
    assert_eq!(search(&db, "12"), [0_i64; 0]);
    assert_eq!(search(&db, "cccccccccccc"), [id]);
}

#[test]
fn a_word_that_is_nowhere_finds_nothing() {
    let db = with_two_esims();
    raise(&db, about(1, Rule::Revoked));
    assert_eq!(search(&db, "891 nobody"), [0_i64; 0]);
}

/// Every alert, newest first.
fn everything() -> AlertQuery {
    AlertQuery {
        search: String::new(),
        states: Vec::new(),
        rules: Vec::new(),
        esim: None,
        offset: 0,
        limit: 10,
    }
}

#[test]
fn alerts_are_filtered_by_state() {
    let db = with_two_esims();
    let taken_up = raise(&db, about(1, Rule::Revoked));
    raise(&db, about(2, Rule::Revoked));
    changed(&db, acknowledge(taken_up, None));
    let query = AlertQuery {
        states: vec![AlertState::Acknowledged],
        ..everything()
    };
    assert_eq!(found(&db, &query), [taken_up]);
}

#[test]
fn alerts_are_filtered_by_rule() {
    let db = with_two_esims();
    let expired = raise(&db, about(1, Rule::Expired));
    raise(&db, about(2, Rule::Revoked));
    let query = AlertQuery {
        rules: vec![Rule::Expired],
        ..everything()
    };
    assert_eq!(found(&db, &query), [expired]);
}

#[test]
fn alerts_are_filtered_by_esim_and_one_that_is_unknown_has_none() {
    let db = with_two_esims();
    let of_a = raise(&db, about(1, Rule::Expired));
    raise(&db, about(2, Rule::Expired));
    let of = |key: &str| AlertQuery {
        esim: Some(key.to_owned()),
        ..everything()
    };
    assert_eq!(found(&db, &of("a")), [of_a]);
    assert_eq!(found(&db, &of("891")), [of_a]);
    assert_eq!(found(&db, &of("nobody")), [0_i64; 0]);
}

#[test]
fn a_page_of_alerts_goes_on_where_the_one_before_ended() {
    let db = with_two_esims();
    let older = raise(&db, about(1, Rule::Expired));
    let newer = raise(&db, about(2, Rule::Expired));
    let page = |offset| {
        let query = AlertQuery {
            offset,
            limit: 1,
            ..everything()
        };
        let (total, alerts) = Reader { db: &db }.alerts(&query).unwrap();
        (total, alerts[0].id)
    };
    assert_eq!((page(0), page(1)), ((2, newer), (2, older)));
}
