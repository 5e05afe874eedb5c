//! The texts of alerts, in the words of a support desk: whom it is about, what happened, what to do.
//!
//! The title may hold a name or a reference as somebody wrote it, on one short line. The body holds
//! nothing that a notification server could read as markup.

mod figures;

use super::{Detail, Rule};
use crate::words::{Value, Voice, Words};
use figures::{data, money, number, one_line, percent, sentence, when};

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

/// What a person reads of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line: what happened to whom.
    pub title: String,
    /// One line: which eSIM, what it means, what to do.
    pub body: String,
}

/// The text of an alert, as it is to be read at `now` (UTC seconds) by whoever is spoken to in this voice.
#[must_use]
pub fn text(rule: Rule, detail: &Detail, name: &Name<'_>, now: i64, voice: &Voice) -> Text {
    let writer = Writer {
        detail,
        name,
        now,
        voice,
        words: voice.tongue.words(),
    };
    writer.text(rule)
}

struct Writer<'a> {
    detail: &'a Detail,
    name: &'a Name<'a>,
    now: i64,
    voice: &'a Voice,
    words: &'static Words,
}

impl Writer<'_> {
    fn text(&self, rule: Rule) -> Text {
        let detail = self.detail;
        let about_it = |key: &str, body: String| Text {
            title: self.say(&format!("alert.{key}.title"), &[("who", &self.who())]),
            body,
        };
        // A rule with nothing in its body but the number.
        let plainly = |key: &str| {
            let body = self.say(&format!("alert.{key}.body"), &[("number", &self.number())]);
            about_it(key, body)
        };
        let titled = |title: &str, body: String| Text {
            title: self.say(title, &[]),
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
            Rule::BalanceLow => {
                titled("alert.balanceLow.title", self.left("alert.balanceLow.body"))
            }
            Rule::BalanceInsufficient => Text {
                title: self.counted(
                    "alert.balanceInsufficient.title",
                    detail.count.unwrap_or(1).max(1),
                ),
                body: self.left("alert.balanceInsufficient.body"),
            },
            Rule::BalanceToppedUp => titled(
                "alert.balanceToppedUp.title",
                match self.balance() {
                    Some(balance) => {
                        self.say("alert.balanceToppedUp.body", &[("balance", &balance)])
                    }
                    None => self.say("alert.balanceToppedUp.bodyUnknown", &[]),
                },
            ),
            Rule::RefundDecided => {
                let (key, body) = self.refund();
                about_it(key, body)
            }
            Rule::Unrecognized => self.unrecognized(),
            Rule::NoEvents => self.no_events(),
            Rule::ListenerDown => {
                titled("alert.listenerDown.title", self.why_or("alert.openToSee"))
            }
            Rule::TunnelDown => titled("alert.tunnelDown.title", self.why_or("alert.openToSee")),
            Rule::StorageFailing => titled(
                "alert.storageFailing.title",
                self.why_or("alert.storageFailing.body"),
            ),
            Rule::RefusalsPilingUp => titled("alert.refusalsPilingUp.title", self.refusals()),
        }
    }

    fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        let places: Vec<(&str, Value<'_>)> = places
            .iter()
            .map(|(name, text)| (*name, Value::Text(text)))
            .collect();
        self.words.say(key, &places)
    }

    fn counted(&self, key: &str, count: i64) -> String {
        self.words.say(key, &[("count", Value::Count(count))])
    }

    /// What the eSIM is called in a body.
    fn number(&self) -> String {
        number(self.words, self.name.iccid, self.name.esim_id)
            .unwrap_or_else(|| self.say("alert.theEsim", &[]))
    }

    /// The traveller, else the reference, else the number.
    fn who(&self) -> String {
        let name = self.name;
        [name.traveller, name.reference]
            .into_iter()
            .flatten()
            .find_map(one_line)
            .or_else(|| number(self.words, name.iccid, name.esim_id))
            .unwrap_or_else(|| self.say("alert.anEsim", &[]))
    }

    /// Why, as a sentence in the desk's language.
    fn why(&self) -> Option<String> {
        let reason = self.detail.reason.as_deref()?;
        sentence(&self.words.told(reason))
    }

    fn why_or(&self, key: &str) -> String {
        self.why().unwrap_or_else(|| self.say(key, &[]))
    }

    fn when(&self, at: i64) -> String {
        when(self.words, "when", at, self.now, self.voice)
    }

    fn expires(&self) -> String {
        let number = self.number();
        match self.detail.at {
            Some(at) if at <= self.now => self.say(
                "alert.expires.past",
                &[("number", &number), ("when", &self.when(at))],
            ),
            Some(at) => self.say(
                "alert.expires.body",
                &[("number", &number), ("when", &self.when(at))],
            ),
            None => self.say("alert.expires.unknown", &[("number", &number)]),
        }
    }

    fn past_end(&self) -> String {
        let number = self.number();
        match self.detail.at {
            Some(at) => self.say(
                "alert.pastEnd.body",
                &[("number", &number), ("when", &self.when(at))],
            ),
            None => self.say("alert.pastEnd.unknown", &[("number", &number)]),
        }
    }

    fn data_low(&self) -> String {
        let number = self.number();
        let words = self.words;
        match (self.detail.remaining_mb, self.detail.percent) {
            (Some(mb), Some(share)) => self.say(
                "alert.dataLow.share",
                &[
                    ("number", &number),
                    ("left", &data(words, mb)),
                    ("share", &percent(words, share)),
                ],
            ),
            (Some(mb), None) => self.say(
                "alert.dataLow.left",
                &[("number", &number), ("left", &data(words, mb))],
            ),
            (None, _) => self.say("alert.dataLow.unknown", &[("number", &number)]),
        }
    }

    fn not_installed(&self) -> String {
        let number = self.number();
        match (self.detail.at, self.detail.days) {
            (Some(at), _) => {
                let key = match (self.detail.trip.is_some(), at > self.now) {
                    (true, true) => "alert.notInstalled.tripStarts",
                    (true, false) => "alert.notInstalled.tripStarted",
                    (false, true) => "alert.notInstalled.starts",
                    (false, false) => "alert.notInstalled.started",
                };
                let form = if self.detail.trip.is_some() {
                    "whenDay"
                } else {
                    "when"
                };
                let when = when(self.words, form, at, self.now, self.voice);
                self.say(key, &[("number", &number), ("when", &when)])
            }
            (None, Some(days)) => self.words.say(
                "alert.notInstalled.days",
                &[
                    ("number", Value::Text(&number)),
                    ("count", Value::Count(i64::from(days))),
                ],
            ),
            (None, None) => self.say("alert.notInstalled.unknown", &[("number", &number)]),
        }
    }

    fn balance(&self) -> Option<String> {
        let amount = self.detail.amount?;
        Some(money(self.words, amount, self.detail.currency.as_deref()))
    }

    /// A sentence about what is left; `key` has another for where that is not known.
    fn left(&self, key: &str) -> String {
        match self.balance() {
            Some(balance) => self.say(key, &[("balance", &balance)]),
            None => self.say(&format!("{key}Unknown"), &[]),
        }
    }

    fn refund(&self) -> (&'static str, String) {
        // A decision may name no eSIM.
        let number = number(self.words, self.name.iccid, self.name.esim_id);
        let rejected = self.detail.outcome.as_deref() == Some("REJECTED");
        let key = match (rejected, &number) {
            (true, Some(_)) => "alert.refundRejected.body",
            (true, None) => "alert.refundRejected.bodyUnnamed",
            (false, Some(_)) => "alert.refunded.body",
            (false, None) => "alert.refunded.bodyUnnamed",
        };
        let number = number.unwrap_or_default();
        if !rejected {
            return ("refunded", self.say(key, &[("number", &number)]));
        }
        let body = match self.why() {
            Some(why) => self.say(
                &format!("{key}Because"),
                &[("number", &number), ("why", &why)],
            ),
            None => self.say(key, &[("number", &number)]),
        };
        ("refundRejected", body)
    }

    fn unrecognized(&self) -> Text {
        let kind = self.detail.kind.as_deref().and_then(one_line);
        let kind = kind.unwrap_or_else(|| self.say("alert.unrecognized.nameless", &[]));
        let count = self.detail.count.unwrap_or(1).max(1);
        let came = self.counted("alert.unrecognized.body", count);
        let next = self.say("alert.unrecognized.next", &[]);
        let parts = [Some(came), self.why(), Some(next)];
        Text {
            title: self.say("alert.unrecognized.title", &[("kind", &kind)]),
            body: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
        }
    }

    fn no_events(&self) -> Text {
        let title = match self.detail.hours {
            Some(hours) => self.counted("alert.noEvents.title", i64::from(hours)),
            None => self.say("alert.noEvents.titleUnknown", &[]),
        };
        let in_use = match self.detail.count {
            Some(count) => self.counted("alert.noEvents.inUse", count),
            None => self.say("alert.noEvents.someInUse", &[]),
        };
        let body = match self.detail.at {
            Some(at) => {
                let since = when(self.words, "since", at, self.now, self.voice);
                self.say(
                    "alert.noEvents.body",
                    &[("since", &since), ("inUse", &in_use)],
                )
            }
            None => self.say("alert.noEvents.never", &[("inUse", &in_use)]),
        };
        Text { title, body }
    }

    fn refusals(&self) -> String {
        let count = self.counted(
            "alert.refusalsPilingUp.body",
            self.detail.count.unwrap_or(0),
        );
        let why = self
            .why()
            .map(|why| self.say("alert.refusalsPilingUp.last", &[("why", &why)]));
        let next = self.say("alert.refusalsPilingUp.next", &[]);
        let parts = [Some(count), why, Some(next)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests;
