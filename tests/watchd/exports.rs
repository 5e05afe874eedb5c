//! Exports: their fields, their exactness, and that they need no server.

use anyhow::Result;
use esim_watch_testkit::{Esim, Watchd};
use serde_json::Value;

use crate::{run, signed, text};

fn names(record: &Value) -> Vec<&str> {
    record
        .as_object()
        .map(|fields| fields.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

#[tokio::test]
async fn the_records_have_exactly_the_documented_fields() -> Result<()> {
    let (_dir, server, sender) = signed().await?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    let mut esim = [
        "esimId",
        "iccid",
        "referenceId",
        "status",
        "statusSince",
        "start",
        "end",
        "firstActivatedAt",
        "lastEventAt",
        "eventCount",
    ];
    let mut event = [
        "key",
        "category",
        "type",
        "occurredAt",
        "receivedAt",
        "esimId",
        "iccid",
        "referenceId",
        "status",
        "recognized",
        "source",
        "payload",
    ];
    for (what, fields) in [("esims", &mut esim[..]), ("events", &mut event[..])] {
        let header = server.export(what, "csv")?;
        assert_eq!(
            header.lines().next(),
            Some(format!("\"{}\"", fields.join("\",\"")).as_str())
        );
        let records = server.exported(what)?;
        fields.sort_unstable();
        assert_eq!(names(&records[0]), *fields);
    }
    Ok(())
}

#[tokio::test]
async fn an_empty_store_exports_an_empty_array() -> Result<()> {
    let (_dir, server, _) = signed().await?;
    assert_eq!(server.exported("esims")?, Vec::<Value>::new());
    assert_eq!(server.exported("events")?, Vec::<Value>::new());
    Ok(())
}

#[tokio::test]
async fn odd_texts_and_long_numbers_come_out_as_they_went_in() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    let references = [
        "ליאור, \"בן\"\n2",
        "<script>alert(1)</script>",
        "=1+1",
        "x;=HYPERLINK(1)",
        &"long ".repeat(40),
        "AG–1007 ﬁ  ＷＥ\u{a0}2",
    ];
    for (reference, number) in references.iter().zip(1..) {
        let esim = Esim {
            iccid: format!("8944501021983048260{number}"),
            ..Esim::numbered(number)
        };
        let payload = esim.status("NEW").reference(reference);
        sender.deliver(&payload).await?;
    }
    server.sigterm().await?;
    let esims = Watchd::export_from(crate::BIN.as_ref(), dir.path(), "esims", "json")?;
    let esims: Vec<Value> = serde_json::from_str(&esims)?;
    assert_eq!(esims.len(), references.len());
    for (esim, reference) in esims.iter().zip(references) {
        // Control characters are no part of a name; white space around it neither.
        let expected = reference.replace('\n', "");
        assert_eq!(text(esim, "referenceId"), Some(expected.trim()));
        assert_eq!(text(esim, "iccid").map(str::len), Some(20));
    }
    let csv = Watchd::export_from(crate::BIN.as_ref(), dir.path(), "esims", "csv")?;
    assert!(csv.contains("\"ליאור, \"\"בן\"\"2\""), "{csv}");
    assert!(
        csv.contains("\"'=1+1\"") && csv.contains("\"x;'=HYPERLINK(1)\""),
        "{csv}"
    );
    let events = Watchd::export_from(crate::BIN.as_ref(), dir.path(), "events", "csv")?;
    assert!(events.contains("\"AG–1007 ﬁ  ＷＥ\u{a0}2\""), "{events}");
    assert!(
        !events.contains(";=") && !events.contains("\"=1"),
        "{events}"
    );
    Ok(())
}

#[tokio::test]
async fn a_file_is_written_whole_or_not_at_all() -> Result<()> {
    let (dir, _server, sender) = signed().await?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    let folder = dir.path().to_string_lossy();
    let file = dir.path().join("out.json");
    let output = run(&[
        "export",
        "esims",
        "--format",
        "json",
        "--data-dir",
        &folder,
        "--output",
        &file.to_string_lossy(),
    ])?;
    assert!(output.status.success());
    let written: Vec<Value> = serde_json::from_slice(&std::fs::read(&file)?)?;
    assert_eq!(written.len(), 1);
    let nowhere = dir.path().join("no such folder/out.json");
    let output = run(&[
        "export",
        "esims",
        "--format",
        "json",
        "--data-dir",
        &folder,
        "--output",
        &nowhere.to_string_lossy(),
    ])?;
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("can't be written. Choose another file"),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn a_folder_without_a_database_is_told() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let folder = dir.path().join("elsewhere");
    let output = run(&[
        "export",
        "esims",
        "--format",
        "json",
        "--data-dir",
        &folder.to_string_lossy(),
    ])?;
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("There is no eSIM Watch database in"),
        "{said}"
    );
    assert!(!folder.exists(), "looking must not create anything");
    assert!(output.stdout.is_empty(), "half an export");
    Ok(())
}
