//! What becomes of old content.

use esim_watch_core::store;
use serde::{Deserialize, Serialize};

use crate::Desk;
use crate::error::Answer;

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

impl Desk {
    /// After how many days old content goes.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn retention(&self) -> Answer<Ages> {
        Ok(self.engine()?.retention()?.into())
    }

    /// Sets after how many days old content goes, from the next step of the maintenance on.
    ///
    /// # Errors
    /// If they are out of bounds or can't be stored.
    pub async fn set_retention(&self, ages: Ages) -> Answer<Ages> {
        self.engine()?.set_retention(ages.into()).await?;
        self.retention().await
    }
}
