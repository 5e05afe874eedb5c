//! Tests of reading payloads: every sample, every way to be odd.

use super::*;
use crate::event::{EventKind, Problem, Status, Topic};

const STATUS: &str = r#"{"event_category":"esim","event_type":"status","timestamp":1764230400,"iccid":"8944500102198304826","esim_id":"0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11","reference_id":"TRIP-1","start":1764230400,"end":1764835200,"status":"ACTIVATED"}"#;

macro_rules! sample {
    ($name:literal) => {
        parse(include_bytes!(concat!(
            "../../../../../tests/samples/",
            $name
        )))
        .unwrap()
    };
}

fn event(json: &str) -> Event {
    parse(json.as_bytes()).unwrap()
}

#[test]
fn reads_the_seeds_flat_status() {
    let event = sample!("esim-status.flat.json");
    assert_eq!(event.kind, EventKind::EsimStatus);
    assert_eq!(event.occurred_at, Some(1_764_230_400));
    assert_eq!(event.iccid.as_deref(), Some("8944500102198304826"));
    assert_eq!(
        event.esim_id.as_deref(),
        Some("0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11")
    );
    assert_eq!(event.reference_id.as_deref(), Some("TRIP-20251127-ROSSI"));
    assert_eq!(
        (event.period_start, event.period_end),
        (Some(1_764_230_400), Some(1_764_835_200))
    );
    assert_eq!(event.status, Some(Status::Activated));
    assert!(event.recognized());
    assert_eq!(
        event.key,
        "1:01764230400:status:esim:0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11:ACTIVATED"
    );
}

#[test]
fn reads_the_nested_status() {
    let event = sample!("esim-status.nested.json");
    assert_eq!(event.status, Some(Status::Expired));
    assert_eq!(event.occurred_at, Some(1_764_835_205));
    assert!(event.recognized());
}

#[test]
fn reads_usage() {
    let event = sample!("esim-usage.nested.json");
    assert_eq!(event.kind, EventKind::EsimUsage);
    assert_eq!(event.status, Some(Status::Activated));
    assert_eq!(event.usage.package_name.as_deref(), Some("3 GB - 7 Days"));
    assert_eq!(event.usage.allowed_mb, Some(3072.0));
    assert_eq!(event.usage.remaining_mb, Some(307.2));
    assert_eq!(event.usage.unlimited, Some(false));
    assert!(event.recognized());
}

#[test]
fn reads_the_three_balance_events() {
    for event in [
        sample!("partner-low-balance.nested.json"),
        sample!("partner-insufficient-balance.nested.json"),
        sample!("partner-top-up.nested.json"),
    ] {
        assert_eq!(event.kind.topic(), Some(Topic::Balance));
        assert!(event.recognized(), "{:?}", event.problem);
        assert_eq!(event.esim_id, None);
    }
    let details = sample!("partner-low-balance.nested.json").event_details();
    assert_eq!(details.amount, Some(148.2));
    assert_eq!(details.currency.as_deref(), Some("EUR"));
}

#[test]
fn reads_an_affiliate_order() {
    let event = sample!("affiliate-order.nested.json");
    assert!(event.recognized());
    let details = event.event_details();
    assert_eq!(details.amount, Some(18.99));
    assert_eq!(details.currency.as_deref(), Some("EUR"));
    assert_eq!(details.outcome.as_deref(), Some("completed"));
}

#[test]
fn reads_a_refund_with_an_empty_iccid() {
    let event = sample!("refund-rejected.nested.json");
    assert!(event.recognized());
    assert_eq!(event.key, "1:id:refund:rejected:rfd_41c0_rejected");
    assert_eq!(event.iccid, None);
    assert_eq!(event.status, None, "a refund's status is not the eSIM's");
    let details = event.event_details();
    assert_eq!(details.outcome.as_deref(), Some("REJECTED"));
    assert_eq!(details.reason.as_deref(), Some("eSIM already used"));
}

#[test]
fn keeps_an_unknown_category_and_says_so() {
    let event = sample!("unknown-category.nested.json");
    assert_eq!(
        event.problem,
        Some(Problem::UnknownCategory("voucher".to_owned()))
    );
    assert_eq!(
        event.esim_id.as_deref(),
        Some("7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901")
    );
}

#[test]
fn both_envelopes_of_any_event_have_the_same_key() {
    let flat = r#"{"event_category":"partner","event_type":"top_up","timestamp":"1764330000","balance":1003.10,"currency":"EUR","note":null}"#;
    let nested = r#"{"event_category":"partner","event_type":"top_up","data":{"currency":"EUR","timestamp":1764330000000,"balance":"1003.1"}}"#;
    assert_eq!(event(flat).key, event(nested).key);
    let other = nested.replace("1003.1", "1003.2");
    assert_ne!(event(nested).key, event(&other).key);
}

