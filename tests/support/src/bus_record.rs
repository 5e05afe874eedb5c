//! A record of every notification that crosses a session bus, taken by the bus itself.
//!
//! The notification server tells what it shows and showed; this tells what was asked of it, when, and
//! what became of it, within a millisecond and without asking again and again.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use anyhow::Result;
use zbus::blocking::fdo::MonitoringProxy;
use zbus::blocking::{MessageIterator, connection};
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedValue;

/// The interface of the Desktop Notifications Specification, and the name of its server.
pub(crate) const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

/// What a program asked the server to show.
#[derive(Debug, Clone)]
pub struct Notification {
    /// The server's number for it.
    pub id: u32,
    /// The program's name.
    pub app: String,
    /// First line.
    pub title: String,
    /// Text, as sent: a server may read markup in it.
    pub body: String,
    /// Actions, as pairs of identifier and label.
    pub actions: Vec<String>,
    /// When the request crossed the bus.
    pub at: SystemTime,
}

#[derive(Default)]
struct Seen {
    asked: HashMap<(String, u32), Notification>,
    shown: Vec<Notification>,
    open: BTreeSet<u32>,
    invoked: Vec<(u32, String)>,
}

/// The record of one bus; it ends with the bus.
#[derive(Clone)]
pub(crate) struct BusRecord(Arc<Mutex<Seen>>);

impl BusRecord {
    /// Starts to take the record. Nothing that crosses the bus after this returns is missed.
    pub(crate) fn of(address: &str) -> Result<Self> {
        let connection = connection::Builder::address(address)?.build()?;
        let calls_and_signals = zbus::MatchRule::builder().interface(NOTIFICATIONS)?.build();
        let answers = zbus::MatchRule::builder()
            .msg_type(Type::MethodReturn)
            .build();
        let messages = MessageIterator::from(&connection);
        MonitoringProxy::new(&connection)?.become_monitor(&[calls_and_signals, answers], 0)?;
        let record = Self(Arc::default());
        let taken = record.clone();
        std::thread::Builder::new()
            .name("bus-record".into())
            .spawn(move || {
                for message in messages.flatten() {
                    // A message of another shape is none that the record is about.
                    taken.take(&message).ok();
                }
            })?;
        Ok(record)
    }

    /// All notifications that the server accepted, oldest first.
    pub(crate) fn shown(&self) -> Vec<Notification> {
        self.seen().shown.clone()
    }

    /// The numbers of those that were not closed yet, in order.
    pub(crate) fn open(&self) -> Vec<u32> {
        self.seen().open.iter().copied().collect()
    }

    /// Which actions were invoked on which notification.
    pub(crate) fn invoked(&self) -> Vec<(u32, String)> {
        self.seen().invoked.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, message: &Message) -> Result<()> {
        let header = message.header();
        let body = message.body();
        let member = header.member().map(|member| member.as_str());
        match (message.message_type(), member) {
            (Type::MethodCall, Some("Notify")) => {
                type Notify = (
                    String,
                    u32,
                    String,
                    String,
                    String,
                    Vec<String>,
                    HashMap<String, OwnedValue>,
                    i32,
                );
                let (app, _, _, title, body, actions, _, _) = body.deserialize::<Notify>()?;
                let at = SystemTime::now();
                let asked = Notification {
                    id: 0,
                    app,
                    title,
                    body,
                    actions,
                    at,
                };
                let sender = header.sender().map(ToString::to_string).unwrap_or_default();
                let serial = message.primary_header().serial_num().get();
                self.seen().asked.insert((sender, serial), asked);
            }
            (Type::MethodReturn, _) => {
                let Some(serial) = header.reply_serial() else {
                    return Ok(());
                };
                let to = header
                    .destination()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let Some(asked) = self.seen().asked.remove(&(to, serial.get())) else {
                    return Ok(());
                };
                let id = body.deserialize::<u32>()?;
                let mut seen = self.seen();
                seen.open.insert(id);
                seen.shown.push(Notification { id, ..asked });
            }
            (Type::Signal, Some("NotificationClosed")) => {
                let (id, _reason) = body.deserialize::<(u32, u32)>()?;
                self.seen().open.remove(&id);
            }
            (Type::Signal, Some("ActionInvoked")) => {
                let invoked = body.deserialize::<(u32, String)>()?;
                self.seen().invoked.push(invoked);
            }
            _ => {}
        }
        Ok(())
    }
}
