//! What makes two deliveries the same event.
//!
//! Version 1, in this order: for a status the eSIM, the status and the second it happened, so that the same change from
//! the webhook and from the API is one event, whatever ids the webhooks have; the provider's own id of the event where one
//! is given; otherwise a hash of the canonical content. Keys of timed events lead with the time,
//! so that rows which arrive together lie together in the index.
//!
//! One change may be told by the eSIM's id and by its ICCID alone: two keys, of which the one with the id counts where it is
//! known whose the ICCID is ([`Event::key_named`]).
//!
//! What brings neither an id of its own nor a time is known by its content alone. Two orders that fail for lack of the
//! same balance are told in the same bytes then, with the same signature, and no header numbers a delivery: nothing tells
//! the second from the first one sent again. They are one event. A retry, or a replay by whoever caught a delivery, would
//! else be another failed order each time, and nothing would ever end that; while of two orders one is told, with the
//! balance that both were short of, and that its time is missing is told as well.
//!
//! Two providers never give the same key: those of all but the first have the provider's number in them.

use sha2::{Digest, Sha256};

use super::{Event, EventKind, ProviderId, Status, greater};

/// Longest text that stands in a key as it is, in bytes; longer ones are hashed.
const MAX_PLAIN: usize = 160;

/// Makes the keys of one provider's events.
#[derive(Debug, Clone, Copy)]
pub struct Keys(pub ProviderId);

impl Keys {
    /// The key of an event with an id of its own. `esim`: whom else it may be about, where senders number the events of each
    /// eSIM for itself, or give many the same id.
    #[must_use]
    pub fn of_event_id(self, kind: &EventKind, event_id: &str, esim: Option<&str>) -> String {
        let (category, kind) = kind.as_parts();
        let esim = esim.map(|esim| format!(":{esim}")).unwrap_or_default();
        self.short("1:id", &format!("{category}:{kind}:{event_id}{esim}"))
    }

    /// The key of a status change of the eSIM with this identity.
    #[must_use]
    pub fn of_status(
        self,
        esim_id: Option<&str>,
        iccid: Option<&str>,
        status: &Status,
        at: i64,
    ) -> Option<String> {
        let (kind, id) = match (esim_id, iccid) {
            (Some(esim_id), _) => ("esim", esim_id),
            (None, Some(iccid)) => ("iccid", iccid),
            (None, None) => return None,
        };
        let rest = [kind, ":", id, ":", status.as_str()].concat();
        Some(self.short(&format!("1:{at:011}:status"), &rest))
    }

    /// The key of an event that is known by its content alone.
    #[must_use]
    pub fn of_content(self, at: Option<i64>, canonical: &str) -> String {
        let at = at.unwrap_or(0);
        let hash = hash(canonical.as_bytes());
        format!("1:{at:011}:hash:{}{hash}", self.mark())
    }

    /// The key of bytes that are no event at all, for recognising them when they come again.
    #[must_use]
    pub fn of_raw(self, body: &[u8]) -> String {
        format!("1:raw:{}{}", self.mark(), hash(body))
    }

    fn short(self, prefix: &str, rest: &str) -> String {
        let mark = self.mark();
        if rest.len() <= MAX_PLAIN {
            [prefix, ":", &mark, rest].concat()
        } else {
            format!("{prefix}:hash:{mark}{}", hash(rest.as_bytes()))
        }
    }

    /// What tells the keys of one provider from those of another.
    fn mark(self) -> String {
        if self.0 == ProviderId::FIRST {
            String::new()
        } else {
            format!("{}/", self.0.number())
        }
    }
}

impl Event {
    /// The key that it would have if it named its eSIM like this; `None`: it is no change of status.
    #[must_use]
    pub fn key_named(&self, esim_id: Option<&str>, iccid: Option<&str>) -> Option<String> {
        let second = second_of_change(&self.key)?;
        Keys(self.provider).of_status(esim_id, iccid, self.status.as_ref()?, second)
    }

    /// Whether it is a change of status that is told by the ICCID alone.
    #[must_use]
    pub fn is_told_by_iccid(&self) -> bool {
        self.esim_id.is_none() && self.is_change_of_status()
    }

    /// Whether it is what a provider that was asked tells of an eSIM that runs again since then although no change of status
    /// told it: it is no older than that, as other reports may be.
    #[must_use]
    pub fn tells_return(&self) -> bool {
        let since = self.occurred_at.map(return_id);
        let key_of = |id: String| {
            let esim = self.esim_id.as_deref().or(self.iccid.as_deref());
            Keys(self.provider).of_event_id(&self.kind, &id, esim)
        };
        self.kind == EventKind::EsimUsage && since.map(key_of).as_ref() == Some(&self.key)
    }

    /// Whether it is known by eSIM, status and second.
    pub(crate) fn is_change_of_status(&self) -> bool {
        second_of_change(&self.key).is_some()
    }

    /// Whether one of the two tells by the eSIM's id what the other tells by the ICCID alone, if they are about one eSIM.
    #[must_use]
    pub fn is_other_telling_of(&self, other: &Event) -> bool {
        self.provider == other.provider
            && self.esim_id.is_some() != other.esim_id.is_some()
            && self.status == other.status
            && self.is_change_of_status()
            && second_of_change(&self.key) == second_of_change(&other.key)
    }

    /// Takes over what another telling names the eSIM by. Of a change that is told by the eSIM's id and by its ICCID alone
    /// the names count that stand beside the id: the ICCID may have been another's.
    pub(super) fn absorb_names(&mut self, other: &Event) -> bool {
        if self.is_other_telling_of(other) {
            let has_id = other.esim_id.is_some();
            if has_id {
                self.key.clone_from(&other.key);
                self.esim_id.clone_from(&other.esim_id);
                self.iccid.clone_from(&other.iccid);
            }
            return has_id;
        }
        let id = greater(&mut self.esim_id, &other.esim_id);
        greater(&mut self.iccid, &other.iccid) || id
    }
}

/// The id of an event that tells that an eSIM runs again since then, UTC seconds.
#[must_use]
pub fn return_id(since: i64) -> String {
    format!("runs_again_{since}")
}

/// The second in the key of a change of status; `None`: it is the key of something else.
pub(super) fn second_of_change(key: &str) -> Option<i64> {
    let (second, rest) = key.strip_prefix("1:")?.split_once(':')?;
    rest.starts_with("status:")
        .then(|| second.parse().ok())
        .flatten()
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_providers_never_give_the_same_key() {
        let (first, second) = (Keys(ProviderId::FIRST), Keys(ProviderId::new(2)));
        let of = |keys: Keys| keys.of_status(Some("a"), None, &Status::New, 10).unwrap();
        assert_eq!(of(first), "1:00000000010:status:esim:a:NEW");
        assert_eq!(of(second), "1:00000000010:status:2/esim:a:NEW");
    }
}
