//! Each way to be refused: a clear answer, nothing stored, and the next good delivery accepted.

use anyhow::{Context, Result};
use esim_watch_testkit::{Esim, PATIENCE, Sender};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::{SECRET, signed};

/// The message of a refusal.
fn message(body: &str) -> Result<String> {
    let body: Value = serde_json::from_str(body).with_context(|| body.to_owned())?;
    assert_eq!(crate::text(&body, "status"), Some("error"));
    Ok(crate::text(&body, "message")
        .context("no message")?
        .to_owned())
}

/// Sends raw bytes over a connection of its own and returns what comes back.
fn raw(url: &str, request: &str) -> Result<String> {
    let host = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .context("no host")?;
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_told_what_is_wrong() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    for (body, reason) in [
        ("", "The body is not valid JSON: it is empty."),
        (
            "hello",
            "The body is not valid JSON: expected value at line 1 column 1.",
        ),
        ("[{}]", "The body must be a JSON object, but it is a list."),
        (
            "\"text\"",
            "The body must be a JSON object, but it is a text.",
        ),
        ("null", "The body must be a JSON object, but it is null."),
    ] {
        let answer = sender.post(body).await?;
        assert_eq!(
            (answer.status, message(&answer.body)?.as_str()),
            (400, reason)
        );
    }
    assert_eq!(server.exported("events")?.len(), 0);
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    assert_eq!(server.exported("events")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn authentic_bytes_that_are_no_event_are_kept_all_the_same() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    sender.post("half a {").await?;
    sender.post_signed("a stranger's", Some("00")).await?;
    server.sigterm().await?;
    let db = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    let kept: Vec<Vec<u8>> = db
        .prepare("SELECT body FROM deliveries")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    assert_eq!(kept, [b"half a {".to_vec()]);
    Ok(())
}

#[tokio::test]
async fn a_wrong_or_missing_signature_is_refused() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let body = Esim::numbered(1).status("ACTIVATED").bytes();
    let missing = sender.post_signed(body.clone(), None).await?;
    assert_eq!(missing.status, 401);
    assert!(message(&missing.body)?.starts_with("The X-Roamify-Signature header is missing."));
    for wrong in ["", "00", "not hexadecimal", &"0".repeat(64)] {
        let answer = sender.post_signed(body.clone(), Some(wrong)).await?;
        assert_eq!(answer.status, 401, "{wrong}");
        assert!(
            message(&answer.body)?
                .starts_with("The X-Roamify-Signature header does not fit the body.")
        );
    }
    let other = Sender::new(&server.url, Some("another secret"))?
        .post(body.clone())
        .await?;
    assert_eq!(other.status, 401);
    assert_eq!(server.exported("events")?.len(), 0);
    assert_eq!(sender.post(body).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_wrong_path_tells_a_stranger_nothing() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let base = server
        .url
        .rsplit_once("/hooks/")
        .context("no path")?
        .0
        .to_owned();
    let mut answers = Vec::new();
    for path in [
        "/",
        "/hooks",
        "/hooks/",
        "/hooks/0123456789abcdef0123456789abcdef",
        "/admin",
    ] {
        let answer = Sender::new(format!("{base}{path}"), Some(SECRET))?
            .post("{}")
            .await?;
        assert_eq!(answer.status, 404, "{path}");
        answers.push(answer.body);
    }
    assert!(answers.iter().all(String::is_empty), "{answers:?}");
    Ok(())
}

#[tokio::test]
async fn only_post_is_taken() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let path = server.url.splitn(4, '/').nth(3).context("no path")?;
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let answer = raw(
            &server.url,
            &format!("{method} /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        )?;
        assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
        assert!(answer.contains("allow: POST"), "{answer}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_announced_or_not() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let large = Esim::numbered(1)
        .status("NEW")
        .set("note", "x".repeat(300 * 1024));
    let path = server.url.splitn(4, '/').nth(3).context("no path")?;
    let announced = raw(
        &server.url,
        &format!(
            "POST /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 999999999\r\n\r\n"
        ),
    )?;
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
    let chunk = "x".repeat(0x8000);
    let chunks = format!("8000\r\n{chunk}\r\n").repeat(12);
    let unannounced = raw(
        &server.url,
        &format!(
            "POST /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"
        ),
    )?;
    assert!(unannounced.starts_with("HTTP/1.1 413"), "{unannounced}");
    assert!(large.bytes().len() > 256 * 1024);
    assert_eq!(server.exported("events")?.len(), 0);
    let fits = Esim::numbered(1)
        .status("NEW")
        .set("note", "x".repeat(200 * 1024));
    sender.deliver(&fits).await?;
    Ok(())
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_stored() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let path = server.url.splitn(4, '/').nth(3).context("no path")?;
    let answer = raw(
        &server.url,
        &format!(
            "POST /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{{\"event"
        ),
    )?;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
        "{answer}"
    );
    assert_eq!(server.exported("events")?.len(), 0);
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    Ok(())
}

#[tokio::test]
async fn the_health_answer_tells_nothing() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let answer = raw(
        &server.url,
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )?;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    Ok(())
}
