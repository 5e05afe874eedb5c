//! `send` and `simulate` against `serve`.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::{SECRET, run, signed, text};

#[tokio::test(flavor = "multi_thread")]
async fn send_posts_signed_files_and_prints_the_answers() -> Result<()> {
    let (dir, server, _) = signed().await?;
    let good = dir.path().join("good.json");
    std::fs::write(
        &good,
        esim_watch_testkit::Esim::numbered(1).status("NEW").bytes(),
    )?;
    let bad = dir.path().join("bad.json");
    std::fs::write(&bad, "no json")?;
    let (good, bad) = (good.to_string_lossy(), bad.to_string_lossy());
    let all_good = run(&["send", "--url", &server.url, "--secret", SECRET, &good])?;
    assert!(all_good.status.success());
    let said = String::from_utf8(all_good.stdout)?;
    assert!(said.contains("200") && said.contains("good.json"), "{said}");
    let some_bad = run(&[
        "send",
        "--url",
        &server.url,
        "--secret",
        SECRET,
        &bad,
        &good,
        "no such file",
    ])?;
    assert_eq!(some_bad.status.code(), Some(1));
    let said = String::from_utf8(some_bad.stdout)? + &String::from_utf8(some_bad.stderr)?;
    assert!(
        said.contains("400") && said.contains("not valid JSON"),
        "{said}"
    );
    assert!(said.contains("no such file"), "{said}");
    assert_eq!(server.exported("events")?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn simulated_traffic_is_accepted_and_shows_all_sides_of_the_real_one() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let simulated = run(&[
        "simulate",
        "--url",
        &server.url,
        "--secret",
        SECRET,
        "--esims",
        "40",
        "--rate",
        "150",
        "--seconds",
        "5",
        "--seed",
        "7",
    ])?;
    let said = String::from_utf8(simulated.stdout)? + &String::from_utf8(simulated.stderr)?;
    assert!(simulated.status.success(), "{said}");
    let events = server.exported("events")?;
    assert!(
        events.len() > 500 && events.len() < 750,
        "{} of 750 deliveries were events of their own",
        events.len()
    );
    let seen = |name: &str| {
        events
            .iter()
            .filter_map(|event| text(event, name))
            .collect::<BTreeSet<_>>()
    };
    for category in ["esim", "partner", "affiliate", "refund"] {
        assert!(seen("category").contains(category), "no {category}");
    }
    for status in ["NEW", "INSTALLED", "ACTIVATED", "INACTIVE", "EXPIRED"] {
        assert!(seen("status").contains(status), "no {status}");
    }
    let flat = |event: &&serde_json::Value| event.pointer("/payload/data").is_none();
    let flat = events.iter().filter(flat).count();
    assert!(flat > 0 && flat < events.len(), "one envelope only");
    let esims = server.exported("esims")?;
    let references = esims
        .iter()
        .filter_map(|esim| text(esim, "referenceId"))
        .collect::<BTreeSet<_>>();
    assert!(
        references.len() < esims.len(),
        "no order holds several eSIMs"
    );
    let known = events
        .iter()
        .filter(|event| event.get("recognized") == Some(&true.into()))
        .count();
    assert!(
        known < events.len() && known * 10 > events.len() * 9,
        "{known} recognised"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_not_there_is_told() -> Result<()> {
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let url = format!("http://{free}/hooks/x");
    let simulated = run(&[
        "simulate",
        "--url",
        &url,
        "--rate",
        "5",
        "--seconds",
        "1",
        "--seed",
        "1",
    ])?;
    assert_eq!(simulated.status.code(), Some(1));
    let said = String::from_utf8(simulated.stdout)? + &String::from_utf8(simulated.stderr)?;
    said.contains("failed")
        .then_some(())
        .with_context(|| said.clone())
}
