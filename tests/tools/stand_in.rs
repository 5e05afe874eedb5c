//! The stand-in over real HTTP: every fault as a client meets it, and its webhooks into the real listener.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use esim_watch_core::http;
use esim_watch_tools::stand_in::{
    Envelope, Faults, Roamify, StandIn, World, WorldClock, WorldPlan,
};
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::{BIN, Receiver, SECRET};

/// Long past for the real program, whose clock is the real one.
const BEGIN: i64 = 1_764_547_200;
const DAY: i64 = 86_400;
const TOKEN: &str = "tok_test_7c1e";

fn roamify(esims: u32) -> Roamify {
    let plan = WorldPlan {
        seed: 21,
        begin: BEGIN,
        days: 7,
        esims,
        everyday: false,
        hurry: None,
    };
    Roamify::over(Arc::new(World::of(plan)), Faults::none(21), Some(TOKEN))
}

async fn started(esims: u32) -> Result<StandIn> {
    StandIn::start(roamify(esims), WorldClock::stepped(BEGIN), 0).await
}

fn client() -> Result<Client> {
    Ok(http::client().no_proxy().tls_certs_only([]).build()?)
}

struct Got {
    status: StatusCode,
    date: Option<String>,
    retry_after: Option<String>,
    body: String,
}

impl Got {
    fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| self.body.clone())
    }
}

async fn get(stand_in: &StandIn, path: &str, token: &str) -> Result<Got> {
    let url = format!("{}{path}", stand_in.url());
    let response = client()?.get(url).bearer_auth(token).send().await?;
    let header = |name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    Ok(Got {
        status: response.status(),
        date: header("date"),
        retry_after: header("retry-after"),
        body: response.text().await?,
    })
}

