//! What alerts, headlines and notices name: the text, the eSIM, what a click opens.

use super::Headline;
use crate::alert::{self, Name, Opens, Rule, Subject, Text};
use crate::esim::EsimState;
use crate::store::{Readers, StoredAlert};

/// What an alert says. `now`: UTC seconds.
#[must_use]
pub fn text(alert: &StoredAlert, now: i64) -> Text {
    let name = named(alert.esim.as_ref(), alert.traveller.as_deref());
    alert::text(alert.fact.rule, &alert.fact.detail, &name, now)
}

/// An alert in a menu.
pub(super) fn headline(alert: &StoredAlert, now: i64) -> Headline {
    Headline {
        id: alert.id,
        title: text(alert, now).title,
        esim_key: alert.esim.as_ref().and_then(EsimState::key),
    }
}

/// What names an eSIM to a person.
pub(super) fn named<'a>(esim: Option<&'a EsimState>, traveller: Option<&'a str>) -> Name<'a> {
    Name {
        traveller,
        reference: esim.and_then(EsimState::reference),
        iccid: esim.and_then(|esim| esim.iccid.as_deref()),
        esim_id: esim.and_then(|esim| esim.esim_id.as_deref()),
    }
}

/// The name of an eSIM's traveller, for a notification: without it, it is better than none.
pub(super) fn traveller(readers: &Readers, esim: i64) -> Option<String> {
    let name = readers.read(|store| store.traveller_name(esim));
    name.unwrap_or_else(|error| {
        tracing::warn!(%error, "the name of a traveller can't be read");
        None
    })
}

/// What a click on the alert's notification opens.
pub(super) fn opens(subject: &Subject, rule: Rule, esim: Option<&EsimState>) -> Opens {
    match (subject, esim.and_then(EsimState::key)) {
        (_, Some(key)) => Opens::Esim(key),
        (Subject::Account, None) => Opens::Account,
        (Subject::Program, None) if rule != Rule::NoEvents => Opens::Connection,
        _ => Opens::Alerts,
    }
}
