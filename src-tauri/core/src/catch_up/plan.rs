//! What is asked for, and in which order. Pure.
//!
//! An eSIM is asked for if it never was, if its entry in the list is another than then, or if it is in use: what happens to
//! one in use need not show in the list. One that this catch-up has asked for before it was interrupted is not asked for
//! again, unless its entry has changed since.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::event::Status;
use crate::provider::{EsimsSoFar, ListedEsim};
use crate::store::{EsimBefore, LastAsked};

/// Within so many seconds an end is near.
const ENDS_SOON_SECS: i64 = 2 * 86_400;

/// How much an eSIM matters; the first come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Importance {
    /// Somebody travels with it, or did when it was heard of last.
    InUse,
    /// It ends soon.
    EndsSoon,
    /// Nobody knows how it is.
    Unknown,
    /// Any other, what changed last first.
    Other,
}

/// What the store knows, by the provider's ids of the eSIMs.
#[derive(Debug, Default)]
pub(super) struct Before {
    pub asked: HashMap<String, LastAsked>,
    pub esims: HashMap<String, EsimBefore>,
    /// Those by whose answers the last catch-ups ended: they come last.
    pub unanswered: HashSet<String>,
    /// Those whose figures are not asked for again.
    pub fresh_figures: HashSet<String>,
}

impl Before {
    /// Whether it was on a device when it was heard of last.
    pub fn is_on_device(&self, esim_id: &str) -> bool {
        let known = self.esims.get(esim_id);
        known.is_some_and(|known| known.status.as_ref().is_some_and(is_on_device))
    }

    /// When an eSIM ends, UTC seconds: as webhooks told it, which a list that lags behind may not know; what is over was
    /// prolonged since if a list has it later. `now`: UTC seconds.
    fn ends_at(&self, esim: &ListedEsim, now: i64) -> Option<i64> {
        let known = self.esims.get(&esim.esim_id);
        let known = known.and_then(|known| known.ends_at);
        known.filter(|end| *end >= now).or(esim.ends_at).or(known)
    }

    /// The ids of the eSIMs that the store knows.
    pub fn known(&self) -> EsimsSoFar {
        let ids: BTreeSet<&String> = self.esims.keys().chain(self.asked.keys()).collect();
        let mut known = EsimsSoFar::default();
        let mut gone = Vec::new();
        for id in ids {
            match self.asked.get(id) {
                Some(last) if last.was_gone() => gone.push((last.run, id.clone())),
                _ if self.is_on_device(id) => known.in_use.push(id.clone()),
                _ => known.others.push(id.clone()),
            }
        }
        let ends_at = |id: &String| self.esims.get(id).and_then(|known| known.ends_at);
        known
            .in_use
            .sort_by_cached_key(|id| ends_at(id).unwrap_or(i64::MAX));
        gone.sort();
        known.gone = gone.into_iter().map(|(_, id)| id).collect();
        known
    }
}

/// The eSIMs that are asked for, in order. `run`: the number of this catch-up; `now`: the provider's time, UTC seconds.
pub(super) fn plan(
    listed: Vec<ListedEsim>,
    before: &Before,
    run: i64,
    now: i64,
) -> Vec<(Importance, ListedEsim)> {
    let due = |esim: &ListedEsim| match before.asked.get(&esim.esim_id) {
        None => true,
        Some(last) if last.mark != esim.mark => true,
        Some(last) => last.run != run && is_in_use(esim, before),
    };
    let mut planned: Vec<(Importance, ListedEsim)> = listed
        .into_iter()
        .filter(due)
        .map(|esim| (importance(&esim, before, now), esim))
        .collect();
    planned.sort_by_cached_key(|(importance, esim)| {
        let ends_at = match importance {
            // That is what the list has to tell of all that are in use.
            Importance::InUse if has_just_ended(esim, before) => i64::MIN,
            Importance::InUse | Importance::EndsSoon => {
                before.ends_at(esim, now).unwrap_or(i64::MAX)
            }
            _ => 0,
        };
        (
            before.unanswered.contains(&esim.esim_id),
            *importance,
            ends_at,
            Reverse(esim.updated_at),
            esim.esim_id.clone(),
        )
    });
    planned
}

