//! What retention leaves, seen from outside.

use anyhow::Result;
use esim_watch_core::store::{Ages, Store};
use esim_watch_testkit::{Esim, Watchd};
use serde_json::Value;

use crate::{number, run, signed};

#[tokio::test]
async fn an_export_still_has_every_event_and_says_that_old_payloads_are_gone() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    let esim = Esim::numbered(1);
    for left in [300.0, 200.0, 100.0] {
        sender.deliver(&esim.usage(1000.0, left)).await?;
    }
    sender.deliver(&esim.status("INACTIVE")).await?;
    sender.post("not json").await?;
    let before = server.exported("esims")?;
    server.sigterm().await?;

    // As if it had lain there for a thousand days in which the program ran, and something had come today.
    rusqlite::Connection::open(dir.path().join("esim-watch.db"))?.execute_batch(
        "UPDATE events SET received_at_ms = received_at_ms - 86400000000;
         UPDATE deliveries SET received_at_ms = received_at_ms - 86400000000;
         INSERT OR REPLACE INTO counters (hour, name, value)
             SELECT hour, 'retention:believed_ms', value FROM counters WHERE name = 'last_received_at_ms';",
    )?;
    let store = Store::open(dir.path(), |_| {})?;
    let tidied = store.writer().tidy(Ages::default(), i64::MAX).await?;
    assert_eq!((tidied.bodies, tidied.folded), (4, 2));
    tokio::task::spawn_blocking(move || store.close()).await?;

    let exported = |what| -> Result<Vec<Value>> {
        let text = Watchd::export_from(crate::BIN.as_ref(), dir.path(), what, "json")?;
        Ok(serde_json::from_str(&text)?)
    };
    assert_eq!(exported("esims")?, before);
    assert_eq!(
        before.first().and_then(|esim| number(esim, "eventCount")),
        Some(4)
    );
    let events = exported("events")?;
    assert_eq!(events.len(), 4);
    for event in &events {
        assert_eq!(event.get("payload"), Some(&Value::Null));
    }
    let folder = dir.path().to_string_lossy();
    let checked = run(&["check", "--data-dir", &folder])?;
    assert!(checked.status.success(), "{checked:?}");
    Ok(())
}
