//! What has happened since the window was told last, in short.

use std::collections::BTreeSet;
use std::time::Duration;

use esim_watch_core::store::{Commit, StoredEvent, Verdict};

use crate::esim_list::StaleRows;

/// Shortest time between two answers.
pub(super) const PACE: Duration = Duration::from_millis(100);

/// The same while so much happens that each update is a snapshot: nobody reads on so quickly, and after
/// each one the window has to ask again for what it shows.
const BUSY_PACE: Duration = Duration::from_millis(250);

/// Most events and most eSIMs of one update; beyond that a snapshot is due.
const MAX_UPDATE_CHANGES: usize = 40;

/// What has happened since the last update.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) events: Vec<StoredEvent>,
    /// Rows of the eSIMs that changed.
    pub(super) esims: BTreeSet<i64>,
    pub(super) replaced: Vec<String>,
    /// What the list has to read again; also when the window gets a snapshot.
    pub(super) stale: StaleRows,
    pub(super) health: bool,
    /// More than fits: a snapshot is due.
    pub(super) overflow: bool,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        !self.health && !self.overflow && self.events.is_empty() && self.esims.is_empty()
    }

    /// How long the window is left alone once it was told this.
    pub(super) fn pace(&self) -> Duration {
        if self.overflow { BUSY_PACE } else { PACE }
    }

    pub(super) fn only_health(&self) -> bool {
        !self.overflow && self.events.is_empty() && self.esims.is_empty()
    }

    pub(super) fn add(&mut self, commit: &Commit) {
        for change in &commit.changes {
            let is_new = change.verdict != Verdict::Duplicate;
            let stored = change
                .event
                .iter()
                .filter(|stored| is_new && stored.is_change());
            self.events.extend(stored.cloned());
            if let Some(esim) = &change.esim {
                self.replaced.extend(esim.replaced.iter().cloned());
                self.stale.add(esim.rows.iter().copied());
                self.esims.extend(esim.rows.iter().copied());
            }
        }
        self.shorten();
    }

    /// eSIMs that changed without an event: their traveller did.
    pub(super) fn add_esims(&mut self, rows: Vec<i64>) {
        self.stale.add(rows.iter().copied());
        self.esims.extend(rows);
        self.shorten();
    }

    /// Too much to tell one by one becomes a snapshot.
    fn shorten(&mut self) {
        self.overflow |=
            self.events.len() > MAX_UPDATE_CHANGES || self.esims.len() > MAX_UPDATE_CHANGES;
        if self.overflow {
            *self = Pending {
                overflow: true,
                stale: std::mem::take(&mut self.stale),
                ..Pending::default()
            };
        }
    }

    /// The window has to ask for everything again; the list itself is as new as before.
    pub(super) fn show_all_again(&mut self) {
        self.overflow = true;
        self.shorten();
    }

    /// Some commits were missed.
    pub(super) fn lost_track(&mut self) {
        self.overflow = true;
        self.stale.everything();
        self.shorten();
    }
}

#[cfg(test)]
mod tests {
    use esim_watch_core::event::Sources;
    use esim_watch_core::provider::parse;
    use esim_watch_core::store::{Change, EsimChange};

    use super::*;

    /// A commit that brings one event of the eSIM with this number.
    fn commit(number: usize, verdict: Verdict) -> Commit {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{number}","status":"NEW","timestamp":{number}}}"#
        );
        let event = parse(body.as_bytes()).unwrap();
        let esim = EsimChange {
            replaced: vec![format!("old-{number}")],
            rows: vec![i64::try_from(number).unwrap()],
            merges: Vec::new(),
        };
        let stored = StoredEvent::new(i64::try_from(number).unwrap(), 0, event);
        Commit {
            changes: vec![Change {
                verdict,
                delivery: None,
                event: Some(stored),
                esim: Some(esim),
                heard: true,
                unreadable: None,
            }],
        }
    }

    #[test]
    fn changes_gather_until_they_are_sent() {
        let mut pending = Pending::default();
        assert!(pending.is_empty());
        pending.add(&commit(1, Verdict::Accepted));
        pending.add(&commit(2, Verdict::Accepted));
        assert_eq!(pending.events.len(), 2);
        assert_eq!(pending.esims.len(), 2);
        assert_eq!(pending.replaced, ["old-1", "old-2"]);
        assert!(!pending.overflow);
    }

    #[test]
    fn an_event_told_again_is_no_new_event_but_its_esim_may_have_changed() {
        let mut pending = Pending::default();
        pending.add(&commit(1, Verdict::Duplicate));
        assert!(pending.events.is_empty());
        assert_eq!(pending.esims.len(), 1);
        assert!(!pending.is_empty());
    }

    #[test]
    fn what_the_api_alone_reads_of_the_data_is_no_event_for_the_feed_and_a_status_or_a_webhook_is()
    {
        let told = |sources: Sources, status: &str| {
            let body = format!(
                r#"{{"event_category":"esim","event_type":"usage","esim_id":"e1","timestamp":1795000000,"data_remaining":3072{status}}}"#
            );
            let event = parse(body.as_bytes()).unwrap();
            let mut commit = commit(1, Verdict::Accepted);
            let mut stored = StoredEvent::new(7, 0, event);
            stored.sources = sources;
            commit.changes[0].event = Some(stored);
            let mut pending = Pending::default();
            pending.add(&commit);
            assert_eq!(pending.esims.len(), 1, "its row is told in any case");
            pending.events.len()
        };
        let revoked = r#","status":"REVOKED""#;
        assert_eq!(told(Sources::API, ""), 0);
        assert_eq!(told(Sources::API, revoked), 1);
        assert_eq!(told(Sources::WEBHOOK, ""), 1);
        assert_eq!(told(Sources::BOTH, ""), 1);
    }

    #[test]
    fn too_much_at_once_becomes_a_snapshot() {
        let mut pending = Pending::default();
        for number in 0..=MAX_UPDATE_CHANGES {
            pending.add(&commit(number, Verdict::Accepted));
        }
        assert!(pending.overflow);
        assert!(pending.events.is_empty() && pending.esims.is_empty());
        pending.add(&commit(99, Verdict::Accepted));
        assert!(pending.overflow, "it stays due until it is sent");
        assert_eq!(pending.pace(), BUSY_PACE);
    }

    #[test]
    fn what_the_list_has_to_read_again_outlives_the_shortening() {
        let mut pending = Pending::default();
        for number in 0..=MAX_UPDATE_CHANGES {
            pending.add(&commit(number, Verdict::Accepted));
        }
        pending.add_esims(vec![1000]);
        assert_eq!(pending.stale.rows.len(), MAX_UPDATE_CHANGES + 2);
        assert!(pending.stale.rows.contains(&1000) && !pending.stale.all);
        pending.lost_track();
        assert!(pending.stale.all && pending.overflow);
    }

    #[test]
    fn health_alone_is_sent_alone() {
        let mut pending = Pending {
            health: true,
            ..Pending::default()
        };
        assert!(pending.only_health() && !pending.is_empty());
        pending.add(&commit(1, Verdict::Accepted));
        assert!(!pending.only_health());
    }
}
