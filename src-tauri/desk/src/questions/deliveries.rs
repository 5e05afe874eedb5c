//! Questions of the window about deliveries.

use crate::Desk;
use crate::deliveries::{DeliveryDetail, DeliveryPage, DeliveryQuery, searched_esims};
use crate::error::Answer;
use crate::esim::now;

impl Desk {
    /// One page of deliveries, newest first.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn deliveries(&self, query: DeliveryQuery) -> Answer<DeliveryPage> {
        let list = self.list.clone();
        self.read(move |store| {
            let esims = searched_esims(store, &list, &query.search, now())?;
            DeliveryPage::read(store, query, &esims)
        })
        .await
    }

    /// One delivery with all that is kept of it; `None`: there is none.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn delivery(&self, id: i64) -> Answer<Option<DeliveryDetail>> {
        let content = self.read(move |store| store.delivery(id)).await?;
        Ok(content.map(DeliveryDetail::from))
    }
}
