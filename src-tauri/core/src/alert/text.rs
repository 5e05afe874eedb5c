//! The texts of alerts, as a support desk says it: whom it is about, what happened, what to do. Messages: whoever
//! shows an alert words it, so that a change of language reaches the old ones.
//!
//! The title may hold a name or a reference as somebody wrote it, on one short line. The body holds
//! nothing that a notification server could read as markup.

mod figures;

use super::{Detail, Rule};
use crate::catalogue::Locale;
use crate::event::Problem;
use crate::message::{Message, MessageValue, TimeForm, ToMessage};
use figures::{fit_for_body, number, one_line, sentence};

/// What an eSIM is known by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Name<'a> {
    /// The traveller, as the desk wrote it.
    pub traveller: Option<&'a str>,
    /// The partner's order reference.
    pub reference: Option<&'a str>,
    /// The SIM profile's number.
    pub iccid: Option<&'a str>,
    /// Roamify's id of the eSIM.
    pub esim_id: Option<&'a str>,
}

/// What an alert says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line: what happened to whom.
    pub title: Message,
    /// Which eSIM, what it means, what to do: sentence by sentence.
    pub body: Vec<Message>,
}

/// What a person reads of an alert, in their language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub title: String,
    /// One line.
    pub body: String,
}

impl Text {
    /// The text as it is read at `now` (UTC seconds). Fit for a notification: see the module.
    #[must_use]
    pub fn words(&self, locale: &Locale, now: i64) -> Words {
        let sentences = self
            .body
            .iter()
            .filter_map(|sentence| fit_for_body(&locale.text(sentence, now)));
        Words {
            title: locale.text(&self.title, now),
            body: sentences.collect::<Vec<_>>().join(" "),
        }
    }
}

/// The text of an alert, as it is so at `now` (UTC seconds).
#[must_use]
pub fn text(rule: Rule, detail: &Detail, name: &Name<'_>, now: i64) -> Text {
    Writer { detail, name, now }.text(rule)
}

struct Writer<'a> {
    detail: &'a Detail,
    name: &'a Name<'a>,
    now: i64,
}

fn when(at: i64) -> MessageValue {
    MessageValue::Time {
        at,
        form: TimeForm::When,
    }
}