fn importance(esim: &ListedEsim, before: &Before, now: i64) -> Importance {
    let ends_soon = before
        .ends_at(esim, now)
        .is_some_and(|end| end >= now && end.saturating_sub(now) <= ENDS_SOON_SECS);
    match &esim.status {
        _ if is_in_use(esim, before) || has_just_ended(esim, before) => Importance::InUse,
        _ if ends_soon => Importance::EndsSoon,
        None | Some(Status::Unknown | Status::Other(_)) => Importance::Unknown,
        _ => Importance::Other,
    }
}

/// Whether it ended and nobody here knows yet: whoever travels with it is cut off.
fn has_just_ended(esim: &ListedEsim, before: &Before) -> bool {
    esim.status.as_ref().is_some_and(Status::is_terminal) && before.is_on_device(&esim.esim_id)
}

/// Whether a status is that of one on a device.
pub(super) fn is_on_device(status: &Status) -> bool {
    matches!(
        status,
        Status::Installed | Status::Activated | Status::Inactive
    )
}

/// Whether somebody may travel with it: the list says that it is installed, or lags behind what is known. It does so too
/// where it says that it ended, and whoever asked found that it lives.
fn is_in_use(esim: &ListedEsim, before: &Before) -> bool {
    let is_other = matches!(esim.status, Some(Status::Other(_)));
    esim.status.as_ref().is_some_and(is_on_device)
        || (!is_other && before.is_on_device(&esim.esim_id))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::run::NAMED;
    use super::*;

    const NOW: i64 = 1_795_860_000;

    pub fn esim(id: &str, status: &str, updated_at: i64) -> ListedEsim {
        ListedEsim {
            esim_id: id.to_owned(),
            written_id: id.to_owned(),
            iccid: None,
            status: Some(Status::from_text(status)),
            mark: format!("{status}|{updated_at}"),
            created_at: None,
            updated_at: Some(updated_at),
            ends_at: None,
            unlimited: None,
            without_usage: false,
            bought: Vec::new(),
        }
    }

    pub fn asked(esims: &[ListedEsim], run: i64) -> Before {
        let note = |esim: &ListedEsim| {
            let mark = esim.mark.clone();
            (esim.esim_id.clone(), LastAsked { mark, run })
        };
        Before {
            asked: esims.iter().map(note).collect(),
            ..Before::default()
        }
    }

    #[test]
    fn whose_answers_ended_the_last_one_come_last() {
        let listed = [
            esim("a", "INSTALLED", 3),
            esim("b", "INSTALLED", 2),
            esim("c", "NEW", 1),
        ];
        let before = Before {
            unanswered: HashSet::from(["a".to_owned()]),
            ..Before::default()
        };
        assert_eq!(ids(&listed, &before, 1), ["b", "c", "a"]);
    }

    fn known(status: Status) -> EsimBefore {
        EsimBefore {
            status: Some(status),
            ends_at: None,
        }
    }

    fn ids(listed: &[ListedEsim], before: &Before, run: i64) -> Vec<String> {
        let planned = plan(listed.to_vec(), before, run, NOW);
        planned.into_iter().map(|(_, esim)| esim.esim_id).collect()
    }

    #[test]
    fn what_matters_most_is_asked_for_first() {
        let ends = |mut esim: ListedEsim, at: i64| {
            esim.ends_at = Some(at);
            esim
        };
        let listed = [
            esim("old", "EXPIRED", NOW - 900),
            esim("lately", "READY", NOW - 10),
            esim("unknown", "UNKNOWN", NOW - 5000),
            ends(esim("life-ends", "NEW", NOW - 5000), NOW + 3600),
            ends(esim("in-use", "INSTALLED", NOW - 1), NOW + 900_000),
            ends(esim("in-use-ending", "INSTALLED", NOW - 5000), NOW + 60),
        ];
        assert_eq!(
            ids(&listed, &Before::default(), 1),
            [
                "in-use-ending",
                "in-use",
                "life-ends",
                "unknown",
                "lately",
                "old"
            ]
        );
    }

    #[test]
    fn an_end_that_webhooks_told_counts_more_than_the_lists() {
        let ends = |id: &str, status: &str, at: i64| ListedEsim {
            ends_at: Some(at),
            ..esim(id, status, NOW - 5000)
        };
        let listed = [
            ends("list", "INSTALLED", NOW + 500),
            ends("sooner", "INSTALLED", NOW + 90_000),
            ends("prolonged", "INSTALLED", NOW + 300),
            ends("later", "READY", NOW + 60),
            ends("soon", "READY", NOW + 900_000),
        ];
        let mut before = Before::default();
        for (id, status, ends_at) in [
            ("sooner", Status::Activated, NOW + 400),
            ("prolonged", Status::Activated, NOW - 60),
            ("later", Status::Ready, NOW + 900_000),
            ("soon", Status::Ready, NOW + 60),
        ] {
            let known = EsimBefore {
                status: Some(status),
                ends_at: Some(ends_at),
            };
            before.esims.insert(id.to_owned(), known);
        }
        let order = ids(&listed, &before, 1);
        assert_eq!(order, ["prolonged", "sooner", "list", "soon", "later"]);
        let planned = plan(listed.to_vec(), &before, 1, NOW);
        let soon = planned.iter().filter(|one| one.0 == Importance::EndsSoon);
        assert_eq!(soon.count(), 1);
    }

    #[test]
    fn what_ended_unheard_matters_as_what_is_in_use() {
        let listed = [
            esim("ready", "READY", NOW - 1),
            esim("ended-long-ago", "EXPIRED", NOW - 1),
            esim("revoked", "REVOKED", NOW - 900),
        ];
        let mut before = Before::default();
        for (id, status) in [
            ("ended-long-ago", Status::Expired),
            ("revoked", Status::Activated),
        ] {
            before.esims.insert(id.to_owned(), known(status));
        }
        let planned = plan(listed.to_vec(), &before, 1, NOW);
        let urgent: Vec<&str> = planned
            .iter()
            .filter(|(importance, _)| *importance == Importance::InUse)
            .map(|(_, esim)| esim.esim_id.as_str())
            .collect();
        assert_eq!(urgent, ["revoked"]);
    }

    #[test]
    fn after_a_complete_one_only_what_is_in_use_or_has_changed_is_asked_for() {
        let listed = [
            esim("ready", "READY", 1),
            esim("installed", "INSTALLED", 1),
            esim("changed", "READY", 1),
            esim("expired", "EXPIRED", 1),
        ];
        let before = asked(&listed, 1);
        let mut now = listed;
        now[2] = esim("changed", "READY", 2);
        assert_eq!(ids(&now, &before, 2), ["installed", "changed"]);
    }

    #[test]
    fn one_that_was_interrupted_goes_on_and_asks_again_only_for_what_changed_meanwhile() {
        let listed = [
            esim("installed", "INSTALLED", 1),
            esim("changed", "INSTALLED", 1),
            esim("rest", "READY", 1),
        ];
        let before = asked(&listed[..2], 7);
        let mut now = listed;
        now[1] = esim("changed", "INSTALLED", 2);
        assert_eq!(ids(&now, &before, 7), ["changed", "rest"]);
    }

    #[test]
    fn a_list_that_lags_behind_hides_no_esim_in_use() {
        let listed = [esim("a", "READY", 1), esim("b", "EXPIRED", 1)];
        let mut before = asked(&listed, 1);
        for id in ["a", "b"] {
            before.esims.insert(id.to_owned(), known(Status::Activated));
        }
        assert_eq!(ids(&listed, &before, 2), ["b", "a"]);
    }

    #[test]
    fn what_has_just_ended_comes_before_all_that_is_in_use() {
        let listed = [esim("a", "INSTALLED", 3), esim("b", "REVOKED", 2)];
        let mut before = asked(&listed, 1);
        for (id, ends_at) in [("a", NOW + 60), ("b", NOW + 30 * 86_400)] {
            let known = EsimBefore {
                ends_at: Some(ends_at),
                ..known(Status::Activated)
            };
            before.esims.insert(id.to_owned(), known);
        }
        assert_eq!(ids(&listed, &before, 2), ["b", "a"]);
    }

    #[test]
    fn of_what_is_in_use_the_first_to_end_is_named_first() {
        let known = |ends_at| EsimBefore {
            status: Some(Status::Activated),
            ends_at,
        };
        let mut before = Before::default();
        for (id, ends_at) in [("a", None), ("b", Some(NOW + 9)), ("c", Some(NOW + 3))] {
            before.esims.insert(id.to_owned(), known(ends_at));
        }
        assert_eq!(before.known().in_use, ["c", "b", "a"]);
    }
    #[test]
    fn what_was_only_named_before_is_asked_for_like_any_other() {
        let mut before = Before::default();
        let last = LastAsked {
            mark: NAMED.to_owned(),
            run: 7,
        };
        before.asked.insert("a".to_owned(), last);
        assert_eq!(before.known().others, ["a"]);
        assert_eq!(ids(&[esim("a", "INSTALLED", 1)], &before, 7), ["a"]);
    }
}
