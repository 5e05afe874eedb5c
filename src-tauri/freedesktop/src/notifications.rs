//! The notification server of a Linux desktop, after the Desktop Notifications Specification. Each call
//! is answered before the next one, so notifications keep their order and failures are known.

mod late;

use std::collections::HashMap;

use esim_watch_core::catalogue::Catalogue;
use esim_watch_desk::desktop::NotificationReason;
use esim_watch_desk::notice::{BUTTONS, NoticeEvent, ShownNotice};
use tokio::sync::mpsc;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::Value;
use zbus::{Message, message};

use self::late::{Before, LateAnswers};
use crate::bus::{ANSWER_WAIT, Bus, Peer};

const SERVER: Peer = Peer {
    name: "org.freedesktop.Notifications",
    path: "/org/freedesktop/Notifications",
    interface: "org.freedesktop.Notifications",
};

/// What the server can do.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    /// Reports clicks and shows buttons.
    actions: bool,
    /// Reads markup in the body.
    markup: bool,
}

/// That a server did not show a notification.
#[derive(Debug)]
struct Refusal {
    /// The server's own name on the bus: another one that takes its place has another.
    by: OwnedUniqueName,
    reason: NotificationReason,
}

/// The way to the screen: the server, or that none can be reached.
pub struct ServerWay {
    bus: Option<Bus>,
    /// Its own name on the bus.
    name: Option<OwnedUniqueName>,
    /// Nothing is known of a server that did not answer yet.
    abilities: Option<Abilities>,
    /// What became of the last notification, if it was refused.
    refusal: Option<Refusal>,
    late: LateAnswers,
    happened: mpsc::UnboundedSender<NoticeEvent>,
}

impl ServerWay {
    /// Tells `happened` of clicks from now on.
    #[must_use]
    pub fn start(bus: Option<Bus>, happened: mpsc::UnboundedSender<NoticeEvent>) -> ServerWay {
        if let Some(bus) = bus.clone() {
            tokio::spawn(listen(bus, happened.clone()));
        }
        ServerWay {
            bus,
            name: None,
            abilities: None,
            refusal: None,
            late: LateAnswers::default(),
            happened,
        }
    }

    /// Asks whether it is there, which by itself says nothing against the next notification: one that
    /// refused the last one is told of until it takes one. News of its coming may be heard after that.
    pub async fn look(&mut self) -> Result<(), NotificationReason> {
        let server = self.learn().await?;
        self.late.server_is(server.as_ref());
        match &self.refusal {
            Some(refusal) if Some(&refusal.by) == server.as_ref() => Err(refusal.reason.clone()),
            _ => Ok(()),
        }
    }

    /// Asks what it can do; the bus starts it if it knows how. Returns its own name on the bus.
    async fn learn(&mut self) -> Result<Option<OwnedUniqueName>, NotificationReason> {
        self.abilities = None;
        let asked = self.bus()?.ask(SERVER, "GetCapabilities", &()).await;
        let answer = asked.map_err(|error| reason(&error))?;
        let body = answer.body();
        let able: Vec<&str> = body.deserialize().map_err(|error| reason(&error))?;
        self.abilities = Some(Abilities {
            actions: able.contains(&"actions"),
            markup: able.contains(&"body-markup"),
        });
        self.name = sender(&answer);
        Ok(self.name.clone())
    }

    /// Takes note of an answer that came late. Returns whether one came, and what it says.
    pub fn hear_late(&mut self) -> Option<Result<(), NotificationReason>> {
        let answer = self.late.hear()?;
        self.refusal = answer.as_ref().err().and_then(Refusal::of);
        Some(answer.map_err(|error| reason(&error)))
    }

    /// Shows a notice. Returns the server's number for it.
    pub async fn show(
        &mut self,
        notice: &ShownNotice,
        catalogue: &Catalogue,
    ) -> Result<u32, NotificationReason> {
        // Told already, or told to whoever asks next.
        let _ = self.hear_late();
        let replaces = match self.late.before(&notice.alerts) {
            Before::Hangs => return Err(reason(&Bus::no_answer(ANSWER_WAIT))),
            Before::IsShown(id) => return Ok(id),
            Before::Replaces(id) => id,
        };
        if self.abilities.is_none() {
            self.learn().await?;
        }
        let abilities = self.abilities.unwrap_or(Abilities {
            actions: false,
            markup: false,
        });
        let mut actions = Vec::new();
        if abilities.actions {
            // A click on the notification itself is reported as this action, if it is offered.
            actions.extend(["default".to_owned(), catalogue.plain("notice.open")]);
            if !notice.alerts.is_empty() {
                let buttons = BUTTONS.iter();
                actions
                    .extend(buttons.flat_map(|(id, key)| [(*id).to_owned(), catalogue.plain(key)]));
            }
        }
        let body = if abilities.markup {
            escaped(&notice.body)
        } else {
            notice.body.clone()
        };
        let hints: HashMap<&'static str, Value<'static>> = HashMap::new();
        let as_the_server_likes = -1_i32;
        let notification = (
            "eSIM Watch",
            replaces.unwrap_or(0),
            "esim-watch",
            notice.title.clone(),
            body,
            actions,
            hints,
            as_the_server_likes,
        );
        let happened = self.happened.clone();
        let tell = move || {
            // Who hears of it is gone only while the program ends.
            let _ = happened.send(NoticeEvent::Answered);
        };
        let mut answer = self.bus()?.begin(SERVER, "Notify", notification, tell);
        let shown = match tokio::time::timeout(ANSWER_WAIT, &mut answer).await {
            Ok(shown) => shown.unwrap_or_else(|_| Err(Bus::no_answer(ANSWER_WAIT))),
            Err(_) => {
                self.late
                    .waits_for(&notice.alerts, self.name.clone(), answer);
                Err(Bus::no_answer(ANSWER_WAIT))
            }
        };
        self.refusal = shown.as_ref().err().and_then(Refusal::of);
        shown.map_err(|error| reason(&error))
    }

