//! Questions of the window about esim list.

use crate::Desk;
use crate::error::Answer;
use crate::esim_list::EsimPage;
use crate::esim_list::{EsimFilter, EsimQuery};

impl Desk {
    /// One page of the list of eSIMs.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esims(&self, query: EsimQuery) -> Answer<EsimPage> {
        let (list, now) = (self.list.clone(), self.now());
        self.read(move |store| list.page(store, &query, now)).await
    }

    /// The keys of all eSIMs that match, in order: what "select all" means.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim_keys(&self, filter: EsimFilter) -> Answer<Vec<String>> {
        let (list, now) = (self.list.clone(), self.now());
        self.read(move |store| {
            let rows = list.rows(store, &filter, now)?;
            store.esim_keys(&rows)
        })
        .await
    }
}
