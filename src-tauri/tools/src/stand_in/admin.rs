//! The way to steer the stand-in from outside, under `/stand-in`: what goes wrong, which token is asked for, where
//! webhooks go, what time it is; and what is true, for comparing. Plain text in, JSON out.
//!
//! | request | what |
//! |---|---|
//! | `GET /stand-in` | time, requests, webhooks, rules |
//! | `GET /stand-in/world` | each eSIM as it truly is |
//! | `POST /stand-in/faults` | one rule per line, see [`FaultRule`] |
//! | `DELETE /stand-in/faults` | nothing goes wrong any more |
//! | `POST /stand-in/token` | the token that is asked for from now on; empty: none |
//! | `POST /stand-in/webhook` | the address, and in a second line the secret; empty: nobody is told |
//! | `POST /stand-in/clock` | moves a clock that stands, in seconds since 1970, and sends what is due until then |

use std::collections::BTreeMap;

use super::api::ApiAnswer;
use super::faults::FaultRule;
use super::station::Station;
use super::world::TrueEsim;
use crate::wire::{Fields, Json};

/// What such requests begin with.
pub(super) const PREFIX: &str = "/stand-in";

/// Carries out one of them.
pub(super) async fn steer(station: &Station, method: &str, path: &str, body: &str) -> ApiAnswer {
    let done = match (method, path.trim_start_matches(PREFIX)) {
        ("GET", "" | "/") => return ApiAnswer::json(200, &state(station)),
        ("GET", "/world") => return ApiAnswer::json(200, &truth(station)),
        ("POST", "/faults") => break_it(station, body),
        ("DELETE", "/faults") => {
            station.roamify().faults.clear();
            tracing::info!("from now on nothing goes wrong");
            Ok(())
        }
        ("POST", "/token") => {
            let token = Some(body.trim()).filter(|token| !token.is_empty());
            station.roamify().rotate(token);
            tracing::info!("the token was rotated: the one before is dead");
            Ok(())
        }
        ("POST", "/webhook") => {
            let mut lines = body.lines().map(str::trim);
            match lines.next().filter(|url| !url.is_empty()) {
                Some(url) => station
                    .point_at(url, lines.next())
                    .map_err(|error| format!("{error:#}")),
                None => {
                    station.point_nowhere();
                    Ok(())
                }
            }
        }
        ("POST", "/clock") => match body.trim().parse() {
            Ok(time) if station.clock.is_stepped() => {
                station.step_to(time).await;
                Ok(())
            }
            Ok(_) => Err("the clock goes by itself".to_owned()),
            Err(_) => Err("give a time in seconds since 1970".to_owned()),
        },
        _ => return ApiAnswer::failure(404, "there is nothing to steer here"),
    };
    match done {
        Ok(()) => ApiAnswer::json(200, &state(station)),
        Err(reason) => ApiAnswer::failure(422, &reason),
    }
}

fn break_it(station: &Station, body: &str) -> Result<(), String> {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let rules: Vec<FaultRule> = lines.map(str::parse).collect::<Result<_, _>>()?;
    for rule in rules {
        tracing::info!("from now on this goes wrong: {rule}");
        station.roamify().faults.add(rule);
    }
    Ok(())
}

fn count(number: usize) -> Json {
    Json::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn state(station: &Station) -> Json {
    let now = station.clock.now();
    let roamify = station.roamify();
    let mut requests: BTreeMap<(&str, u16), usize> = BTreeMap::new();
    for request in roamify.requests() {
        let key = (request.path.as_str(), request.status.unwrap_or(0));
        *requests.entry(key).or_default() += 1;
    }
    let requests = requests
        .into_iter()
        .map(|((path, status), times)| {
            Json::Object(vec![
                ("path", Json::from(path)),
                ("status", Json::Number(status.into())),
                ("times", count(times)),
            ])
        })
        .collect();
    let report = roamify.outbox.report();
    let webhooks: Fields = vec![
        ("sent", count(report.sent)),
        ("taken", count(report.taken)),
        ("refused", count(report.refused)),
        ("unanswered", count(report.unanswered)),
        ("repeated", count(report.repeated)),
        ("heldBack", count(report.held_back)),
        ("neverTold", count(report.never_told.len())),
    ];
    let rules = roamify.faults.rules();
    let lives = roamify.world().lives().iter();
    Json::Object(vec![
        ("now", Json::Time(now)),
        (
            "esims",
            count(lives.filter(|life| life.exists(now)).count()),
        ),
        ("requests", Json::List(requests)),
        ("webhooks", Json::Object(webhooks)),
        (
            "faults",
            Json::List(rules.map(|rule| Json::Text(rule.to_string())).collect()),
        ),
    ])
}

fn truth(station: &Station) -> Json {
    let now = station.clock.now();
    let world = station.roamify().world().clone();
    Json::List(world.truth(now).into_iter().map(written).collect())
}

fn written(esim: TrueEsim) -> Json {
    let text = |text: Option<String>| text.map_or(Json::Null, Json::Text);
    let megabytes = |amount: Option<f64>| {
        amount.map_or(Json::Null, |amount| {
            Json::Hundredths((amount * 100.0).round() as i64)
        })
    };
    let timeline = esim.timeline.into_iter().map(|entry| {
        Json::Object(vec![
            ("at", Json::Time(entry.at)),
            ("status", Json::from(entry.status.as_str())),
            ("byWebhook", Json::Bool(entry.by_webhook)),
        ])
    });
    let (start, end) = esim.period.unzip();
    Json::Object(vec![
        ("esimId", Json::Text(esim.esim_id)),
        ("iccid", Json::Text(esim.iccid)),
        ("referenceId", text(esim.reference_id)),
        ("status", Json::from(esim.status.as_str())),
        ("statusAt", Json::Time(esim.status_at)),
        ("start", start.map_or(Json::Null, Json::Time)),
        ("end", end.map_or(Json::Null, Json::Time)),
        ("package", Json::Text(esim.package_name)),
        ("unlimited", Json::Bool(esim.unlimited)),
        ("allowedMb", megabytes(esim.allowed_mb)),
        ("remainingMb", megabytes(esim.remaining_mb)),
        ("readAt", esim.read_at.map_or(Json::Null, Json::Time)),
        ("timeline", Json::List(timeline.collect())),
    ])
}