    fn bus(&self) -> Result<&Bus, NotificationReason> {
        self.bus.as_ref().ok_or(NotificationReason::NoBus)
    }
}

impl Refusal {
    /// `None` if no server answered.
    fn of(error: &zbus::Error) -> Option<Refusal> {
        let zbus::Error::MethodError(_, _, answer) = error else {
            return None;
        };
        Some(Refusal {
            by: sender(answer)?,
            reason: reason(error),
        })
    }
}

/// Who sent it, by its own name on the bus.
fn sender(answer: &Message) -> Option<OwnedUniqueName> {
    answer.header().sender().cloned().map(OwnedUniqueName::from)
}

async fn listen(bus: Bus, happened: mpsc::UnboundedSender<NoticeEvent>) {
    if let Err(error) = keep_listening(&bus, &happened).await {
        tracing::error!(%error, "clicks on notifications will not be heard");
    }
}

async fn keep_listening(
    bus: &Bus,
    happened: &mpsc::UnboundedSender<NoticeEvent>,
) -> zbus::Result<()> {
    let mut signals = bus.signals(SERVER).await?;
    let mut servers = bus.changes_of_owner(SERVER).await?;
    // A server may have come or gone between the first look and now.
    let _ = happened.send(NoticeEvent::ServerChanged);
    loop {
        let event = tokio::select! {
            Some(signal) = signals.recv() => event(&signal),
            Some(_) = servers.recv() => Some(NoticeEvent::ServerChanged),
            () = happened.closed() => return Ok(()),
            else => return Ok(()),
        };
        if let Some(event) = event {
            // Who hears of it is gone only while the program ends.
            let _ = happened.send(event);
        }
    }
}

fn event(signal: &Message) -> Option<NoticeEvent> {
    let header = signal.header();
    let body = signal.body();
    debug_assert_eq!(signal.message_type(), message::Type::Signal);
    // A signal of another shape is not one of the specification's.
    match header.member()?.as_str() {
        "ActionInvoked" => {
            let (id, action) = body.deserialize().ok()?;
            Some(NoticeEvent::Acted(id, action))
        }
        "NotificationClosed" => {
            let (id, _reason): (u32, u32) = body.deserialize().ok()?;
            Some(NoticeEvent::Closed(id))
        }
        _ => None,
    }
}

fn reason(error: &zbus::Error) -> NotificationReason {
    match error {
        zbus::Error::MethodError(name, detail, _) => match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown"
            | "org.freedesktop.DBus.Error.NameHasNoOwner" => NotificationReason::NoServer,
            // It went away without an answer.
            "org.freedesktop.DBus.Error.NoReply" => {
                NotificationReason::Unreachable(detail.as_deref().unwrap_or(name).to_owned())
            }
            // The bus knows how to start one, and it does not come up.
            name if name.starts_with("org.freedesktop.DBus.Error.Spawn.")
                || name == "org.freedesktop.DBus.Error.TimedOut" =>
            {
                NotificationReason::NotStarted
            }
            name => NotificationReason::Refused(detail.as_deref().unwrap_or(name).to_owned()),
        },
        error => NotificationReason::Unreachable(error.to_string()),
    }
}

/// Text that stays text where markup is read.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(
        member: &str,
        body: &(impl serde::Serialize + zbus::zvariant::DynamicType),
    ) -> Message {
        Message::signal(SERVER.path, SERVER.interface, member)
            .unwrap()
            .build(body)
            .unwrap()
    }

    #[test]
    fn signals_of_the_server_are_understood_and_others_are_left() {
        assert_eq!(
            event(&signal("ActionInvoked", &(4_u32, "snooze"))),
            Some(NoticeEvent::Acted(4, "snooze".to_owned()))
        );
        assert_eq!(
            event(&signal("NotificationClosed", &(4_u32, 2_u32))),
            Some(NoticeEvent::Closed(4))
        );
        assert_eq!(event(&signal("ActivationToken", &(4_u32, "token"))), None);
        assert_eq!(event(&signal("ActionInvoked", &"a shape of its own")), None);
    }

    #[test]
    fn a_server_that_does_not_come_up_is_told_in_words_for_the_user() {
        let call = Message::method_call(SERVER.path, "Notify")
            .unwrap()
            .build(&())
            .unwrap();
        let told = |name: &str| {
            let answer = Message::error(&call.header(), name)
                .unwrap()
                .build(&"Process org.freedesktop.Notifications received signal 5")
                .unwrap();
            reason(&zbus::Error::from(answer)).to_string()
        };
        assert_eq!(
            told("org.freedesktop.DBus.Error.Spawn.ChildSignaled"),
            "The notification server of this desktop could not be started. Signing in again may help."
        );
        assert_eq!(
            told("org.freedesktop.DBus.Error.ServiceUnknown"),
            "No notification server is running on this desktop."
        );
        assert_eq!(
            told("org.freedesktop.DBus.Error.LimitsExceeded"),
            "The notification server refuses: “Process org.freedesktop.Notifications received signal 5”"
        );
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(escaped("<b>A & B</b>"), "&lt;b&gt;A &amp; B&lt;/b&gt;");
    }
}
