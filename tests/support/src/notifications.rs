//! The notification server of a virtual desktop: dunst, as its users run it.
//!
//! dunst keeps what is on the screen and what was on it apart: `dunstctl history` lists the latter.
//! Notifications stay on the screen here until something is done about them, so that none is gone
//! before a test could click on it; a click closes it, and closed ones are in the history at once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use zbus::zvariant::OwnedValue;
use zbus::{Connection, Proxy, connection, fdo};

use crate::PATIENCE;
use crate::bus_record::{BusRecord, NOTIFICATIONS, Notification};
use crate::child::Running;
use crate::dunst;
use crate::history::Remembered;
use crate::poll::eventually;
use crate::refusing::Refusing;

/// dunst, running on a virtual desktop.
pub struct NotificationServer {
    dunst: Running,
    env: Vec<(String, String)>,
    folder: PathBuf,
    connection: Connection,
    record: BusRecord,
}

impl NotificationServer {
    /// Starts dunst with `env` (display and bus at `address`) and awaits that it answers.
    pub(crate) async fn start(
        address: &str,
        env: &[(String, String)],
        folder: &Path,
    ) -> Result<Self> {
        dunst::configure(folder)?;
        let record = BusRecord::of(address)?;
        let connection = connection::Builder::address(address)?.build().await?;
        let mut server = Self {
            dunst: dunst::start(env, folder)?,
            env: env.to_vec(),
            folder: folder.to_owned(),
            connection,
            record,
        };
        server.await_answer().await?;
        Ok(server)
    }

    /// Ends dunst the way a crash would: nobody shows notifications any more.
    pub fn stop(&mut self) {
        self.dunst.kill();
    }

    /// Starts dunst again after [`NotificationServer::stop`].
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_again(&mut self) -> Result<()> {
        self.dunst = dunst::start(&self.env, &self.folder)?;
        self.await_answer().await
    }

    /// Halts dunst as it is: it keeps its place and answers nothing.
    ///
    /// # Errors
    /// If it ended before.
    pub fn hang(&self) -> Result<()> {
        self.dunst.suspend(true)
    }

    /// Lets dunst go on after [`NotificationServer::hang`], with what it was sent meanwhile.
    ///
    /// # Errors
    /// If it ended before.
    pub fn go_on(&self) -> Result<()> {
        self.dunst.suspend(false)
    }

    /// Puts a server in dunst's place, after [`NotificationServer::stop`], that refuses everything for
    /// this reason.
    ///
    /// # Errors
    /// If dunst still has its place.
    pub async fn refuse(&self, reason: &str) -> Result<Refusing> {
        let address = self
            .env
            .iter()
            .find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS");
        let (_, address) = address.context("no session bus")?;
        Refusing::start(address, reason).await
    }

    async fn await_answer(&mut self) -> Result<()> {
        let bus = fdo::DBusProxy::new(&self.connection).await?;
        let dunst = &mut self.dunst;
        eventually(PATIENCE, "dunst on the session bus", async || {
            dunst.ensure_running()?;
            let there = bus.name_has_owner(NOTIFICATIONS.try_into()?).await?;
            ensure!(there, "nobody owns {NOTIFICATIONS}");
            Ok(())
        })
        .await
    }

    /// Every notification that was asked for and accepted, oldest first, on the screen or not.
    #[must_use]
    pub fn notified(&self) -> Vec<Notification> {
        self.record.shown()
    }

    /// Awaits a notification whose title or text contains each of `parts`.
    ///
    /// # Errors
    /// If there is none after [`PATIENCE`]; the message lists those that came.
    pub async fn notification(&self, parts: &[&str]) -> Result<Notification> {
        eventually(
            PATIENCE,
            &format!("a notification that names {parts:?}"),
            async || {
                let all = self.notified();
                let found = all.iter().find(|one| {
                    parts
                        .iter()
                        .all(|part| one.title.contains(part) || one.body.contains(part))
                });
                found.cloned().with_context(|| describe(&all))
            },
        )
        .await
    }

    /// dunst's history (`dunstctl history`), newest first: what was on the screen and was closed.
    ///
    /// # Errors
    /// If dunst does not answer.
    pub async fn history(&self) -> Result<Vec<Remembered>> {
        let list: Vec<HashMap<String, OwnedValue>> = self
            .control()
            .await?
            .call("NotificationListHistory", &())
            .await?;
        list.into_iter().map(Remembered::from_entry).collect()
    }

