//! `catch-up` where answers break off, where something else answers, and where what was pasted is more than a token.

use anyhow::Result;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::catch_up::fake::{Fake, Sim, TOKEN, catch_up_with};
use crate::catch_up::{exported, row, world};
use crate::catch_up_odd::{count, problems};
use crate::text;

/// Answers that begin and do not end.
const CUTS: [&str; 3] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"iccid\":\"8",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"iccid\"",
];

#[tokio::test]
async fn an_answer_that_breaks_off_keeps_no_other_esim_waiting() -> Result<()> {
    let beginnings = ["", "HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n{"];
    for cut in CUTS.iter().chain(&beginnings) {
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
        let bad = world()[2].clone();
        // The first that is asked for, because somebody travels with it.
        let front = fake
            .front(&format!("/event?esimId={}", bad.id), cut)
            .await?;
        let mut requests = Vec::new();
        for _ in 0..2 {
            let (printed, complete) = fake.catch_up_by(&front, dir.path()).await?;
            requests.extend(printed["requests"].as_u64());
            let told = problems(&printed);
            assert!(!complete && told.len() == 1, "{cut}: {printed}");
            assert!(told[0].contains("the history of an eSIM"), "{told:?}");
            assert_eq!(
                exported(dir.path(), "esims")?.len(),
                world().len() - 1,
                "{cut}"
            );
        }
        // Of the others nothing is asked again so soon.
        assert!(requests[1] < requests[0], "{requests:?}");
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{printed}");
        assert_eq!(text(&row(dir.path(), &bad)?, "status"), Some("ACTIVATED"));
    }
    Ok(())
}

#[tokio::test]
async fn where_every_answer_breaks_off_it_is_soon_given_up() -> Result<()> {
    for path in ["/event", "/api/"] {
        let sims = (0..60).map(|number| Sim::new(number, "INSTALLED").with(&[("NEW", 0)]));
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.collect()).await?);
        let front = fake.front(path, CUTS[1]).await?;
        let (printed, complete) = fake.catch_up_by(&front, dir.path()).await?;
        let told = problems(&printed).join(" ");
        assert!(!complete && told.contains("connection broke"), "{printed}");
        assert!(printed["requests"].as_u64() <= Some(30), "{printed}");
    }
    Ok(())
}

#[tokio::test]
async fn who_never_answers_is_asked_last_after_a_catch_up_that_ended_with_it() -> Result<()> {
    let sims = (0..8).chain(20..30);
    let sims = sims.map(|number| Sim::new(number, "INSTALLED").with(&[("NEW", 0)]));
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.collect()).await?);
    let first_eight = "/event?esimId=00000000-0000-4000-8000-00000000000";
    let front = fake.front(first_eight, CUTS[1]).await?;
    for stored in [0, 10] {
        let (printed, complete) = fake.catch_up_by(&front, dir.path()).await?;
        assert!(!complete, "{printed}");
        assert_eq!(exported(dir.path(), "esims")?.len(), stored, "{printed}");
    }
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(exported(dir.path(), "esims")?.len(), 18);
    Ok(())
}

#[tokio::test]
async fn a_list_that_breaks_off_unless_it_is_short_is_asked_for_in_pieces() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let front = fake.front("limit=10000", CUTS[1]).await?;
    let (printed, complete) = fake.catch_up_by(&front, dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(exported(dir.path(), "esims")?.len(), world().len());
    Ok(())
}

/// The secured address of somebody who answers without TLS, and leaves nothing unread: else Windows drops the answer.
async fn speaks_no_tls() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("https://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            from.readable().await?;
            from.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
            tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
        }
        std::io::Result::Ok(())
    });
    Ok(url)
}

#[tokio::test]
async fn what_is_not_secured_is_told_so_and_asked_once() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let plain = speaks_no_tls().await?;
    let (printed, complete) = fake.catch_up_by(&plain, dir.path()).await?;
    let told = problems(&printed);
    assert!(!complete && told.len() == 1, "{printed}");
    assert!(told[0].contains("can't be secured"), "{printed}");
    assert_eq!(printed["requests"], 1, "{printed}");
    Ok(())
}

#[tokio::test]
async fn what_stands_around_a_token_is_no_part_of_it() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    for (pasted, problem) in [
        (format!("\"{TOKEN}\""), None),
        (format!("Bearer {TOKEN}"), None),
        (format!(" Authorization: Bearer {TOKEN}\r\n"), None),
        (format!("\u{200b}'{TOKEN}'\u{feff}"), None),
        ("\"\"".to_owned(), Some("token is missing")),
        ("Bearer ".to_owned(), Some("token is missing")),
        (format!("{TOKEN}\n{TOKEN}"), Some("more than one line")),
        (format!("{TOKEN} {TOKEN}"), Some("no token has")),
    ] {
        let mut variables = fake.variables();
        variables.retain(|(name, _)| *name != "ESIM_WATCH_API_TOKEN");
        variables.push(("ESIM_WATCH_API_TOKEN", pasted.clone()));
        let (printed, complete) = catch_up_with(dir.path(), variables).await?;
        let told = problems(&printed).join(" ");
        assert_eq!(complete, problem.is_none(), "{pasted:?}: {printed}");
        assert!(
            told.contains(problem.unwrap_or_default()),
            "{pasted:?}: {printed}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn who_never_wants_to_be_asked_again_is_left_alone_and_told_of() -> Result<()> {
    for never in [
        "inf",
        "99999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
        fake.fail("/event", 1, 429, &[("retry-after", never)], "{}");
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        let told = problems(&printed).join(" ");
        assert!(!complete && told.contains("more than a month"), "{printed}");
        assert_eq!(count(&fake.asked(), "/event"), 1);
    }
    for nothing in ["NaN", "-1", "soon"] {
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
        fake.fail("/event", 1, 429, &[("retry-after", nothing)], "{}");
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{nothing}: {printed}");
    }
    Ok(())
}

#[tokio::test]
async fn answers_with_a_mark_of_their_encoding_are_read() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let id = &world()[2].id;
    let history = format!(
        "\u{feff}{{\"esimId\":\"{id}\",\"events\":[{{\"status\":\"ACTIVATED\",\"timeStamp\":1795000200}}]}}"
    );
    fake.fail(&format!("/event?esimId={id}"), 1, 200, &[], &history);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(
        text(&row(dir.path(), &world()[2])?, "status"),
        Some("ACTIVATED")
    );
    Ok(())
}

#[tokio::test]
async fn an_esim_without_usage_is_no_problem_and_an_api_without_it_is_one() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.fail(
        "/usage?iccid=8944500102198000002",
        usize::MAX,
        404,
        &[],
        "{}",
    );
    let id = &world()[2].id;
    fake.fail(&format!("/usage?esimId={id}"), usize::MAX, 404, &[], "{}");
    for _ in 0..2 {
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{printed}");
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.fail("/usage", usize::MAX, 404, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    let told = problems(&printed);
    assert!(!complete && told.len() == 1, "{printed}");
    assert!(told[0].contains("(404)"), "{printed}");
    Ok(())
}
