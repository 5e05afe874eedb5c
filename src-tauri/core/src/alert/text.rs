//! The texts of alerts, in the words of a support desk: whom it is about, what happened, what to do.
//!
//! The title may hold a name or a reference as somebody wrote it, on one short line. The body holds
//! nothing that a notification server could read as markup.

mod words;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Detail, Rule};
use words::{data, money, number, one_line, percent, sentence, several, when};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// One line: what happened to whom.
    pub title: String,
    /// One line: which eSIM, what it means, what to do.
    pub body: String,
}

/// The text of an alert, as it is to be read at `now` (UTC seconds) in this time zone.
#[must_use]
pub fn text(rule: Rule, detail: &Detail, name: &Name<'_>, now: i64, zone: &TimeZone) -> Text {
    let number = number(name.iccid, name.esim_id);
    let number = number.as_deref().unwrap_or("The eSIM");
    let why = detail.reason.as_deref().and_then(sentence);
    let or = |fallback: &str| why.clone().unwrap_or_else(|| fallback.to_owned());
    let about_it = |what: &str, body: String| titled(format!("{what}: {}", who(name)), body);
    match rule {
        Rule::FirstActivation => about_it(
            "Activated",
            format!("{number} is now in use. Nothing to do."),
        ),
        Rule::Expired => about_it(
            "Expired",
            format!("{number} ran out and no longer works. {NEW_PACKAGE}"),
        ),
        Rule::Revoked => about_it(
            "Revoked",
            format!(
                "{number} was withdrawn and no longer works. Offer a replacement or ask Roamify."
            ),
        ),
        Rule::ExpiresSoon => about_it("Expires soon", expires(number, detail, now, zone)),
        Rule::ExpiresVerySoon => about_it("Expires very soon", expires(number, detail, now, zone)),
        Rule::DataLow => about_it("Low on data", data_low(number, detail)),
        Rule::DataUsedUp => about_it(
            "Data used up",
            format!("{number} has no data left. Offer more if the trip goes on."),
        ),
        Rule::PastEnd => about_it("Past its end", past_end(number, detail, now, zone)),
        Rule::NotInstalled => about_it("Not installed", not_installed(number, detail, now, zone)),
        Rule::ConnectedWithoutData => about_it(
            "Connected without data",
            format!("{number} is in use, but its package holds no data. Ask Roamify."),
        ),
        Rule::BalanceLow => titled(
            "Balance low".to_owned(),
            format!("{} Top up before orders fail.", left(detail)),
        ),
        Rule::BalanceInsufficient => titled(
            match detail.count {
                Some(count) if count > 1 => {
                    format!("{count} orders failed: the balance is too low")
                }
                _ => "An order failed: the balance is too low".to_owned(),
            },
            format!("{} Top up, then order again.", left(detail)),
        ),
        Rule::BalanceToppedUp => titled(
            "Balance topped up".to_owned(),
            match balance(detail) {
                Some(balance) => format!("It is now {balance}. Nothing to do."),
                None => "Nothing to do.".to_owned(),
            },
        ),
        Rule::RefundDecided => {
            let (what, body) = refund(detail, name, why.as_deref());
            about_it(what, body)
        }
        Rule::Unrecognized => unrecognized(detail, why.as_deref()),
        Rule::NoEvents => no_events(detail, now, zone),
        Rule::ListenerDown => titled(
            "Not receiving: the listener is down".to_owned(),
            or("Open eSIM Watch to see why."),
        ),
        Rule::TunnelDown => titled(
            "Not receiving: the tunnel is down".to_owned(),
            or("Open eSIM Watch to see why."),
        ),
        Rule::StorageFailing => titled(
            "Events can't be stored".to_owned(),
            or("Check that the disk has room, then open eSIM Watch."),
        ),
        Rule::RefusalsPilingUp => {
            let count = several(detail.count.unwrap_or(0), "delivery", "deliveries");
            let why = why
                .map(|why| format!(" The last one: {why}"))
                .unwrap_or_default();
            titled(
                "Deliveries are turned away".to_owned(),
                format!(
                    "{count} in an hour.{why} Check the address and the secret in Roamify's portal."
                ),
            )
        }
    }
}

/// What helps most travellers whose eSIM is at its end.
const NEW_PACKAGE: &str = "Offer a new package if the trip goes on.";

fn titled(title: String, body: String) -> Text {
    Text { title, body }
}

/// The traveller, else the reference, else the number.
fn who(name: &Name<'_>) -> String {
    [name.traveller, name.reference]
        .into_iter()
        .flatten()
        .find_map(one_line)
        .or_else(|| number(name.iccid, name.esim_id))
        .unwrap_or_else(|| "an eSIM".to_owned())
}

