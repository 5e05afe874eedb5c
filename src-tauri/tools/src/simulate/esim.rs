//! One simulated eSIM: who it is, what it bought, the steps of its life that are still to be told,
//! and how each of them reads as a payload.
//!
//! Times are seconds from the clock base, so that the same seed gives the same life on any day.
//! It must not know when or in which order deliveries leave.

use std::collections::VecDeque;

use crate::identity::{Identity, date};
use crate::package::Package;
use crate::wire::{Fields, Json, Style};

pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Roamify's statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    New,
    Ready,
    Downloaded,
    Installed,
    Activated,
    Inactive,
    Revoked,
    Expired,
    Deleted,
    Unknown,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Ready => "READY",
            Self::Downloaded => "DOWNLOADED",
            Self::Installed => "INSTALLED",
            Self::Activated => "ACTIVATED",
            Self::Inactive => "INACTIVE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
            Self::Deleted => "DELETED",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// Whether nothing follows it.
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Revoked | Self::Expired | Self::Deleted)
    }
}

/// One thing that happened to an eSIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Seconds from the clock base.
    pub(super) at: i64,
    pub(super) what: What,
    /// It is told after something that happened later.
    pub(super) late: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Status(Status),
    /// A status that is in no documentation.
    Unheard(&'static str),
    /// A usage report: data used up to then, in hundredths of a MB.
    Usage(i64),
}

/// An eSIM somewhere between being sold and being gone.
#[derive(Debug)]
pub(super) struct Esim {
    pub(super) identity: Identity,
    pub(super) package: Package,
    /// First activation, in seconds from the clock base.
    pub(super) start: Option<i64>,
    /// Steps still to be told, in the order of telling.
    pub(super) steps: VecDeque<Step>,
    /// Its status when all steps are told.
    pub(super) status: Status,
    /// The time of its last step, told or not.
    pub(super) last_at: i64,
    /// Data used by then, in hundredths of a MB.
    pub(super) used: i64,
    /// It has no further news, whatever its status: an eSIM past its end of which no word comes.
    pub(super) silent: bool,
}

impl Esim {
    /// The end of the validity, in seconds from the clock base.
    pub(super) fn end(&self) -> Option<i64> {
        self.start.map(|start| start + self.package.days * DAY)
    }

    /// Whether something can still happen to it.
    pub(super) fn is_alive(&self) -> bool {
        !self.silent && !self.status.is_final()
    }

    /// Adds a step that comes after all others.
    pub(super) fn push(&mut self, at: i64, what: What) {
        self.steps.push_back(Step {
            at,
            what,
            late: false,
        });
        self.last_at = at;
        match what {
            What::Status(status) => self.status = status,
            What::Usage(used) => self.used = used,
            What::Unheard(_) => {}
        }
    }

    /// The request body that tells `step`, with times counted from `base` (seconds since the
    /// epoch).
    pub(super) fn tell(&self, step: Step, style: Style, base: i64) -> Vec<u8> {
        let mut fields: Fields = vec![("timestamp", Json::Time(base + step.at))];
        fields.extend(style.identify(&self.identity));
        // The period is known from the activation on.
        match (self.start.filter(|start| *start <= step.at), self.end()) {
            (Some(start), Some(end)) => {
                fields.push(("start", Json::Time(base + start)));
                fields.push(("end", Json::Time(base + end)));
            }
            _ if style == Style::Flat => {
                fields.extend([("start", Json::Null), ("end", Json::Null)])
            }
            _ => {}
        }
        match step.what {
            What::Status(status) => {
                fields.push(("status", Json::from(status.as_str())));
                style.body("esim", "status", None, fields)
            }
            What::Unheard(status) => {
                fields.push(("status", Json::from(status)));
                style.body("esim", "status", None, fields)
            }
            What::Usage(used) => {
                fields.push(("status", Json::from(Status::Activated.as_str())));
                fields.extend(self.usage(step.at, used, style, base));
                style.body("esim", "usage", None, fields)
            }
        }
    }

    fn usage(&self, at: i64, used: i64, style: Style, base: i64) -> Fields {
        let Package {
            id, name, voice, ..
        } = self.package;
        let allowed = self.package.allowed;
        let remaining = allowed.map_or(0, |allowed| (allowed - used).max(0));
        let mut data: Fields = vec![
            ("isUnlimited", Json::Bool(allowed.is_none())),
            ("allowed_data", Json::Hundredths(allowed.unwrap_or(0))),
            ("remaining_data", Json::Hundredths(remaining)),
            ("allowed_sms", Json::Number(voice)),
            ("remaining_sms", Json::Number(voice)),
            ("allowed_voice", Json::Number(voice)),
            ("remaining_voice", Json::Number(voice / 2)),
        ];
        let list = ("usage_list", Json::List(self.days(at, used, base)));
        let mut fields: Fields = vec![
            ("package_id", Json::from(id)),
            ("package_name", Json::from(name)),
            ("data_units", Json::from("MB")),
            ("voice_units", Json::from("minutes")),
            ("sms_units", Json::from("sms")),
        ];
        // One page of the documentation puts the list inside.
        if style == Style::LongType {
            data.push(list);
            fields.push(("usage_data", Json::Object(data)));
        } else {
            fields.push(("usage_data", Json::Object(data)));
            fields.push(list);
        }
        fields
    }

    /// What was used on each day up to `at`: evenly, the rest on the last day.
    fn days(&self, at: i64, used: i64, base: i64) -> Vec<Json> {
        let first = (base + self.start.unwrap_or(at)).div_euclid(DAY);
        let last = (base + at).div_euclid(DAY).max(first);
        let share = used / (last - first + 1);
        (first..=last)
            .map(|day| {
                let rest = if day == last {
                    used - share * (last - first)
                } else {
                    share
                };
                Json::Object(vec![
                    ("date", Json::Text(date(day * DAY))),
                    ("data_used", Json::Hundredths(rest)),
                    ("location", Json::from(self.package.place)),
                ])
            })
            .collect()
    }
}
