//! Whether somebody on a Linux desktop shows tray icons: panels are `StatusNotifier` hosts, and they
//! come and go. GNOME has none unless an extension brings one.

use tokio::sync::watch;
use zbus::zvariant::OwnedValue;

use crate::bus::{Bus, Peer};

const WATCHER: Peer = Peer {
    name: "org.kde.StatusNotifierWatcher",
    path: "/StatusNotifierWatcher",
    interface: "org.kde.StatusNotifierWatcher",
};

/// Tells whether there is a host, now and whenever that changes. `None` until it was looked for. Needs tokio's runtime.
#[must_use]
pub fn watch(bus: Bus) -> watch::Receiver<Option<bool>> {
    let (here, told) = watch::channel(None);
    tokio::spawn(async move {
        if let Err(error) = keep_looking(&bus, &here).await {
            tracing::warn!(%error, "whether a panel shows tray icons can't be told");
            here.send_replace(Some(false));
        }
    });
    told
}

async fn keep_looking(bus: &Bus, here: &watch::Sender<Option<bool>>) -> zbus::Result<()> {
    let mut watchers = bus.changes_of_owner(WATCHER).await?;
    let mut hosts = bus.signals(WATCHER).await?;
    loop {
        let found = is_here(bus).await;
        here.send_if_modified(|known| known.replace(found) != Some(found));
        tokio::select! {
            Some(_) = watchers.recv() => {}
            Some(_) = hosts.recv() => {}
            () = here.closed() => return Ok(()),
            else => return Ok(()),
        }
    }
}

async fn is_here(bus: &Bus) -> bool {
    let properties = Peer {
        interface: "org.freedesktop.DBus.Properties",
        ..WATCHER
    };
    let question = (WATCHER.interface, "IsStatusNotifierHostRegistered");
    let answer: zbus::Result<OwnedValue> = bus.call(properties, "Get", &question).await;
    match answer {
        Ok(value) => bool::try_from(value).unwrap_or(false),
        Err(error) => {
            tracing::debug!(%error, "no watcher of tray icons");
            false
        }
    }
}
