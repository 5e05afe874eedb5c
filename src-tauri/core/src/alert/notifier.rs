//! When alerts are shown, and which are shown together.

use jiff::tz::TimeZone;

use super::{AlertSettings, Rule, Text};

/// An alert that is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The alert's row.
    pub id: i64,
    /// Which rule found it.
    pub rule: Rule,
    /// The row of the eSIM that it is about.
    pub esim: Option<i64>,
    /// When it was raised, UTC milliseconds.
    pub raised_at_ms: i64,
    /// How it reads when it is shown alone.
    pub text: Text,
    /// What a click opens when it is shown alone.
    pub opens: Opens,
    /// Whether quiet hours and muting let it through.
    pub breaks_quiet: bool,
}

/// What a click opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    /// The eSIM with this key.
    Esim(String),
    /// The list of alerts.
    Alerts,
    /// The account.
    Account,
    /// The state of listener and tunnel.
    Connection,
}

/// How much a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// One alert.
    Single,
    /// What came at about the same time.
    Summary,
    /// What came while nobody was to be disturbed, or while the program or the user was away.
    Digest,
}

/// One notification for the system to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The alerts it tells, by row. Each alert is in one notice only.
    pub alerts: Vec<i64>,
    /// How much it tells.
    pub kind: NoticeKind,
    /// How it reads.
    pub text: Text,
    /// What a click opens.
    pub opens: Opens,
}

/// Holds what is to be shown until its time comes.
#[derive(Debug)]
pub struct Notifier {
    settings: AlertSettings,
    zone: TimeZone,
    waiting: Vec<Waiting>,
}

impl Notifier {
    /// With nothing to show yet. Quiet hours are by the clock of this time zone.
    #[must_use]
    pub fn new(settings: AlertSettings, zone: TimeZone) -> Self {
        Notifier {
            settings,
            zone,
            waiting: Vec::new(),
        }
    }

    /// Takes other quiet hours, or another end of muting, from now on.
    pub fn set_settings(&mut self, settings: AlertSettings) {
        self.settings = settings;
    }

    /// Takes another time zone: the desk has travelled.
    pub fn set_zone(&mut self, zone: TimeZone) {
        self.zone = zone;
    }

    /// Takes an alert that was just raised.
    pub fn offer(&mut self, alert: Waiting, now_ms: i64) {
        let _ = now_ms;
        self.waiting.push(alert);
    }

    /// Lets go of an alert that was acknowledged, snoozed or cleared before it was shown.
    pub fn withdraw(&mut self, id: i64) {
        self.waiting.retain(|waiting| waiting.id != id);
    }

    /// Takes what was raised before a restart or during an absence and never shown.
    pub fn resume(&mut self, alerts: Vec<Waiting>, now_ms: i64) {
        let _ = now_ms;
        self.waiting.extend(alerts);
    }

    /// What is to be shown now. Every alert comes out once, in one notice.
    pub fn due(&mut self, now_ms: i64) -> Vec<Notice> {
        let _ = now_ms;
        self.waiting
            .drain(..)
            .map(|waiting| Notice {
                alerts: vec![waiting.id],
                kind: NoticeKind::Single,
                text: waiting.text,
                opens: waiting.opens,
            })
            .collect()
    }

    /// When [`Self::due`] has to be asked again, UTC milliseconds; `None`: not before the next offer.
    #[must_use]
    pub fn next_at(&self, now_ms: i64) -> Option<i64> {
        (!self.waiting.is_empty()).then_some(now_ms)
    }
}
