//! What is accepted, and what is kept of it.

use anyhow::{Context, Result};
use esim_watch_testkit::{Esim, Payload, SUCCESS, Sender, Watchd, samples};
use serde_json::Value;

use std::path::Path;

use crate::{BIN, number, serve_signed, signed, text};

/// What the seconds below are counted from: in March 2026, UTC seconds.
const SPRING: i64 = 1_772_800_000;

#[tokio::test]
async fn every_sample_is_acknowledged_and_its_payload_kept() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let samples = samples()?;
    for sample in &samples {
        let answer = sender.post(sample.bytes.clone()).await?;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, SUCCESS),
            "{}",
            sample.name
        );
    }
    let events = server.exported("events")?;
    assert_eq!(events.len(), samples.len());
    for (event, sample) in events.iter().zip(&samples) {
        let sent: Value = serde_json::from_slice(&sample.bytes)?;
        assert_eq!(event.get("payload"), Some(&sent), "{}", sample.name);
        let known = sample.name != "unknown-category.nested";
        assert_eq!(
            event.get("recognized"),
            Some(&known.into()),
            "{}",
            sample.name
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_samples_fold_into_their_two_esims() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    for sample in samples()? {
        sender.post(sample.bytes).await?;
    }
    let esims = server.exported("esims")?;
    assert_eq!(esims.len(), 2);
    let rossi = esims.first().context("no eSIM")?;
    assert_eq!(text(rossi, "iccid"), Some("8944500102198304826"));
    assert_eq!(text(rossi, "referenceId"), Some("TRIP-20251127-ROSSI"));
    assert_eq!(text(rossi, "status"), Some("EXPIRED"));
    assert_eq!(number(rossi, "statusSince"), Some(1_764_835_205));
    assert_eq!(number(rossi, "start"), Some(1_764_230_400));
    assert_eq!(number(rossi, "end"), Some(1_764_835_200));
    assert_eq!(number(rossi, "firstActivatedAt"), Some(1_764_230_400));
    assert_eq!(number(rossi, "lastEventAt"), Some(1_764_835_205));
    assert_eq!(number(rossi, "eventCount"), Some(3));
    let other = esims.last().context("no eSIM")?;
    assert_eq!(
        text(other, "status"),
        Some("UNKNOWN"),
        "a refund tells no status"
    );
    Ok(())
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_at_once() -> Result<()> {
    let dir = tempfile::tempdir()?;
    for round in 0..10 {
        let server = serve_signed(dir.path()).await?;
        let sender = Sender::new(&server.url, Some(crate::SECRET))?;
        sender
            .deliver(&Esim::numbered(round).status("ACTIVATED"))
            .await?;
        server.kill9();
        let kept = Watchd::export_from(crate::BIN.as_ref(), dir.path(), "events", "json")?;
        let kept: Vec<Value> = serde_json::from_str(&kept)?;
        assert_eq!(
            kept.len(),
            usize::try_from(round)? + 1,
            "after round {round}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_delivery_keeps_the_headers_that_help_to_debug_and_no_signature() -> Result<()> {
    let (dir, _server, sender) = signed().await?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    let db = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    let kept: String = db.query_row("SELECT headers FROM deliveries", [], |row| row.get(0))?;
    assert_eq!(kept, "content-type: application/json");
    Ok(())
}

#[tokio::test]
async fn a_repeated_delivery_is_acknowledged_and_stored_once() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let payload = Esim::numbered(1).status("ACTIVATED");
    for _ in 0..5 {
        sender.deliver(&payload).await?;
    }
    sender.deliver(&payload.clone().flat()).await?;
    assert_eq!(server.exported("events")?.len(), 1);
    assert_eq!(number(&server.exported("esims")?[0], "eventCount"), Some(1));
    Ok(())
}

#[tokio::test]
async fn an_event_that_comes_late_does_not_turn_the_state_back() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let esim = Esim::numbered(1);
    sender
        .deliver(&esim.status("EXPIRED").at(SPRING + 2_000))
        .await?;
    sender
        .deliver(&esim.status("ACTIVATED").at(SPRING + 1_000))
        .await?;
    let rows = server.exported("esims")?;
    assert_eq!(text(&rows[0], "status"), Some("EXPIRED"));
    assert_eq!(number(&rows[0], "statusSince"), Some(SPRING + 2_000));
    assert_eq!(number(&rows[0], "firstActivatedAt"), Some(SPRING + 1_000));
    Ok(())
}

#[tokio::test]
async fn two_half_known_esims_become_one() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let esim = Esim::numbered(1);
    sender
        .deliver(&esim.status("NEW").at(SPRING + 1_000).without("iccid"))
        .await?;
    sender
        .deliver(
            &esim
                .status("INSTALLED")
                .at(SPRING + 2_000)
                .without("esim_id"),
        )
        .await?;
    assert_eq!(server.exported("esims")?.len(), 2);
    sender
        .deliver(&esim.status("ACTIVATED").at(SPRING + 3_000))
        .await?;
    let rows = server.exported("esims")?;
    assert_eq!(rows.len(), 1);
    assert_eq!(number(&rows[0], "eventCount"), Some(3));
    Ok(())
}

/// A delivery is stored, and marked as one that this version does not understand.
async fn is_kept_and_marked(payload: &Payload) -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    sender.deliver(payload).await?;
    let events = server.exported("events")?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        events.first().and_then(|event| event.get("recognized")),
        Some(&false.into())
    );
    Ok(())
}

