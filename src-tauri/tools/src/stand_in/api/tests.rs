//! Answers beside what is documented, and the quirks.

use esim_watch_core::event::Status;
use expect_test::{Expect, expect};
use serde_json::Value;

use super::super::world::{Change, DAY, Life, WorldPlan};
use super::*;

const BEGIN: i64 = 1_795_737_600;
const NOW: i64 = BEGIN + 5 * DAY;

fn world() -> World {
    World::of(WorldPlan {
        seed: 9,
        begin: BEGIN,
        days: 14,
        esims: 150,
        everyday: false,
        hurry: None,
    })
}

fn asked(world: &World, quirks: &Quirks, path: &str) -> ApiAnswer {
    answer(
        world,
        NOW,
        quirks,
        &ApiRequest::new("GET", path, None),
        false,
    )
}

fn said(world: &World, path: &str) -> Value {
    let answer = asked(world, &Quirks::default(), path);
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(&answer.body).unwrap()
}

fn text(world: &World, path: &str) -> String {
    String::from_utf8(asked(world, &Quirks::default(), path).body).unwrap()
}

fn is(expected: &Expect, world: &World, path: &str) {
    expected.assert_eq(&text(world, path));
}

/// The first eSIM of which this is true now.
fn some(world: &World, fits: impl Fn(&Life) -> bool) -> Life {
    let there = |life: &&Life| life.exists(NOW) && fits(life);
    world.lives().iter().find(there).unwrap().clone()
}

fn in_state(world: &World, status: Status) -> Life {
    some(world, |life| {
        life.truth(NOW).is_some_and(|truth| truth.status == status)
    })
}

fn rows(value: &Value) -> &Vec<Value> {
    value["data"].as_array().unwrap()
}