fn expires(number: &str, detail: &Detail, now: i64, zone: &TimeZone) -> String {
    match detail.at {
        Some(at) if at <= now => format!("{number} was to stop working {}.", when(at, now, zone)),
        Some(at) => format!(
            "{number} stops working {}. {NEW_PACKAGE}",
            when(at, now, zone)
        ),
        None => format!("{number} stops working. {NEW_PACKAGE}"),
    }
}

fn past_end(number: &str, detail: &Detail, now: i64, zone: &TimeZone) -> String {
    let time = detail.at.map(|at| format!(" {}", when(at, now, zone)));
    let time = time.unwrap_or_default();
    format!(
        "{number} was to stop working{time}, but nothing said that it did. Check it with Roamify."
    )
}

fn data_low(number: &str, detail: &Detail) -> String {
    let left = match (detail.remaining_mb, detail.percent) {
        (Some(mb), Some(share)) => format!("{} left ({})", data(mb), percent(share)),
        (Some(mb), None) => format!("{} left", data(mb)),
        (None, _) => "little data left".to_owned(),
    };
    format!("{number} has {left}. Offer more before it runs out.")
}

fn not_installed(number: &str, detail: &Detail, now: i64, zone: &TimeZone) -> String {
    let what = match (detail.at, detail.days) {
        (Some(at), _) => {
            let starts = if at > now { "starts" } else { "started" };
            let time = when(at, now, zone);
            format!("{number} is not on a device yet, and its period {starts} {time}.")
        }
        (None, Some(days)) => {
            let days = several(i64::from(days), "day", "days");
            format!("{number} was sold more than {days} ago and is not on a device yet.")
        }
        (None, None) => format!("{number} was sold and is not on a device yet."),
    };
    format!("{what} Ask whether the traveller needs help.")
}

fn balance(detail: &Detail) -> Option<String> {
    let amount = detail.amount?;
    Some(money(amount, detail.currency.as_deref()))
}

fn left(detail: &Detail) -> String {
    match balance(detail) {
        Some(balance) => format!("{balance} is left."),
        None => "Little is left.".to_owned(),
    }
}

fn refund(detail: &Detail, name: &Name<'_>, why: Option<&str>) -> (&'static str, String) {
    // A decision may name no eSIM.
    let refund = match number(name.iccid, name.esim_id) {
        Some(number) => format!("The refund for {number}"),
        None => "The refund".to_owned(),
    };
    if detail.outcome.as_deref() == Some("REJECTED") {
        let why = why.map_or_else(|| ".".to_owned(), |why| format!(": {why}"));
        let body = format!("{refund} was rejected{why} Tell the traveller, or ask Roamify.");
        return ("Refund rejected", body);
    }
    (
        "Refunded",
        format!("{refund} was granted. Tell the traveller."),
    )
}

fn unrecognized(detail: &Detail, why: Option<&str>) -> Text {
    let kind = detail.kind.as_deref().and_then(one_line);
    let kind = kind.unwrap_or_else(|| "without a name".to_owned());
    let came = match detail.count {
        Some(count) if count > 1 => {
            format!("Roamify sent {count} events that this version can't read. They are kept.")
        }
        _ => "Roamify sent an event that this version can't read. It is kept.".to_owned(),
    };
    let why = why.map(|why| format!(" {why}")).unwrap_or_default();
    titled(
        format!("Unknown kind of event: {kind}"),
        format!("{came}{why} Look for an update of eSIM Watch."),
    )
}

fn no_events(detail: &Detail, now: i64, zone: &TimeZone) -> Text {
    let title = match detail.hours {
        Some(hours) => format!(
            "No events for {}",
            several(i64::from(hours), "hour", "hours")
        ),
        None => "No events".to_owned(),
    };
    let since = match detail.at {
        Some(at) => {
            let time = when(at, now, zone);
            let time = time.strip_prefix("on ").unwrap_or(&time);
            format!("Nothing has come from Roamify since {time}")
        }
        None => "Nothing has ever come from Roamify".to_owned(),
    };
    let esims = match detail.count {
        Some(1) => "1 eSIM is in use".to_owned(),
        Some(count) => format!("{count} eSIMs are in use"),
        None => "eSIMs are in use".to_owned(),
    };
    titled(
        title,
        format!(
            "{since}, although {esims}. Check the tunnel, and the address in Roamify's portal."
        ),
    )
}

#[cfg(test)]
mod tests;