    /// Awaits that dunst's history has this notification.
    ///
    /// # Errors
    /// If it is not there after [`PATIENCE`].
    pub async fn remembered(&self, notification: &Notification) -> Result<Remembered> {
        let what = format!("notification {} in dunst's history", notification.id);
        eventually(PATIENCE, &what, async || {
            let history = self.history().await?;
            let found = history.iter().find(|one| one.id == notification.id);
            found
                .cloned()
                .with_context(|| format!("it holds {history:?}"))
        })
        .await
    }

    /// Clicks on a notification that is on the screen: its default action (`dunstctl action`), then
    /// it goes, as after a click with the mouse.
    ///
    /// Older ones are closed before: dunst (seen in 1.9 to 1.12) checks the place it is told against
    /// the number of those that wait for a place, so only the topmost can be clicked this way.
    ///
    /// # Errors
    /// If it is not on the screen, or dunst does not report the click.
    pub async fn click(&self, notification: &Notification) -> Result<()> {
        // dunst does not sort here: the oldest is at the top.
        for older in self
            .record
            .open()
            .into_iter()
            .take_while(|id| *id < notification.id)
        {
            self.close(older).await?;
        }
        eventually(
            PATIENCE,
            "the notification at the top of the screen",
            async || {
                let open = self.record.open();
                ensure!(open.first() == Some(&notification.id), "{open:?} are on it");
                let displayed: u32 = self
                    .control()
                    .await?
                    .get_property("displayedLength")
                    .await?;
                ensure!(
                    usize::try_from(displayed)? == open.len(),
                    "{displayed} of {open:?}"
                );
                Ok(())
            },
        )
        .await?;
        let _: () = self
            .control()
            .await?
            .call("NotificationAction", &(0u32,))
            .await?;
        eventually(PATIENCE, "the report of the click", async || {
            let invoked = self.record.invoked();
            let clicked = (notification.id, "default".to_owned());
            ensure!(invoked.contains(&clicked), "invoked so far: {invoked:?}");
            Ok(())
        })
        .await?;
        self.close(notification.id).await
    }

    /// Presses a button of a notification that is on the screen: an entry of its menu in dunst.
    ///
    /// # Errors
    /// If it has no button with this identifier, or dunst does not report it.
    pub async fn press(&self, notification: &Notification, button: &str) -> Result<()> {
        let choice = format!("[{},{button}]", notification.id);
        dunst::choose(&self.folder, &choice)?;
        let _: () = self.control().await?.call("ContextMenuCall", &()).await?;
        let what = format!("the report of the button {button}");
        eventually(PATIENCE, &what, async || {
            let invoked = self.record.invoked();
            let pressed = (notification.id, button.to_owned());
            ensure!(invoked.contains(&pressed), "invoked so far: {invoked:?}");
            Ok(())
        })
        .await
    }

    /// Takes all notifications off the screen (`dunstctl close-all`): they are in the history then.
    ///
    /// # Errors
    /// If dunst does not do it.
    pub async fn close_all(&self) -> Result<()> {
        eventually(PATIENCE, "an empty screen", async || {
            self.control()
                .await?
                .call::<_, _, ()>("NotificationCloseAll", &())
                .await?;
            let open = self.record.open();
            ensure!(open.is_empty(), "still there: {open:?}");
            Ok(())
        })
        .await
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        format!(
            "{}\nnotified: {}",
            self.dunst.log(),
            describe(&self.notified())
        )
    }

    async fn close(&self, id: u32) -> Result<()> {
        Ok(self
            .proxy(NOTIFICATIONS)
            .await?
            .call("CloseNotification", &(id,))
            .await?)
    }

    /// What `dunstctl` talks to.
    async fn control(&self) -> Result<Proxy<'_>> {
        self.proxy("org.dunstproject.cmd0").await
    }

    async fn proxy(&self, interface: &'static str) -> Result<Proxy<'_>> {
        let builder = zbus::proxy::Builder::new(&self.connection)
            .destination(NOTIFICATIONS)?
            .path("/org/freedesktop/Notifications")?
            .interface(interface)?
            .cache_properties(zbus::proxy::CacheProperties::No);
        Ok(builder.build().await?)
    }
}

fn describe(all: &[Notification]) -> String {
    let mut text = format!("{} notifications", all.len());
    for one in all {
        // Writing to a string does not fail.
        write!(text, "; {:?}: {:?}", one.title, one.body).ok();
    }
    text
}
