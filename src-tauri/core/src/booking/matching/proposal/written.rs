//! References as their senders write them, for whoever decides on a list: it is matched by their one form.

use super::Proposal;
use crate::booking::doubts::LineDoubt;
use crate::booking::matching::known::KnownEsims;

impl KnownEsims {
    /// These with the references of known orders as they are written.
    #[must_use]
    pub fn as_written(&self, mut proposals: Vec<Proposal>) -> Vec<Proposal> {
        if self.written.is_empty() {
            return proposals;
        }
        for Proposal { row, .. } in &mut proposals {
            if let Some(reference) = &mut row.reference {
                self.write(reference);
            }
            for doubt in &mut row.doubts {
                match doubt {
                    LineDoubt::OtherOrder { reference }
                    | LineDoubt::TakenForOrder { reference, .. } => self.write(reference),
                    LineDoubt::NearOrders { references } => {
                        references.iter_mut().for_each(|one| self.write(one));
                    }
                    _ => {}
                }
            }
        }
        proposals
    }

    fn write(&self, reference: &mut String) {
        if let Some(written) = self.written.get(reference) {
            reference.clone_from(written);
        }
    }
}