#[test]
fn an_id_that_many_events_have_makes_them_no_one_event() {
    let of = |id: &str, rest: &str| {
        let body = format!(
            r#"{{"event_category":"esim","event_id":"{id}","timestamp":1764330000,{rest}}}"#
        );
        event(&body).key
    };
    let status = |esim: u8, status: &str| {
        format!(r#""event_type":"status","esim_id":"{esim}","status":"{status}""#)
    };
    for id in ["evt_7", "null", "{{event_id}}", "test", "0"] {
        let told = of(id, &status(1, "ACTIVATED"));
        assert_ne!(told, of(id, &status(2, "ACTIVATED")), "{id}");
        assert_ne!(told, of(id, &status(1, "REVOKED")), "{id}");
        // By whatever way it is told.
        assert_eq!(told, of("evt_8", &status(1, "activated")), "{id}");
        let usage = |esim: u8| format!(r#""event_type":"usage","esim_id":"{esim}""#);
        assert_ne!(of(id, &usage(1)), of(id, &usage(2)), "{id}");
    }
    let refund = |id: &str, refund: u8| {
        let body = format!(
            r#"{{"event_category":"refund","event_type":"refunded","event_id":"{id}","timestamp":1764330000,"refund_id":{refund}}}"#
        );
        event(&body).key
    };
    assert_eq!(refund("rfd_7_refunded", 1), refund("rfd_7_refunded", 2));
    assert_ne!(refund("{{event_id}}", 1), refund("{{event_id}}", 2));
}

#[test]
fn all_ten_statuses_are_known_in_any_case() {
    for status in [
        "NEW",
        "installed",
        "Activated",
        "INACTIVE",
        "REVOKED",
        "EXPIRED",
        "UNKNOWN",
        "DELETED",
        "READY",
        "DOWNLOADED",
    ] {
        let event = event(&STATUS.replace("ACTIVATED", status));
        assert!(event.recognized(), "{status}");
        assert_eq!(event.status.unwrap().as_str(), status.to_uppercase());
    }
}

#[test]
fn the_sites_other_names_of_the_types_are_the_same_types() {
    assert_eq!(
        event(&STATUS.replace("\"status\",", "\"esim_status\",")),
        event(STATUS)
    );
}

#[test]
fn numbers_as_text_and_text_as_numbers_are_understood() {
    let turned = STATUS
        .replace("1764230400", "\"1764230400\"")
        .replace("\"8944500102198304826\"", "8944500102198304826");
    assert_eq!(event(&turned), event(STATUS));
}

#[test]
fn a_twenty_digit_iccid_written_as_a_number_keeps_every_digit() {
    let event = event(&STATUS.replace("\"8944500102198304826\"", "89445001021983048261"));
    assert_eq!(event.iccid.as_deref(), Some("89445001021983048261"));
}

#[test]
fn a_time_in_milliseconds_is_the_same_time() {
    assert_eq!(
        event(&STATUS.replace("1764230400", "1764230400123")),
        event(STATUS)
    );
    assert_eq!(
        event(&STATUS.replace("1764230400", "1764230400.75")),
        event(STATUS)
    );
}

#[test]
fn absent_null_and_empty_are_the_same() {
    let absent = STATUS.replace("\"reference_id\":\"TRIP-1\",", "");
    for empty in ["null", "\"\"", "\"  \""] {
        assert_eq!(
            event(&STATUS.replace("\"TRIP-1\"", empty)),
            event(&absent),
            "{empty}"
        );
    }
}

#[test]
fn an_iccid_with_spaces_and_an_uppercase_uuid_are_the_same_esim() {
    let spaced = STATUS
        .replace("8944500102198304826", " 8944 5001 0219 8304 826 ")
        .replace(
            "0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11",
            "0B8F6A52-6A0F-4C0E-9D0B-0F5A6F3A9C11",
        );
    assert_eq!(event(&spaced), event(STATUS));
}

#[test]
fn missing_or_wrong_fields_are_told_and_nothing_is_lost() {
    let cases = [
        (
            STATUS.replace("\"ACTIVATED\"", "\"SUSPENDED\""),
            "The status “SUSPENDED” is new to this version.",
        ),
        (STATUS.replace("\"ACTIVATED\"", "{}"), "It names no status."),
        (
            STATUS.replace("\"timestamp\":1764230400,", ""),
            "It does not say when it happened (no timestamp).",
        ),
        (
            STATUS.replacen("1764230400", "\"yesterday\"", 1),
            "Its timestamp can't be read.",
        ),
        (
            STATUS.replacen("1764230400", "[1764230400]", 1),
            "Its timestamp can't be read.",
        ),
        (
            STATUS.replacen("1764230400", "-5", 1),
            "Its timestamp can't be read.",
        ),
        (
            STATUS.replace("esim_id", "x").replace("iccid", "y"),
            "It names no eSIM (neither esim_id nor iccid).",
        ),
        (
            STATUS.replace("\"status\",", "\"moved\","),
            "The type “moved” is new to this version.",
        ),
        (
            STATUS.replace("\"event_type\":\"status\",", ""),
            "It names no event type.",
        ),
        ("{}".to_owned(), "It names no event category."),
        (
            r#"{"event_category":"partner","event_type":"top_up","timestamp":1,"balance":"much"}"#
                .to_owned(),
            "Its balance is missing or not a number.",
        ),
    ];
    for (json, problem) in cases {
        let said = event(&json).problem.map(|problem| problem.to_string());
        assert_eq!(said.as_deref(), Some(problem), "{json}");
    }
}

#[test]
fn bytes_that_are_no_json_object_are_refused_with_a_reason() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (b"hello", "notJson:expected value at line 1 column 1"),
        (
            b"{\"a\":1",
            "notJson:EOF while parsing an object at line 1 column 6",
        ),
        (b"[1,2]", "notAnObject:list"),
        (b"\"text\"", "notAnObject:text"),
        (b"null", "notAnObject:null"),
        (b"42", "notAnObject:number"),
        (b"true", "notAnObject:boolean"),
    ];
    for (body, reason) in cases {
        assert_eq!(parse(body).unwrap_err().as_text(), reason);
    }
    assert_eq!(
        parse(b"").unwrap_err().to_string(),
        "The body is not valid JSON: it is empty."
    );
    assert!(matches!(
        parse(b"{\"a\":\"\xff\"}"),
        Err(Unreadable::NotJson(_))
    ));
}

