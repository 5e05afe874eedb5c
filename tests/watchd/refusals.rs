//! Each way to be refused: a clear answer, nothing stored, and the next good delivery accepted.

use anyhow::{Context, Result, ensure};
use esim_watch_core::provider::sign;
use esim_watch_testkit::{Esim, PATIENCE, Sender, eventually};
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

/// Sends raw bytes over a connection of its own.
fn send_raw(url: &str, request: &str) -> Result<TcpStream> {
    let host = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .context("no host")?;
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    Ok(stream)
}

/// Sends raw bytes over a connection of its own and returns what comes back.
fn raw(url: &str, request: &str) -> Result<String> {
    let mut answer = String::new();
    send_raw(url, request)?.read_to_string(&mut answer)?;
    Ok(answer)
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_told_what_is_wrong() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    for (body, reason) in [
        ("", "The body is not valid JSON: it is empty."),
        (
            "hello",
            "The body is not valid JSON: “expected value at line 1 column 1”.",
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
async fn a_missing_signature_is_refused() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let body = Esim::numbered(1).status("ACTIVATED").bytes();
    let missing = sender.post_signed(body, None).await?;
    assert_eq!(missing.status, 401);
    assert!(message(&missing.body)?.starts_with("The X-Roamify-Signature header is missing."));
    assert_eq!(server.exported("events")?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_wrong_signature_is_refused() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let body = Esim::numbered(1).status("ACTIVATED").bytes();
    for wrong in ["", "00", "not hexadecimal", &"0".repeat(64)] {
        let answer = sender.post_signed(body.clone(), Some(wrong)).await?;
        assert_eq!(answer.status, 401, "{wrong}");
        assert!(
            message(&answer.body)?
                .starts_with("The X-Roamify-Signature header does not fit the body.")
        );
    }
    assert_eq!(server.exported("events")?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn the_signature_of_another_secret_is_refused_and_the_right_one_taken_afterwards()
-> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let body = Esim::numbered(1).status("ACTIVATED").bytes();
    let other = Sender::new(&server.url, Some("another secret"))?;
    assert_eq!(other.post(body.clone()).await?.status, 401);
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

/// The answer to a request with these headers and this body, which nobody signed.
fn unsigned(url: &str, headers: &str, body: &str) -> Result<String> {
    let path = url.splitn(4, '/').nth(3).context("no path")?;
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Roamify-Signature: 00\r\n{headers}\r\n\r\n{body}"
    );
    raw(url, &request)
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_comes() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let answer = unsigned(&server.url, "Content-Length: 999999999", "")?;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_body_that_turns_out_too_large_is_refused() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let chunk = "x".repeat(0x8000);
    let chunks = format!("8000\r\n{chunk}\r\n").repeat(12) + "0\r\n\r\n";
    let answer = unsigned(&server.url, "Transfer-Encoding: chunked", &chunks)?;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(server.exported("events")?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_large_body_that_fits_is_taken() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let noted = |kilobytes: usize| {
        let note = "x".repeat(kilobytes * 1024);
        Esim::numbered(1).status("NEW").set("note", note)
    };
    assert_eq!(sender.send(&noted(300)).await?.status, 413);
    sender.deliver(&noted(200)).await?;
    assert_eq!(server.exported("events")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_stored() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let answer = unsigned(&server.url, "Content-Length: 100", "{\"event")?;
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
    let answer = raw(&server.url, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")?;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    // And the connection ends: a tunnel must not keep it for a delivery.
    assert!(answer.contains("connection: close"), "{answer}");
    Ok(())
}

/// The status and the body of the answer to an authentic body of this content type.
fn typed(url: &str, body: &[u8], content_type: Option<&str>) -> Result<(u16, String)> {
    let path = url.splitn(4, '/').nth(3).context("no path")?;
    let signature = sign(SECRET, body);
    let length = body.len();
    let content_type = content_type.map_or_else(String::new, |content_type| {
        format!("Content-Type: {content_type}\r\n")
    });
    let body = std::str::from_utf8(body)?;
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{content_type}X-Roamify-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let answer = raw(url, &request)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no end")?;
    let status = head.split_whitespace().nth(1).context("no status")?;
    Ok((status.parse()?, body.to_owned()))
}

#[tokio::test]
async fn a_body_that_says_it_is_no_json_is_refused() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    for foreign in ["text/plain", "multipart/form-data"] {
        let (status, answer) = typed(&server.url, b"status=NEW", Some(foreign))?;
        assert_eq!(
            (status, message(&answer)?),
            (
                415,
                format!("The content type is “{foreign}”; deliveries must be application/json.")
            )
        );
    }
    assert_eq!(server.exported("events")?.len(), 0);
    Ok(())
}

const WEB_FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_web_form_is_refused() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let (status, _) = typed(&server.url, b"a=b", Some(WEB_FORM))?;
    assert_eq!(status, 415);
    Ok(())
}

#[tokio::test]
async fn a_body_of_which_nobody_says_otherwise_is_taken_for_json() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    let body = Esim::numbered(1).status("NEW").bytes();
    for fine in [
        None,
        Some("application/json; charset=utf-8"),
        Some("application/cloudevents+json"),
        Some("text/plain"),
        Some(WEB_FORM),
    ] {
        let (status, _) = typed(&server.url, &body, fine)?;
        assert_eq!(status, 200, "{fine:?}");
        // As some editors and libraries write it; the signature is over these bytes.
        let marked = [b"\xef\xbb\xbf", body.as_slice()].concat();
        let (status, _) = typed(&server.url, &marked, fine)?;
        assert_eq!(status, 200, "{fine:?}");
    }
    assert_eq!(server.exported("events")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_bytes_of_an_authentic_delivery_that_is_no_json_are_kept() -> Result<()> {
    let (dir, server, _) = signed().await?;
    typed(&server.url, b"status=NEW", Some("text/plain"))?;
    typed(&server.url, b"a=b", Some(WEB_FORM))?;
    server.sigterm().await?;
    let db = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    let kept: i64 = db.query_row(
        "SELECT count(*) FROM deliveries WHERE verdict = 'malformed'",
        [],
        |row| row.get(0),
    )?;
    assert_eq!(kept, 2);
    Ok(())
}

/// With these headers a request is refused, and the next good one taken.
async fn refuses_headers(headers: &str) -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let answer = unsigned(&server.url, headers.trim_end(), "")?;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    Ok(())
}

#[tokio::test]
async fn too_many_headers_are_refused() -> Result<()> {
    let many: String = (0..100).map(|n| format!("x-{n}: 1\r\n")).collect();
    refuses_headers(&many).await
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused() -> Result<()> {
    refuses_headers(&format!("x-large: {}", "x".repeat(20_000))).await
}

#[tokio::test]
async fn two_secrets_count_during_a_rotation() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let env = [
        ("ESIM_WATCH_WEBHOOK_SECRET", "the new one"),
        ("ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS", SECRET),
    ];
    let server =
        esim_watch_testkit::Watchd::serve_with(crate::BIN.as_ref(), dir.path(), &[], &env).await?;
    for (secret, status) in [("the new one", 200), (SECRET, 200), ("a third", 401)] {
        let answer = Sender::new(&server.url, Some(secret))?
            .send(&Esim::numbered(1).status("NEW"))
            .await?;
        assert_eq!(answer.status, status, "{secret}");
    }
    Ok(())
}

#[tokio::test]
async fn idle_and_half_open_strangers_do_not_keep_a_good_sender_out() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let host = server
        .url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .context("no host")?;
    let path = server.url.splitn(4, '/').nth(3).context("no path")?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    let mut strangers = Vec::new();
    for number in 0..700 {
        let mut stranger = TcpStream::connect(host)?;
        match number % 3 {
            0 => {}
            1 => stranger.write_all(b"POST /hooks/x HTTP/1.1\r\nHost:")?,
            _ => stranger.write_all(
                format!("POST /{path} HTTP/1.1\r\nHost: x\r\nX-Roamify-Signature: 00\r\nContent-Length: 9\r\n\r\n{{").as_bytes(),
            )?,
        }
        strangers.push(stranger);
    }
    for number in 2..20 {
        Sender::new(&server.url, Some(SECRET))?
            .deliver(&Esim::numbered(number).status("NEW"))
            .await?;
        sender
            .deliver(&Esim::numbered(number).status("INSTALLED"))
            .await?;
    }
    assert_eq!(server.exported("esims")?.len(), 19);
    Ok(())
}

/// Whoever knows the path, but no secret, begins many long bodies and ends none.
#[tokio::test]
async fn long_bodies_that_never_end_keep_no_short_one_out() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let (host, path) = server
        .url
        .trim_start_matches("http://")
        .split_once('/')
        .context("no path")?;
    let mut strangers = Vec::new();
    let signature = "a".repeat(64);
    for _ in 0..140 {
        let mut stranger = TcpStream::connect(host)?;
        stranger.write_all(
            format!("POST /{path} HTTP/1.1\r\nHost: x\r\nX-Roamify-Signature: {signature}\r\nContent-Length: 262144\r\n\r\n").as_bytes(),
        )?;
        // It may have been refused meanwhile.
        let _ = stranger.write_all(&[b'x'; 262_000]);
        strangers.push(stranger);
    }
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    drop(strangers);
    let long = Esim::numbered(2)
        .status("NEW")
        .set("note", "x".repeat(200 * 1024));
    eventually(PATIENCE, "an answer to a long delivery", async || {
        let answer = sender.send(&long).await?;
        ensure!(answer.status == 200, "{}: {}", answer.status, answer.body);
        Ok(())
    })
    .await
}

/// A system that allows a process few open files, more strangers than those, and one who delivers.
#[cfg(unix)]
#[tokio::test]
async fn few_open_files_do_not_keep_a_good_sender_out() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    use esim_watch_testkit::Watchd;

    use crate::BIN;

    let dir = tempfile::tempdir()?;
    let frugal = dir.path().join("frugal");
    std::fs::write(
        &frugal,
        format!("#!/bin/sh\nulimit -n 128\nexec {BIN:?} \"$@\"\n"),
    )?;
    std::fs::set_permissions(&frugal, PermissionsExt::from_mode(0o700))?;
    let server = Watchd::serve(&frugal, &dir.path().join("data"), &[]).await?;
    let host = server.url.trim_start_matches("http://");
    let host = host.split('/').next().context("no host")?;
    let strangers = (0..400)
        .map(|_| Ok(TcpStream::connect(host)?))
        .collect::<Result<Vec<_>>>()?;
    for number in 1..10 {
        Sender::new(&server.url, None)?
            .deliver(&Esim::numbered(number).status("NEW"))
            .await?;
    }
    drop(strangers);
    let warnings = server.log().matches("can't be accepted").count();
    assert!(warnings <= 1, "{}", server.log());
    Ok(())
}

#[tokio::test]
async fn a_flood_of_wrong_requests_is_cut_off_without_an_answer() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut unanswered = 0;
    // Many are there at once, so that it does not depend on how quick this computer is.
    for _ in 0..10 {
        let flood: Vec<_> = (0..300)
            .map(|_| send_raw(&server.url, request))
            .collect::<Result<_>>()?;
        for mut stream in flood {
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            assert!(
                answer.is_empty() || answer.starts_with("HTTP/1.1 404"),
                "{answer}"
            );
            unanswered += usize::from(answer.is_empty());
        }
        if unanswered > 0 {
            break;
        }
    }
    assert!(unanswered > 0, "every one of them was answered");
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    Ok(())
}
