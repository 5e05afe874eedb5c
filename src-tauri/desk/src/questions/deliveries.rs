//! Questions of the window about deliveries.

use crate::Desk;
use crate::deliveries::{DeliveryDetail, DeliveryPage, DeliveryQuery, searched_esims};
use crate::delivery_proof::{DeliveryProof, ProofSpan};
use crate::error::Answer;
use esim_watch_core::provider;

impl Desk {
    /// By which way changes of status of a span came to be known, and how late.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn delivery_proof(&self, span: ProofSpan) -> Answer<DeliveryProof> {
        self.read(move |store| DeliveryProof::read(store, span))
            .await
    }

    /// The same as English text for the provider's support.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn delivery_proof_for_support(&self, span: ProofSpan) -> Answer<String> {
        let proof = self.delivery_proof(span).await?;
        Ok(proof.for_support(provider::DEFAULT.display_name()))
    }

    /// One page of deliveries, newest first.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn deliveries(&self, query: DeliveryQuery) -> Answer<DeliveryPage> {
        let (list, now) = (self.list.clone(), self.now());
        self.read(move |store| {
            let esims = searched_esims(store, &list, &query.search, now)?;
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