#[test]
fn very_deep_nesting_is_no_danger() {
    let deep = format!(
        "{{\"event_category\":\"x\",\"data\":{{\"a\":{}{}}}}}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    assert!(!event(&deep).recognized());
}

#[test]
fn absorbing_is_the_same_in_either_order() {
    let full = event(STATUS);
    let bare = event(
        &STATUS
            .replace("\"reference_id\":\"TRIP-1\",", "")
            .replace("\"end\":1764835200,", ""),
    );
    assert_eq!(full.key, bare.key);
    let (mut a, mut b) = (full.clone(), bare.clone());
    assert!(!a.absorb(&bare));
    assert!(b.absorb(&full));
    assert_eq!(a, b);
    assert_eq!(a, full);
}

#[test]
fn what_stands_for_no_amount_of_data_is_none() {
    let read = |data: &str| {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"usage","data":{{"esim_id":"a","timestamp":1,"usage_data":{{{data}}}}}}}"#
        );
        let usage = parse(body.as_bytes()).unwrap().usage;
        (usage.allowed_mb, usage.remaining_mb, usage.unlimited)
    };
    let no_limit = r#""allowed_data":9007199254740991,"remaining_data":"9007199254740991""#;
    assert_eq!(read(no_limit), (None, None, Some(true)));
    let contradicted = format!(r#"{no_limit},"isUnlimited":false"#);
    assert_eq!(read(&contradicted), (None, None, Some(false)));
    let absent = r#""allowed_data":-1,"remaining_data":-1.0"#;
    assert_eq!(read(absent), (None, None, None));
    let known = r#""allowed_data":3072,"remaining_data":0"#;
    assert_eq!(read(known), (Some(3072.0), Some(0.0), None));
}

