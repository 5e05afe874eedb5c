//! Whether the list of eSIMs has all of them, wherever it ends. It is believed once the lists by status have none that it lacks:
//! by all that it has the first time, and later, when it has more than ever, of those in use and of most of them, which is a
//! request or two.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::client::Client;
use super::limited::esim_rows;
use super::{FEWEST_OF_A_CUT, Lists, OTHER_STATUSES, URGENT_STATUSES, may_be_cut};
use crate::event::Status;
use crate::provider::{ApiError, EsimsSoFar, ListedEsim};

impl Lists {
    /// Whether the list of those that are installed has one that the list of all has not: wherever that was cut.
    pub(super) async fn lacks_installed(
        &mut self,
        client: &mut Client,
        known: &EsimsSoFar,
        esims: &BTreeMap<String, ListedEsim>,
    ) -> Result<bool, ApiError> {
        if self.is_known_whole(known) {
            return Ok(false);
        }
        match esim_rows(client, &mut self.sizes, Some(&Status::Installed)).await {
            Ok(list) => {
                let lacks =
                    |row: &ListedEsim| self.is_old(row) && !esims.contains_key(&row.esim_id);
                let is_lacking = list.rows.iter().any(lacks);
                self.read_by.push(Status::Installed);
                self.installed = Some(list);
                Ok(is_lacking)
            }
            Err(error) if error.ends_everything() => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// Whether the list was shown to leave none out when it had as many at least: no limit of the API's is below that. A round
    /// figure is looked into each time.
    pub(super) fn is_known_whole(&self, known: &EsimsSoFar) -> bool {
        let whole = known.sizes.whole.unwrap_or(0);
        self.count < FEWEST_OF_A_CUT || (self.count <= whole && !may_be_cut(self.count))
    }

    /// By which statuses the list is asked to show that it leaves none out. One whose entries have all one status may end there,
    /// and so may the list by that.
    pub(super) fn statuses_that_show(&self, known: &EsimsSoFar) -> Vec<Status> {
        match (self.statuses.as_slice(), known.sizes.whole) {
            ([_], _) => [URGENT_STATUSES, OTHER_STATUSES].concat(),
            (all, None) => all.to_vec(),
            (all, Some(_)) => all.iter().take(1).cloned().collect(),
        }
    }

    /// How many entries the list had when it was shown to leave none out.
    pub(super) fn whole(&self, known: &EsimsSoFar) -> Option<usize> {
        if !self.listed || self.left_out || self.cut {
            return None;
        }
        let is_read = |status: &Status| self.read_by.contains(status);
        let is_shown = is_read(&Status::Installed) && self.statuses.first().is_none_or(is_read);
        let before = known.sizes.whole;
        if is_shown {
            before.max(Some(self.count))
        } else {
            before
        }
    }

    /// Takes note of the statuses of these by which the list can be asked, that of most first.
    pub(super) fn note_statuses(&mut self, rows: &[ListedEsim]) {
        let count = |status: &Status| {
            let of = rows
                .iter()
                .filter(|row| row.status.as_ref() == Some(status));
            of.count()
        };
        let mut statuses = [URGENT_STATUSES, OTHER_STATUSES].concat();
        statuses.retain(|status| count(status) > 0);
        statuses.sort_by_key(|status| Reverse(count(status)));
        self.statuses = statuses;
    }
}
