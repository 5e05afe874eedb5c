//! Questions of the window about esim.

use crate::Desk;
use crate::error::{Answer, DeskError};
use crate::esim::EsimDetail;
use crate::support;
use crate::usage::EsimUsage;
use esim_watch_core::provider;

impl Desk {
    /// One eSIM by its eSIM id or ICCID; `None`: no event has named it.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim(&self, key: String) -> Answer<Option<EsimDetail>> {
        let now = self.now();
        self.read(move |store| match store.esim_row(&key)? {
            Some(row) => EsimDetail::read(store, row, now),
            None => Ok(None),
        })
        .await
    }

    /// The ICCIDs of these eSIMs, in their order; those without one are left out.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn iccids(&self, keys: Vec<String>) -> Answer<Vec<String>> {
        self.read(move |store| store.iccids(&keys)).await
    }

    /// All that support asks for about an eSIM, as plain text.
    ///
    /// # Errors
    /// If there is no such eSIM or the store can't be read.
    pub async fn for_support(&self, key: String) -> Answer<String> {
        let (zone, now) = (self.language.locale().zone, self.now());
        let text = self.read(move |store| {
            let Some(row) = store.esim_row(&key)? else {
                return Ok(None);
            };
            let Some(detail) = EsimDetail::read(store, row, now)? else {
                return Ok(None);
            };
            let usage = EsimUsage::read(store, row)?;
            let events = store.history_of(row)?;
            let provider = store.esim_state(row)?.map(|esim| esim.provider);
            let words = provider::by_id(provider.unwrap_or_default()).support_words();
            Ok(Some(support::text(
                &words,
                &detail.esim,
                &events,
                &usage,
                now,
                &zone,
            )))
        });
        text.await?
            .ok_or_else(|| DeskError::EsimGoneFromList.into())
    }
}