#[test]
fn data_is_read_in_the_unit_that_it_is_told_in() {
    let read = |unit: &str| {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":1,"esim_id":"a","data_units":{unit},
                "usage_data":{{"allowed_data":3072,"remaining_data":512.5,"allowed_sms":7,"remaining_sms":7}},
                "usage_list":[{{"date":"2026-11-20","data_used":1024}}]}}"#
        );
        let event = parse(body.as_bytes()).unwrap();
        let report = event.details.unwrap().usage.unwrap();
        assert_eq!(report.sms.unwrap().allowed, Some(7.0));
        let day = report.days.first().unwrap().mb;
        (event.usage.allowed_mb, event.usage.remaining_mb, day)
    };
    for unit in [r#""MB""#, "null", r#""""#, r#""parsecs""#] {
        let as_told = (Some(3072.0), Some(512.5), 1024.0);
        assert_eq!(read(unit), as_told, "{unit}");
    }
    for unit in [r#""GB""#, r#""gb ""#, r#""GiB""#] {
        let gigabytes = (Some(3_145_728.0), Some(524_800.0), 1_048_576.0);
        assert_eq!(read(unit), gigabytes, "{unit}");
    }
    assert_eq!(read(r#""KB""#).0, Some(3.0));
    let endless = r#"{"event_category":"esim","event_type":"usage","timestamp":1,"esim_id":"a","data_units":"KB","usage_data":{"allowed_data":9007199254740991,"remaining_data":-1}}"#;
    let usage = event(endless).usage;
    assert_eq!((usage.unlimited, usage.remaining_mb), (Some(true), None));
}

#[test]
fn a_uuid_is_one_esim_however_it_is_written_and_other_ids_are_left_alone() {
    let id = |written: &str| {
        let body = STATUS.replace("0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11", written);
        event(&body).esim_id.unwrap()
    };
    for written in [
        "0B8F6A52-6A0F-4C0E-9D0B-0F5A6F3A9C11",
        "{0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11}",
        "0b8f6a526a0f4c0e9d0b0f5a6f3a9c11",
        "{0B8F6A526A0F4C0E9D0B0F5A6F3A9C11}",
        "urn:uuid:0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11",
    ] {
        assert_eq!(id(written), "0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11");
    }
    for other in [
        "ESIM-42",
        "{42}",
        "0B8F6A526A0F4C0E9D0B0F5A6F3A9C1",
        "0B8F-6A526A0F4C0E9D0B0F5A6F3A9C11",
        "0B8F6A526A0F4C0E9D0B0F5A6F3A9C1G",
        "urn:uuid:7",
    ] {
        assert_eq!(id(other), other);
    }
}

#[test]
fn a_status_that_is_no_word_takes_no_status_away() {
    for (written, why) in [
        ("3", Problem::UnknownStatus("3".to_owned())),
        ("\"3\"", Problem::UnknownStatus("3".to_owned())),
        ("-1.5", Problem::UnknownStatus("-1.5".to_owned())),
        ("true", Problem::NoStatus),
        ("\"N/A\"", Problem::NoStatus),
        ("[\"ACTIVATED\"]", Problem::NoStatus),
    ] {
        let told = event(&STATUS.replace("\"ACTIVATED\"", written));
        assert_eq!((told.status, told.problem), (None, Some(why)), "{written}");
    }
    let usage = event(
        r#"{"event_category":"esim","event_type":"usage","timestamp":1764230400,"esim_id":"7","status":3,"usage_data":{"remaining_data":5}}"#,
    );
    assert_eq!((usage.status, usage.usage.remaining_mb), (None, Some(5.0)));
    let new = event(&STATUS.replace("ACTIVATED", "Suspended2"));
    assert_eq!(new.status, Some(Status::Other("SUSPENDED2".to_owned())));
}

#[test]
fn who_used_more_than_there_was_has_nothing_left() {
    let usage = |allowed: &str, remaining: &str| {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":1764230400,"esim_id":"7","usage_data":{{"allowed_data":{allowed},"remaining_data":{remaining},"allowed_sms":{allowed},"remaining_sms":{remaining}}}}}"#
        );
        event(&body)
    };
    let over = usage("3072", "-12.5");
    assert_eq!(over.usage.remaining_mb, Some(0.0));
    assert_eq!(over.usage.percent_left(), Some(0.0));
    let sms = over.details.unwrap().usage.unwrap().sms.unwrap();
    assert_eq!((sms.allowed, sms.remaining), (Some(3072.0), Some(0.0)));
    // What stands for "not known", and a size that is none.
    assert_eq!(usage("3072", "-1").usage.remaining_mb, None);
    assert_eq!(usage("-3072", "5").usage.allowed_mb, None);
}

#[test]
fn numbers_without_measure_are_no_amounts() {
    for number in [
        "1e300",
        "-1e300",
        "\"1e300\"",
        "1e16",
        "\"inf\"",
        "\"NaN\"",
        "1e999",
    ] {
        let told = event(&format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":1764230400,"esim_id":"7","usage_data":{{"allowed_data":{number},"remaining_data":{number},"allowed_voice":{number},"remaining_voice":{number}}}}}"#
        ));
        let amounts = (told.usage.allowed_mb, told.usage.remaining_mb);
        assert_eq!(amounts, (None, None), "{number}");
        let report = told.details.and_then(|said| said.usage);
        let voice = report.and_then(|report| report.voice);
        let voice = voice.map(|left| (left.allowed, left.remaining));
        assert_eq!(voice.unwrap_or_default(), (None, None), "{number}");
        let low = event(&format!(
            r#"{{"event_category":"partner","event_type":"low_balance","timestamp":1764230400,"balance":{number}}}"#
        ));
        assert_eq!(low.problem, Some(Problem::NoBalance), "{number}");
    }
}