impl Writer<'_> {
    fn text(&self, rule: Rule) -> Text {
        let about_it = |key: &str, body: Message| Text {
            title: Message::of(format!("alert.{key}.title")).with("who", self.who()),
            body: vec![body],
        };
        // A rule with nothing in its body but the number.
        let plainly = |key: &str| about_it(key, self.numbered(&format!("alert.{key}.body")));
        let titled = |key: &str, body: Vec<Message>| Text {
            title: Message::of(format!("alert.{key}.title")),
            body,
        };
        match rule {
            Rule::FirstActivation => plainly("firstActivation"),
            Rule::Expired => plainly("expired"),
            Rule::Revoked => plainly("revoked"),
            Rule::DataUsedUp => plainly("dataUsedUp"),
            Rule::ConnectedWithoutData => plainly("connectedWithoutData"),
            Rule::ExpiresSoon => about_it("expiresSoon", self.expires()),
            Rule::ExpiresVerySoon => about_it("expiresVerySoon", self.expires()),
            Rule::DataLow => about_it("dataLow", self.data_low()),
            Rule::PastEnd => about_it("pastEnd", self.past_end()),
            Rule::NotInstalled => about_it("notInstalled", self.not_installed()),
            Rule::BalanceLow => titled("balanceLow", vec![self.left("alert.balanceLow.body")]),
            Rule::BalanceInsufficient => {
                let count = self.detail.count.unwrap_or(1).max(1);
                Text {
                    title: Message::of("alert.balanceInsufficient.title").with("count", count),
                    body: vec![self.left("alert.balanceInsufficient.body")],
                }
            }
            Rule::BalanceToppedUp => titled(
                "balanceToppedUp",
                vec![self.left("alert.balanceToppedUp.body")],
            ),
            Rule::RefundDecided => {
                let (key, body) = self.refund();
                about_it(key, body)
            }
            Rule::Unrecognized => self.unrecognized(),
            Rule::Unreadable => titled("unreadable", self.unreadable()),
            Rule::NoEvents => self.no_events(),
            Rule::ListenerDown => titled("listenerDown", self.fails("alert.openToSee")),
            Rule::TunnelDown => titled("tunnelDown", self.fails("alert.openToSee")),
            Rule::StorageFailing => {
                titled("storageFailing", self.fails("alert.storageFailing.body"))
            }
            Rule::RefusalsPilingUp => titled("refusalsPilingUp", self.refusals()),
        }
    }

    /// What the eSIM is called in a body.
    fn number(&self) -> Message {
        number(self.name.iccid, self.name.esim_id).unwrap_or_else(|| Message::of("alert.theEsim"))
    }

    fn numbered(&self, key: &str) -> Message {
        Message::of(key).with("number", self.number())
    }

    /// The traveller, else the reference, else the number.
    fn who(&self) -> MessageValue {
        let name = self.name;
        let called = [name.traveller, name.reference]
            .into_iter()
            .flatten()
            .find_map(one_line);
        match called {
            Some(called) => called.into(),
            None => number(name.iccid, name.esim_id)
                .unwrap_or_else(|| Message::of("alert.anEsim"))
                .into(),
        }
    }

    /// How often it failed, if that is more than once, and why; `key` has what to do where that is not known.
    fn fails(&self, key: &str) -> Vec<Message> {
        let often = self.detail.count.zip(self.detail.at).map(|(count, at)| {
            let form = TimeForm::Since;
            Message::of("alert.failedOften")
                .with("count", count)
                .with("since", MessageValue::Time { at, form })
        });
        let why = self.detail.why.clone();
        let why = why.unwrap_or_else(|| Message::of(key));
        often.into_iter().chain([why]).collect()
    }

    fn expires(&self) -> Message {
        match self.detail.at {
            Some(at) if at <= self.now => {
                self.numbered("alert.expires.past").with("when", when(at))
            }
            Some(at) => self.numbered("alert.expires.body").with("when", when(at)),
            None => self.numbered("alert.expires.unknown"),
        }
    }

    fn past_end(&self) -> Message {
        match self.detail.at {
            Some(at) => self.numbered("alert.pastEnd.body").with("when", when(at)),
            None => self.numbered("alert.pastEnd.unknown"),
        }
    }

    fn data_low(&self) -> Message {
        match (self.detail.remaining_mb, self.detail.percent) {
            (Some(mb), Some(share)) => self
                .numbered("alert.dataLow.share")
                .with("left", MessageValue::Megabytes(mb))
                .with("share", MessageValue::Percent(share)),
            (Some(mb), None) => self
                .numbered("alert.dataLow.left")
                .with("left", MessageValue::Megabytes(mb)),
            (None, _) => self.numbered("alert.dataLow.unknown"),
        }
    }

    fn not_installed(&self) -> Message {
        match (self.detail.at, self.detail.days) {
            (Some(at), _) => {
                let of_trip = self.detail.trip.is_some();
                let key = match (of_trip, at > self.now) {
                    (true, true) => "alert.notInstalled.tripStarts",
                    (true, false) => "alert.notInstalled.tripStarted",
                    (false, true) => "alert.notInstalled.starts",
                    (false, false) => "alert.notInstalled.started",
                };
                let form = if of_trip {
                    TimeForm::WhenDay
                } else {
                    TimeForm::When
                };
                self.numbered(key)
                    .with("when", MessageValue::Time { at, form })
            }
            (None, Some(days)) => self.numbered("alert.notInstalled.days").with("count", days),
            (None, None) => self.numbered("alert.notInstalled.unknown"),
        }
    }

    /// A sentence about what is left; `key` has another for where that is not known.
    fn left(&self, key: &str) -> Message {
        match self.detail.amount {
            Some(amount) => Message::of(key).with(
                "balance",
                MessageValue::Money {
                    amount,
                    currency: self.detail.currency.clone(),
                },
            ),
            None => match &self.detail.currency {
                Some(currency) => {
                    Message::of(format!("{key}UnknownIn")).with("currency", currency.as_str())
                }
                None => Message::of(format!("{key}Unknown")),
            },
        }
    }

    fn refund(&self) -> (&'static str, Message) {
        // A decision may name no eSIM.
        let number = number(self.name.iccid, self.name.esim_id);
        let rejected = self.detail.outcome.as_deref() == Some("REJECTED");
        let why = self.detail.reason.as_deref().and_then(sentence);
        let key = match (rejected, number.is_some(), why.is_some()) {
            (true, true, true) => "alert.refundRejected.bodyBecause",
            (true, true, false) => "alert.refundRejected.body",
            (true, false, true) => "alert.refundRejected.bodyUnnamedBecause",
            (true, false, false) => "alert.refundRejected.bodyUnnamed",
            (false, true, _) => "alert.refunded.body",
            (false, false, _) => "alert.refunded.bodyUnnamed",
        };
        let mut body = Message::of(key);
        if let Some(number) = number {
            body = body.with("number", number);
        }
        if let Some(why) = why.filter(|_| rejected) {
            body = body.with("why", why);
        }
        (
            if rejected {
                "refundRejected"
            } else {
                "refunded"
            },
            body,
        )
    }

    fn unrecognized(&self) -> Text {
        let kind: MessageValue = match self.detail.kind.as_deref().and_then(one_line) {
            Some(kind) => kind.into(),
            None => Message::of("alert.unrecognized.nameless").into(),
        };
        let why = self.detail.why.as_ref();
        // It is understood, and counts from its receipt.
        let misdated =
            why.is_some_and(|why| Problem::times().any(|time| time.to_message() == *why));
        let (title, body, next) = match misdated {
            true => ("titleTime", "bodyTime", "nextTime"),
            false => ("title", "body", "next"),
        };
        let of = |part: &str| Message::of(format!("alert.unrecognized.{part}"));
        let count = self.detail.count.unwrap_or(1).max(1);
        let (came, next) = (of(body).with("count", count), of(next));
        let (iccid, esim_id) = (&self.detail.iccid, &self.detail.esim_id);
        let esim = number(iccid.as_deref(), esim_id.as_deref())
            .map(|number| Message::of("alert.unrecognized.esim").with("number", number));
        let parts = [Some(came), self.detail.why.clone(), esim, Some(next)];
        Text {
            title: of(title).with("kind", kind),
            body: parts.into_iter().flatten().collect(),
        }
    }

    fn unreadable(&self) -> Vec<Message> {
        let came = Message::of("alert.unreadable.body");
        let next = Message::of("alert.unreadable.next");
        let parts = [Some(came), self.detail.why.clone(), Some(next)];
        parts.into_iter().flatten().collect()
    }

    fn no_events(&self) -> Text {
        let title = match self.detail.hours {
            Some(hours) => Message::of("alert.noEvents.title").with("count", hours),
            None => Message::of("alert.noEvents.titleUnknown"),
        };
        let in_use = match self.detail.count {
            Some(count) => Message::of("alert.noEvents.inUse").with("count", count),
            None => Message::of("alert.noEvents.someInUse"),
        };
        let body = match self.detail.at {
            Some(at) => {
                let form = TimeForm::Since;
                Message::of("alert.noEvents.body").with("since", MessageValue::Time { at, form })
            }
            None => Message::of("alert.noEvents.never"),
        };
        Text {
            title,
            body: vec![body.with("inUse", in_use)],
        }
    }

    fn refusals(&self) -> Vec<Message> {
        let count = self.detail.count.unwrap_or(0);
        let count = Message::of("alert.refusalsPilingUp.body").with("count", count);
        let why = self.detail.why.clone();
        let why = why.map(|why| Message::of("alert.refusalsPilingUp.last").with("why", why));
        let next = Message::of("alert.refusalsPilingUp.next");
        [Some(count), why, Some(next)]
            .into_iter()
            .flatten()
            .collect()
    }
}

#[cfg(test)]
mod tests;
