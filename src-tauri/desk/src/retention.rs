//! What becomes of old content.

use esim_watch_core::store;
use serde::{Deserialize, Serialize};

/// After how many days content is old. 0: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Ages {
    /// Raw bodies.
    pub bodies_days: u32,
    /// Usage events.
    pub usage_days: u32,
}

impl From<store::Ages> for Ages {
    fn from(ages: store::Ages) -> Ages {
        let store::Ages {
            bodies_days,
            usage_days,
        } = ages;
        Ages {
            bodies_days,
            usage_days,
        }
    }
}

impl From<Ages> for store::Ages {
    fn from(ages: Ages) -> store::Ages {
        let Ages {
            bodies_days,
            usage_days,
        } = ages;
        store::Ages {
            bodies_days,
            usage_days,
        }
    }
}