#[tokio::test]
async fn a_status_that_is_new_is_kept_and_marked() -> Result<()> {
    is_kept_and_marked(&Esim::numbered(1).status("SUSPENDED")).await
}

#[tokio::test]
async fn a_status_that_is_new_is_that_of_the_esim() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    sender
        .deliver(&Esim::numbered(1).status("SUSPENDED"))
        .await?;
    let esims = server.exported("esims")?;
    assert_eq!(text(&esims[0], "status"), Some("SUSPENDED"));
    Ok(())
}

#[tokio::test]
async fn an_event_of_an_esim_without_any_name_is_kept_and_marked() -> Result<()> {
    let esim = Esim::numbered(1).status("ACTIVATED");
    let nameless = esim.without("esim_id").without("iccid");
    is_kept_and_marked(&nameless).await
}

#[tokio::test]
async fn an_event_of_a_time_that_cannot_be_read_is_kept_and_marked() -> Result<()> {
    let timeless = Esim::numbered(1)
        .status("ACTIVATED")
        .set("timestamp", "yesterday");
    is_kept_and_marked(&timeless).await
}

#[tokio::test]
async fn many_senders_at_once_lose_nothing() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let mut senders = Vec::new();
    for lane in 0..32_u32 {
        let sender = sender.clone();
        senders.push(tokio::spawn(async move {
            for step in 0..20 {
                let esim = Esim::numbered(lane % 8);
                sender
                    .deliver(&esim.status("ACTIVATED").at(i64::from(lane * 100 + step)))
                    .await?;
            }
            anyhow::Ok(())
        }));
    }
    for sender in senders {
        sender.await??;
    }
    assert_eq!(server.exported("events")?.len(), 640);
    let counted: i64 = server
        .exported("esims")?
        .iter()
        .filter_map(|row| number(row, "eventCount"))
        .sum();
    assert_eq!(counted, 640);
    Ok(())
}

#[tokio::test]
async fn without_a_secret_the_path_is_the_credential() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Watchd::serve(crate::BIN.as_ref(), dir.path(), &[]).await?;
    Sender::new(&server.url, None)?
        .deliver(&Esim::numbered(1).status("NEW"))
        .await?;
    let log = server.sigterm().await?;
    assert!(log.contains("no signing secret is set"), "{log}");
    Ok(())
}

/// The last part of a webhook's address.
fn token(server: &Watchd) -> Result<String> {
    let last = server.url.rsplit('/').next().context("no path")?;
    Ok(last.to_owned())
}

#[tokio::test]
async fn the_address_stays_the_same() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let first = serve_signed(dir.path()).await?;
    let known = token(&first)?;
    first.sigterm().await?;
    let second = serve_signed(dir.path()).await?;
    assert_eq!(token(&second)?, known);
    Ok(())
}

#[tokio::test]
async fn a_command_ends_the_server_and_waits_until_it_has_ended() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let server = serve_signed(dir.path()).await?;
    let stop = || Watchd::stop(Path::new(BIN), dir.path());
    assert_eq!(stop()?.trim(), "The server has ended.");
    let none = stop()?;
    assert!(none.starts_with("No server runs on "), "{none}");
    drop(server);
    Ok(())
}

#[tokio::test]
async fn the_address_is_not_to_be_guessed() -> Result<()> {
    let (_dir, one, _) = signed().await?;
    let (_other_dir, other, _) = signed().await?;
    assert_eq!(token(&one)?.len(), 32);
    assert_ne!(token(&one)?, token(&other)?);
    Ok(())
}

#[tokio::test]
async fn secrets_and_identifiers_stay_out_of_the_log_and_the_database() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    let esim = Esim::numbered(77);
    sender.deliver(&esim.status("ACTIVATED")).await?;
    sender
        .post_signed(esim.status("EXPIRED").bytes(), Some("00"))
        .await?;
    let log = server.sigterm().await?;
    for private in [crate::SECRET, &esim.iccid, &esim.esim_id, &esim.reference] {
        assert!(!log.contains(private), "{private} in {log}");
    }
    let database = std::fs::read(dir.path().join("esim-watch.db"))?;
    let secret = crate::SECRET.as_bytes();
    assert!(!database.windows(secret.len()).any(|bytes| bytes == secret));
    Ok(())
}
