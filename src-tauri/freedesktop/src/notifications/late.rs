//! Answers of the notification server that come late. A server that hangs reads what it was sent once it goes on, and
//! shows it then: so what it did not answer is not sent again while it may yet be shown, and nothing else is sent to it.
//! Its late answer has the number of what is on the screen: that is not shown a second time, or is replaced by what tells
//! more. Who owes it asks for it again once the server answers, and learns then that it is shown.
//!
//! Must not know: how a server is called.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use zbus::names::OwnedUniqueName;

use crate::bus::{ANSWER_WAIT, Bus};

/// Whoever owes what was shown late asks for it again within this time. What is owed later is another time that it is told:
/// it was put off meanwhile.
const OWED_WITHIN: Duration = Duration::from_secs(15 * 60);

/// What is known before something is shown.
#[derive(Debug, PartialEq, Eq)]
pub enum Before {
    /// The server hangs.
    Hangs,
    /// All of it is on the screen, under this number.
    IsShown(u32),
    /// It takes the place of the notification of this number, or is another one.
    Replaces(Option<u32>),
}

/// A notification that was not answered in time.
#[derive(Debug)]
struct Unanswered {
    /// The alerts that it tells.
    alerts: Vec<i64>,
    /// Whom it was sent to, by its own name on the bus, if that is known.
    to: Option<OwnedUniqueName>,
    answer: oneshot::Receiver<zbus::Result<u32>>,
}

/// What was answered too late: it is on the screen, and whoever owes it does not know yet.
#[derive(Debug)]
struct ShownLate {
    alerts: Vec<i64>,
    id: u32,
    at: Instant,
}

/// What is waited for, and what came too late.
#[derive(Debug, Default)]
pub struct LateAnswers {
    unanswered: Option<Unanswered>,
    shown: Vec<ShownLate>,
}

impl LateAnswers {
    /// A notification of these alerts was sent to this server, and not answered in time.
    pub fn waits_for(
        &mut self,
        alerts: &[i64],
        to: Option<OwnedUniqueName>,
        answer: oneshot::Receiver<zbus::Result<u32>>,
    ) {
        self.unanswered = Some(Unanswered {
            alerts: alerts.to_vec(),
            to,
            answer,
        });
    }

    /// This server answers by now. Another one that hangs and lost its place is not waited for.
    pub fn server_is(&mut self, server: Option<&OwnedUniqueName>) {
        let unanswered = self.unanswered.take();
        self.unanswered = unanswered.filter(|sent| sent.to.as_ref() == server);
    }

    /// The answer that was waited for, if it has come.
    pub fn hear(&mut self) -> Option<zbus::Result<()>> {
        let answer = match self.unanswered.as_mut()?.answer.try_recv() {
            Ok(answer) => answer,
            Err(oneshot::error::TryRecvError::Empty) => return None,
            // The connection is gone.
            Err(oneshot::error::TryRecvError::Closed) => Err(Bus::no_answer(ANSWER_WAIT)),
        };
        let alerts = self.unanswered.take()?.alerts;
        Some(answer.map(|id| {
            let at = Instant::now();
            self.shown.push(ShownLate { alerts, id, at });
        }))
    }

    /// What to do about a notification of these alerts.
    pub fn before(&mut self, alerts: &[i64]) -> Before {
        if self.unanswered.is_some() {
            return Before::Hangs;
        }
        self.shown.retain(|late| late.at.elapsed() < OWED_WITHIN);
        let tells = |late: &ShownLate| late.alerts.iter().any(|one| alerts.contains(one));
        let Some(place) = self.shown.iter().position(tells) else {
            return Before::Replaces(None);
        };
        let late = self.shown.remove(place);
        match alerts.iter().all(|one| late.alerts.contains(one)) {
            true => Before::IsShown(late.id),
            false => Before::Replaces(Some(late.id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = oneshot::Sender<zbus::Result<u32>>;

    /// A server of this name that was sent a notification of these alerts and hangs.
    fn hanging(alerts: &[i64]) -> (LateAnswers, Answer) {
        let mut late = LateAnswers::default();
        let (answers, answer) = oneshot::channel();
        late.waits_for(alerts, Some(name(":1.7")), answer);
        (late, answers)
    }

    fn name(name: &str) -> OwnedUniqueName {
        OwnedUniqueName::try_from(name).unwrap()
    }

    #[test]
    fn what_a_server_that_hung_shows_late_is_not_shown_a_second_time() {
        let (mut late, answers) = hanging(&[1]);
        assert!(late.hear().is_none());
        // Neither is anything else sent to it meanwhile.
        assert_eq!(late.before(&[1]), Before::Hangs);
        assert_eq!(late.before(&[2]), Before::Hangs);
        answers.send(Ok(17)).unwrap();
        assert!(matches!(late.hear(), Some(Ok(()))));
        assert_eq!(late.before(&[2]), Before::Replaces(None));
        assert_eq!(late.before(&[1]), Before::IsShown(17));
        assert_eq!(late.before(&[1]), Before::Replaces(None));
    }

    #[test]
    fn what_tells_it_together_with_more_takes_its_place() {
        let (mut late, answers) = hanging(&[1]);
        answers.send(Ok(17)).unwrap();
        assert!(matches!(late.hear(), Some(Ok(()))));
        assert_eq!(late.before(&[2, 1]), Before::Replaces(Some(17)));
    }

    #[test]
    fn what_is_told_again_after_it_was_put_off_is_shown_again() {
        let (mut late, answers) = hanging(&[1]);
        answers.send(Ok(17)).unwrap();
        assert!(matches!(late.hear(), Some(Ok(()))));
        for late in &mut late.shown {
            late.at = late.at.checked_sub(OWED_WITHIN).unwrap();
        }
        assert_eq!(late.before(&[1]), Before::Replaces(None));
    }

    #[test]
    fn what_was_refused_late_or_sent_to_one_that_is_gone_is_sent_again() {
        let (mut late, answers) = hanging(&[1]);
        answers.send(Err(zbus::Error::InvalidReply)).unwrap();
        assert!(matches!(late.hear(), Some(Err(_))));
        assert_eq!(late.before(&[1]), Before::Replaces(None));
        let (mut late, _answers) = hanging(&[1]);
        late.server_is(Some(&name(":1.7")));
        assert_eq!(late.before(&[1]), Before::Hangs);
        late.server_is(Some(&name(":1.8")));
        assert_eq!(late.before(&[1]), Before::Replaces(None));
        let (mut late, answers) = hanging(&[1]);
        drop(answers);
        assert!(matches!(late.hear(), Some(Err(_))));
        assert_eq!(late.before(&[1]), Before::Replaces(None));
    }
}
