//! A desk for tests of questions.

use esim_watch_core::store::{Delivery, Store};

use crate::{Desk, DeskOptions};

/// A desk to which these were delivered, body and UTC milliseconds, before it was started; and its folder.
pub(super) async fn desk_of(
    told: impl IntoIterator<Item = (String, i64)>,
) -> (tempfile::TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| ()).unwrap();
    for (body, at_ms) in told {
        let delivery = Delivery::of(body, at_ms);
        store.writer().deliver(delivery).await.unwrap();
    }
    tokio::task::spawn_blocking(move || drop(store))
        .await
        .unwrap();
    let options = DeskOptions {
        data_dir: Some(folder.path().to_owned()),
        port: Some(0),
    };
    let (desk, _) = Desk::start(options).await;
    (folder, desk)
}