async fn steer(stand_in: &StandIn, path: &str, body: &str) -> Result<Got> {
    let url = format!("{}/stand-in{path}", stand_in.url());
    let response = client()?.post(url).body(body.to_owned()).send().await?;
    Ok(Got {
        status: response.status(),
        date: None,
        retry_after: None,
        body: response.text().await?,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_brings_the_token_is_answered_and_a_rotated_one_is_dead() -> Result<()> {
    let stand_in = started(60).await?;
    let status = async |token: &str| -> Result<u16> {
        Ok(get(&stand_in, "/api/balance", token).await?.status.as_u16())
    };
    assert_eq!(status(TOKEN).await?, 200);
    let refused = get(&stand_in, "/api/balance", "wrong").await?;
    assert_eq!(refused.status, 401);
    assert!(refused.body.contains("please make sure your have provided"));
    assert_eq!(get(&stand_in, "/api/health", "wrong").await?.status, 200);
    assert_eq!(steer(&stand_in, "/token", "tok_next").await?.status, 200);
    assert_eq!(status(TOKEN).await?, 401);
    assert_eq!(status("tok_next").await?, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_of_the_worlds_own_time() -> Result<()> {
    let stand_in = started(10).await?;
    let date = async |path: &str| -> Result<Option<String>> {
        Ok(get(&stand_in, path, TOKEN).await?.date)
    };
    let first = date("/api/balance").await?;
    assert_eq!(first.as_deref(), Some("Mon, 01 Dec 2025 00:00:00 GMT"));
    stand_in.step_to(BEGIN + 3 * DAY + 61).await;
    for path in ["/api/balance", "/api/nothing", "/api/esims"] {
        let later = date(path).await?;
        assert_eq!(later.as_deref(), Some("Thu, 04 Dec 2025 00:01:01 GMT"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_an_answer_is_met() -> Result<()> {
    let stand_in = started(60).await?;
    let path = "/api/esims?limit=40";
    let whole = get(&stand_in, path, TOKEN).await?;
    let rows = |got: &Got| -> Result<usize> {
        let value = got.json()?;
        Ok(value["data"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(rows(&whole)?, 40);
    for code in [401, 403, 404, 409, 422, 429, 500, 503] {
        steer(&stand_in, "/faults", &format!("/api/esims {code} once")).await?;
        let got = get(&stand_in, path, TOKEN).await?;
        assert_eq!(
            (got.status.as_u16(), got.retry_after.as_deref()),
            (code, None)
        );
        assert_eq!(got.json()?["status"], "failed");
        assert_eq!(get(&stand_in, path, TOKEN).await?.status, 200, "once");
    }
    let next = async |fault: &str| -> Result<Got> {
        steer(&stand_in, "/faults", &format!("api {fault} once")).await?;
        get(&stand_in, path, TOKEN).await
    };
    let many = next("429:7").await?;
    assert_eq!(
        (many.status.as_u16(), many.retry_after.as_deref()),
        (429, Some("7"))
    );
    let failed = next("failed").await?;
    assert_eq!(failed.status, 200);
    assert_eq!(failed.json()?["status"], "failed");
    let page = next("html").await?;
    assert!(page.status == 200 && page.body.starts_with("<!DOCTYPE html>"));
    let malformed = next("malformed").await?;
    assert!(malformed.status == 200 && malformed.json().is_err());
    let cut = next("cut").await?;
    assert_eq!(rows(&cut)?, 20);
    assert_eq!(get(&stand_in, path, TOKEN).await?.body, whole.body);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_lasts_as_long_as_somebody_waits() -> Result<()> {
    let stand_in = started(10).await?;
    steer(&stand_in, "/faults", "api silence once").await?;
    let url = format!("{}/api/balance", stand_in.url());
    let request = client()?.get(url).bearer_auth(TOKEN);
    let impatient = request.timeout(Duration::from_millis(200)).send().await;
    assert!(impatient.is_err_and(|error| error.is_timeout()));
    assert_eq!(get(&stand_in, "/api/balance", TOKEN).await?.status, 200);
    let statuses: Vec<Option<u16>> = stand_in
        .roamify()
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [None, Some(200)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_refused_in_words_listed_and_ended_and_no_web_page_steers() -> Result<()> {
    let stand_in = started(10).await?;
    let refused = steer(&stand_in, "/faults", "webhook exploded").await?;
    assert!(refused.status == 422 && refused.body.contains("lost, late"));
    let listed = steer(
        &stand_in,
        "/faults",
        "webhook lost 5%\n/api/esims 429:7 3x\n",
    )
    .await?;
    let faults = listed.json()?["faults"].clone();
    assert_eq!(faults.as_array().map(Vec::len), Some(2));
    let url = format!("{}/stand-in/faults", stand_in.url());
    let ended = client()?.delete(&url).send().await?.text().await?;
    assert!(ended.contains("\"faults\":[]"));
    let page = client()?
        .delete(&url)
        .header("origin", "http://elsewhere.example");
    assert_eq!(page.send().await?.status(), 403);
    Ok(())
}

/// What the real program holds: the status of each eSIM by its id.
fn held(receiver: &Receiver) -> Result<BTreeMap<String, String>> {
    let mut held = BTreeMap::new();
    receiver.engine.readers().read(|store| {
        store.each_esim(|esim| {
            let id = esim.esim_id.clone().unwrap_or_default();
            let status = esim.status.as_ref().map(ToString::to_string);
            held.insert(id, status.unwrap_or_default());
            Ok(())
        })
    })?;
    Ok(held)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_takes_all_that_is_told_and_shows_what_is_true() -> Result<()> {
    for envelope in [Envelope::Nested, Envelope::Both] {
        let receiver = Receiver::start().await?;
        let stand_in = started(120).await?;
        stand_in.roamify().envelope = envelope;
        stand_in.point_at(&receiver.url, Some(SECRET))?;
        stand_in.step_to(BEGIN + 4 * DAY).await;
        let report = stand_in.roamify().outbox.report().clone();
        assert_eq!(report.sent, report.taken, "{report:?}");
        assert!(report.taken > 100, "{report:?}");
        let held = held(&receiver)?;
        let world = stand_in.roamify().world().clone();
        let mut compared = 0;
        for esim in world.truth(BEGIN + 4 * DAY) {
            let told: Vec<_> = esim
                .timeline
                .iter()
                .filter(|entry| entry.by_webhook && entry.at >= BEGIN)
                .collect();
            // What no webhook tells only the API knows.
            if let Some(last) = told.last().filter(|last| last.at == esim.status_at) {
                assert_eq!(held.get(&esim.esim_id), Some(&last.status.to_string()));
                compared += 1;
            }
        }
        assert!(compared > 10, "{compared}");
        receiver.engine.shutdown().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_webhooks_reach_the_program() -> Result<()> {
    let receiver = Receiver::start().await?;
    let stand_in = started(60).await?;
    stand_in.point_at(&receiver.url, Some(SECRET))?;
    let rules =
        "webhook lost 10%\nwebhook repeated 10%\nwebhook late:7200 10%\nwebhook disordered 10%";
    steer(&stand_in, "/faults", rules).await?;
    stand_in.step_to(BEGIN + 3 * DAY).await;
    let report = stand_in.roamify().outbox.report().clone();
    assert_eq!(report.sent, report.taken);
    for count in [report.repeated, report.held_back, report.never_told.len()] {
        assert!(count > 5, "{report:?}");
    }
    let told = report.taken - report.repeated;
    let bodies = receiver.bodies()?.len();
    // A letter that is repeated after the end has not come twice yet.
    assert!(
        (told..=told + report.repeated).contains(&bodies),
        "{bodies}, {report:?}"
    );
    receiver.engine.shutdown().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_listen_is_asked_four_times_and_who_refuses_once() -> Result<()> {
    let stand_in = started(60).await?;
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    stand_in.point_at(&format!("http://{free}/hooks/x"), None)?;
    stand_in.step_to(BEGIN + DAY).await;
    let report = stand_in.roamify().outbox.report().clone();
    assert_eq!(report.unanswered, report.sent);
    assert!(report.sent > 3 * report.never_told.len(), "{report:?}");

    let receiver = Receiver::start().await?;
    let stand_in = started(60).await?;
    stand_in.point_at(&receiver.url, Some("another secret"))?;
    stand_in.step_to(BEGIN + DAY).await;
    let report = stand_in.roamify().outbox.report().clone();
    assert_eq!(
        (report.refused, report.never_told.len()),
        (report.sent, report.sent)
    );
    assert!(receiver.bodies()?.is_empty());
    receiver.engine.shutdown().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_that_waits_begins_when_somebody_listens() -> Result<()> {
    let clock = WorldClock::held(BEGIN, 1e6);
    let stand_in = StandIn::start(roamify(10), clock, 0).await?;
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    stand_in.point_at(&format!("http://{free}/hooks/x"), None)?;
    let mut begun = Box::pin(stand_in.start_with_receiver());
    let early = tokio::time::timeout(Duration::from_millis(300), &mut begun);
    assert!(early.await.is_err());
    assert_eq!(stand_in.now(), BEGIN);
    let _listener = std::net::TcpListener::bind(free)?;
    begun.await;
    while stand_in.now() == BEGIN {
        tokio::task::yield_now().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_where_it_is_and_no_secret() -> Result<()> {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let receiver = Receiver::start().await?;
    let begin = BEGIN.to_string();
    let mut child = Command::new(BIN)
        .args(["stand-in", "--port", "0", "--seed", "21", "--esims", "60"])
        .args(["--stepped-from", &begin, "--webhook", &receiver.url])
        .args([
            "--secret",
            SECRET,
            "--token",
            TOKEN,
            "--fault",
            "/api/balance 500 once",
        ])
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let stdout = child.stdout.take().context("no stdout")?;
    BufReader::new(stdout).read_line(&mut line)?;
    let said: Value = serde_json::from_str(&line)?;
    let url = said["url"].as_str().context("no address")?.to_owned();
    let balance = client()?
        .get(format!("{url}/api/balance"))
        .bearer_auth(TOKEN);
    assert_eq!(balance.send().await?.status(), 500);
    let clock = client()?.post(format!("{url}/stand-in/clock"));
    let later = (BEGIN + DAY).to_string();
    let state = clock.body(later).send().await?.text().await?;
    assert!(state.contains("\"refused\":0,\"unanswered\":0"), "{state}");
    assert!(!receiver.bodies()?.is_empty());
    child.kill()?;
    let mut told = String::new();
    child
        .stderr
        .take()
        .context("no stderr")?
        .read_to_string(&mut told)?;
    child.wait()?;
    assert!(told.contains("this is no Roamify but a stand-in"), "{told}");
    assert!(told.contains("webhook (eSIM "), "{told}");
    for hidden in [SECRET, TOKEN, "/hooks/"] {
        assert!(!told.contains(hidden), "{told}");
    }
    receiver.engine.shutdown().await;
    Ok(())
}
