//! Stands for the notification server where there is none to ask: on Windows and macOS.

use esim_watch_core::catalogue::Catalogue;
use esim_watch_desk::desktop::NotificationReason;
use tokio::sync::mpsc;

use super::super::bus::Bus;
use super::shown::{ServerEvent, ShownNotice};

/// No server.
pub enum Server {}

impl Server {
    /// None.
    pub fn of(_: Option<Bus>, _: &mpsc::UnboundedSender<ServerEvent>) -> Option<Server> {
        None
    }

    /// Never called.
    pub async fn look(&mut self) -> Result<(), NotificationReason> {
        match *self {}
    }

    /// Never called.
    pub fn hear_late(&mut self) -> Option<Result<(), NotificationReason>> {
        match *self {}
    }

    /// Never called.
    pub async fn show(
        &mut self,
        _: &ShownNotice,
        _: &Catalogue,
    ) -> Result<u32, NotificationReason> {
        match *self {}
    }
}
