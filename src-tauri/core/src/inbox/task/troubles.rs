//! What is wrong with the program, and since when.

use crate::alert::Trouble;
use crate::message::Message;

/// Since when something has been wrong, UTC seconds: health tells only that it is.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    pub listener: Option<Trouble>,
    pub tunnel: Option<Trouble>,
    pub store: Option<Trouble>,
}

/// Takes note of why something is wrong as of now (UTC seconds), or that it is not.
pub(super) fn keep(trouble: &mut Option<Trouble>, reason: Option<&Message>, now: i64) {
    match (reason, &mut *trouble) {
        (None, _) => *trouble = None,
        (Some(reason), Some(known)) => known.reason = reason.clone(),
        (Some(reason), None) => {
            *trouble = Some(Trouble {
                since: now,
                reason: reason.clone(),
            });
        }
    }
}
