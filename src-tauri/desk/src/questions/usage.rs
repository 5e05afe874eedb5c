//! Questions of the window about usage.

use crate::Desk;
use crate::error::Answer;
use crate::esim::now;
use crate::usage::EsimUsage;

impl Desk {
    /// Where and when an eSIM used its data; `None`: no event has named it.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim_usage(&self, key: String) -> Answer<Option<EsimUsage>> {
        self.read(move |store| match store.esim_row(&key)? {
            Some(row) => {
                let mut usage = EsimUsage::read(store, row)?;
                usage.pace = usage.pace.filter(|pace| pace.is_ahead(now()));
                Ok(Some(usage))
            }
            None => Ok(None),
        })
        .await
    }
}