#[test]
fn answers_have_the_documented_shapes() {
    let world = world();
    let used = some(&world, |life| {
        let truth = life.truth(NOW).unwrap();
        let short = truth
            .read_at
            .is_some_and(|at| at < truth.period.unwrap().0 + DAY);
        truth.status == Status::Activated && !truth.unlimited && short
    });
    let iccid = &used.iccid;
    is(&expect![[r#"{"status":"ok"}"#]], &world, "/api/health");
    is(
        &expect![[r#"{"status":"success","data":{"balance":473.57,"currency":"USD"}}"#]],
        &world,
        "/api/balance",
    );
    is(
        &expect![[
            r#"{"status":"success","data":{"id":"2ea576b2-32aa-470d-89d8-d1403ce97976","iccid":"8910170000024967529","status":"INSTALLED","activation":"AUTOMATIC","withTopUp":true,"withUsageCheck":true,"esim":{"lpaCode":"LPA:1$rsp.example.com$9753CB82-8337-48FA-BFB2-B442A642A46A","smdpAddress":"rsp.example.com","activationCode":"9753CB82-8337-48FA-BFB2-B442A642A46A","pin":"4295","puk":"33634126"},"apn":{"name":"internet","username":"","password":""},"data":{"isUnlimited":false},"createdAt":1794793118,"updatedAt":1796164048,"expiredAt":1796235896}}"#
        ]],
        &world,
        &format!("/api/esim?iccid={iccid}"),
    );
    is(
        &expect![[
            r#"{"iccid":"8910170000024967529","esimId":"2ea576b2-32aa-470d-89d8-d1403ce97976","referenceId":"TRIP-20261203-JANSEN","events":[{"iccid":"8910170000024967529","eid":"","status":"NEW","timeStamp":1794793118,"dateTime":"2026-11-16 01:38:38"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"DOWNLOADED","timeStamp":1795038862,"dateTime":"2026-11-18 21:54:22"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"INSTALLED","timeStamp":1795038869,"dateTime":"2026-11-18 21:54:29"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"ACTIVATED","timeStamp":1795388515,"dateTime":"2026-11-22 23:01:55"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"INACTIVE","timeStamp":1795481642,"dateTime":"2026-11-24 00:54:02"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"ACTIVATED","timeStamp":1795481644,"dateTime":"2026-11-24 00:54:04"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"INACTIVE","timeStamp":1795481647,"dateTime":"2026-11-24 00:54:07"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"ACTIVATED","timeStamp":1795481649,"dateTime":"2026-11-24 00:54:09"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"EXPIRED","timeStamp":1795994385,"dateTime":"2026-11-29 23:19:45"},{"iccid":"8910170000024967529","eid":"89049032694841516371547328236941","status":"ACTIVATED","timeStamp":1796149496,"dateTime":"2026-12-01 18:24:56"}],"locations":[]}"#
        ]],
        &world,
        &format!("/api/esim/event?esimId={}", used.esim_id),
    );
    is(
        &expect![[
            r#"{"status":"success","data":{"id":"2ea576b2-32aa-470d-89d8-d1403ce97976","iccid":"8910170000024967529","status":"INSTALLED","startedAt":1796149496,"expiredAt":1796235896,"allowedData":1024,"remainingData":992.96,"allowedSms":-1,"remainingSms":-1,"allowedVoice":-1,"remainingVoice":-1}}"#
        ]],
        &world,
        &format!("/api/esim/usage?iccid={iccid}"),
    );
    is(
        &expect![[
            r#"{"status":"success","data":{"id":"2ea576b2-32aa-470d-89d8-d1403ce97976","iccid":"8910170000024967529","status":"INSTALLED","startedAt":1796149496,"expiredAt":1796235896,"allowedData":1024,"remainingData":992.96,"allowedSms":-1,"remainingSms":-1,"allowedVoice":-1,"remainingVoice":-1,"dataUsages":[{"date":"20261201","usage":31784,"location":"Türkiye"}]}}"#
        ]],
        &world,
        &format!("/api/esim/usage/details?iccid={iccid}"),
    );
    let waiting = in_state(&world, Status::Ready);
    is(
        &expect![[
            r#"{"status":"success","data":{"id":"7bfce16d-aa5d-4553-bf37-cdf4c7e8b8ca","iccid":"8933150000010123828","status":"READY","startedAt":null,"expiredAt":1827118798,"allowedData":9007199254740991,"remainingData":9007199254740991,"allowedSms":-1,"remainingSms":-1,"allowedVoice":-1,"remainingVoice":-1}}"#
        ]],
        &world,
        &format!("/api/esim/usage?iccid={}", waiting.iccid),
    );
    let topped_up = some(&world, |life| {
        life.plans.get(1).is_some_and(|plan| plan.bought <= NOW)
    });
    is(
        &expect![[
            r#"{"status":"success","data":[{"esimId":"a081a125-1c50-47a4-84f4-69d99eb86411","packageId":"esim-france-3days-1gb-all","package":"1 GB - 3 Days","type":"topup","price":3.89,"currency":"USD","createdAt":1793685964,"updatedAt":1793685964}]}"#
        ]],
        &world,
        &format!("/api/esim/history?iccid={}", topped_up.iccid),
    );
    let reference = used.reference.unwrap();
    is(
        &expect![[
            r#"{"status":"success","data":{"orders":[{"id":"cdcbd2af-6e99-451c-bb48-9369145a6d38","referenceId":"TRIP-20261203-JANSEN","orderType":"esim","status":"completed","total":13.09,"currency":"USD","createdAt":1794793118,"updatedAt":1794793118,"items":[{"esimId":"2ea576b2-32aa-470d-89d8-d1403ce97976","packageId":"esim-thailand-7days-ul-all","package":"Unlimited - 7 Days","type":"esim","price":13.09,"currency":"USD"}]}]}}"#
        ]],
        &world,
        &format!("/api/esim/orders?referenceId={reference}"),
    );
}

#[test]
fn failures_are_worded_as_documented() {
    let world = world();
    let failed = |method: &str, path: &str| {
        let answer = answer(
            &world,
            NOW,
            &Quirks::default(),
            &ApiRequest::new(method, path, None),
            false,
        );
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    for (method, path, status) in [
        ("GET", "/api/esim?iccid=8944500000000000000", 404),
        ("GET", "/api/esim", 422),
        ("GET", "/api/esim?iccid=1&esimId=2", 422),
        ("GET", "/api/esim/event", 422),
        ("GET", "/api/esims?status=ACTIVATED", 422),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/esim/order/topup", 403),
        ("POST", "/api/esim/link", 403),
    ] {
        let (is, body) = failed(method, path);
        assert_eq!(is, status, "{path}: {body}");
        assert!(body.ends_with(r#","status":"failed"}"#), "{body}");
    }
}

#[test]
fn lists_have_fifty_rows_unless_more_are_asked_for_and_no_order() {
    let world = world();
    assert_eq!(rows(&said(&world, "/api/esims")).len(), 50);
    assert_eq!(rows(&said(&world, "/api/esims?limit=7")).len(), 7);
    let all = said(&world, "/api/esims?limit=1000");
    let there = world.lives().iter().filter(|life| life.exists(NOW)).count();
    assert_eq!(rows(&all).len(), there);
    let created: Vec<i64> = rows(&all)
        .iter()
        .map(|row| row["createdAt"].as_i64().unwrap())
        .collect();
    assert!(!created.is_sorted() && !created.iter().rev().is_sorted());
    let text = text(&world, "/api/esims?limit=1000");
    assert!(!text.contains("reference") && !text.contains("package"));
    let by_status: usize = ["NEW", "READY", "INSTALLED", "REVOKED", "EXPIRED", "UNKNOWN"]
        .map(|status| said(&world, &format!("/api/esims?limit=1000&status={status}")))
        .iter()
        .map(|answer| rows(answer).len())
        .sum();
    assert_eq!(by_status, there);
    let orders = said(&world, "/api/esim/orders");
    assert_eq!(orders["data"]["orders"].as_array().unwrap().len(), 50);
}

#[test]
fn an_order_finds_all_its_esims() {
    let world = world();
    let group = world
        .purchases()
        .iter()
        .find(|order| order.items.len() > 2 && order.at < NOW)
        .unwrap();
    let reference = group.reference.clone().unwrap();
    let mut url = Url::parse("http://localhost/api/esims").unwrap();
    url.query_pairs_mut().append_pair("referenceId", &reference);
    let query = url.query().unwrap();
    assert_eq!(
        rows(&said(&world, &format!("/api/esims?{query}"))).len(),
        group.items.len()
    );
    let orders = said(&world, &format!("/api/esim/orders?{query}"));
    let items = orders["data"]["orders"][0]["items"].as_array().unwrap();
    assert_eq!(items.len(), group.items.len());
}

#[test]
fn before_anything_was_used_the_end_is_that_of_the_profile() {
    let world = world();
    let row =
        |life: &Life| said(&world, &format!("/api/esim?esimId={}", life.esim_id))["data"].clone();
    for status in [Status::Ready, Status::Installed] {
        let waiting = in_state(&world, status);
        let year = waiting.sold() + 365 * DAY;
        assert_eq!(row(&waiting)["expiredAt"], year);
    }
    let used = in_state(&world, Status::Activated);
    let (_, end) = used.truth(NOW).unwrap().period.unwrap();
    assert_eq!(row(&used)["expiredAt"], end);
    assert_eq!(row(&used)["status"], "INSTALLED", "the coarser word");
}

#[test]
fn quirks_show() {
    let world = world();
    let over = in_state(&world, Status::Expired);
    let with =
        |quirks: &Quirks, path: &str| String::from_utf8(asked(&world, quirks, path).body).unwrap();
    let plain = Quirks::default();
    let history = format!("/api/esim/events?iccid={}", over.iccid);
    assert!(with(&plain, &history).contains("EXPIRED"));
    assert!(!with(&plain, &history).contains("READY"));
    let endless = Quirks {
        history_without_ends: true,
        history_backwards: true,
        ..plain
    };
    let ends_missing = with(&endless, &history);
    assert!(!ends_missing.contains("EXPIRED"));
    assert!(ends_missing.find("ACTIVATED") < ends_missing.find("\"NEW\""));

    let by_id = Quirks {
        usage_by_esim_id: true,
        ..plain
    };
    let usage = |name: &str, value: &str| format!("/api/esim/usage?{name}={value}");
    assert_eq!(
        asked(&world, &by_id, &usage("iccid", &over.iccid)).status,
        422
    );
    assert_eq!(
        asked(&world, &by_id, &usage("esimId", &over.esim_id)).status,
        200
    );

    let short = Quirks {
        most_rows: Some(20),
        ..plain
    };
    let few = with(&short, "/api/esims?limit=1000");
    assert_eq!(few.matches("\"createdAt\"").count(), 20);

    let lagging = Quirks {
        list_lags_seconds: 40 * DAY,
        ..plain
    };
    let row = with(&lagging, &format!("/api/esim?esimId={}", over.esim_id));
    assert!(!row.contains("EXPIRED"), "{row}");

    let bytes = Quirks {
        details_in_bytes: true,
        ..plain
    };
    let details = format!("/api/esim/usage/details?iccid={}", over.iccid);
    let sum = |quirks: &Quirks| -> i64 {
        let value: Value = serde_json::from_str(&with(quirks, &details)).unwrap();
        let days = value["data"]["dataUsages"].as_array().unwrap();
        days.iter().filter_map(|day| day["usage"].as_i64()).sum()
    };
    let factor = sum(&bytes) as f64 / sum(&plain) as f64;
    assert!((factor - 1024.0).abs() < 1.0, "{factor}");
}

#[test]
fn a_number_that_was_given_again_is_that_of_the_later_esim() {
    let worlds = (0..20).map(|seed| {
        World::of(WorldPlan {
            seed,
            begin: BEGIN,
            days: 14,
            esims: 200,
            everyday: false,
            hurry: None,
        })
    });
    let mut met = 0;
    for world in worlds {
        for heir in world.lives() {
            let old = world
                .lives()
                .iter()
                .find(|life| life.iccid == heir.iccid && life.sold() < heir.sold());
            let Some(old) = old.filter(|_| heir.exists(NOW)) else {
                continue;
            };
            met += 1;
            let history = |query: String| said(&world, &format!("/api/esim/event?{query}"));
            let of_number = history(format!("iccid={}", heir.iccid));
            assert_eq!(of_number["esimId"], heir.esim_id.as_str());
            let of_old = history(format!("esimId={}", old.esim_id));
            assert_eq!(of_old["esimId"], old.esim_id.as_str());
            let last = old.moments.last().unwrap();
            assert!(matches!(last.change, Change::Status(_)) || last.at > BEGIN);
        }
    }
    assert!(met > 3, "{met}");
}
