//! Questions of the window about travellers.

use crate::Desk;
use crate::error::{Answer, DeskError};
use crate::travellers::{EsimTraveller, MAX_SHOWN_ESIMS, Traveller, TravellerPage, TravellerQuery};
use esim_watch_core::letters::Letters;
use esim_watch_core::traveller::{self, Owner};

impl Desk {
    /// The traveller of an eSIM, by its key; `None`: no event has named it.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim_traveller(&self, key: String) -> Answer<Option<EsimTraveller>> {
        let found = self.read(move |store| match store.esim_row(&key)? {
            Some(row) => store.traveller(row).map(Some),
            None => Ok(None),
        });
        Ok(found.await?.map(EsimTraveller::from))
    }

    /// Sets the traveller of an eSIM, or of its whole order; `None` removes.
    ///
    /// # Errors
    /// If the eSIM or its order is not known, or the traveller can't be stored.
    pub async fn set_esim_traveller(
        &self,
        key: String,
        of_order: bool,
        traveller: Option<Traveller>,
    ) -> Answer<EsimTraveller> {
        let found = self
            .read(move |store| {
                let Some(row) = store.esim_row(&key)? else {
                    return Ok(None);
                };
                Ok(Some((row, store.reference_of(row)?)))
            })
            .await?;
        let Some((row, reference)) = found else {
            return Err(DeskError::EsimGone.into());
        };
        let owner = match reference {
            Some(reference) if of_order => Owner::Order(reference),
            None if of_order => {
                return Err(DeskError::NoOrder.into());
            }
            _ => Owner::Esim(row),
        };
        let change = (owner, traveller.map(traveller::Traveller::from));
        let changed = self.engine()?.set_travellers(vec![change]).await?;
        let changed = changed.ok_or(DeskError::EsimGone)?;
        self.travellers_changed(changed.esims).await;
        Ok(self.read(move |store| store.traveller(row)).await?.into())
    }

    /// Every tag that some traveller has.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn traveller_tags(&self) -> Answer<Vec<String>> {
        let letters = Letters::of(self.language.language());
        self.read(move |store| store.traveller_tags(&letters)).await
    }

    /// A page of the travellers, by name.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn travellers(&self, query: TravellerQuery) -> Answer<TravellerPage> {
        let letters = Letters::of(self.language.language());
        self.read(move |store| TravellerPage::read(store, query, &letters, MAX_SHOWN_ESIMS))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::esim_list::{EsimFilter, EsimQuery, MAX_PAGE_ESIMS};
    use crate::questions::tests::desk_of;

    async fn found(desk: &Desk, search: &str) -> i64 {
        let filter = EsimFilter {
            search: search.to_owned(),
            ..EsimFilter::default()
        };
        let query = EsimQuery {
            filter,
            offset: 0,
            limit: MAX_PAGE_ESIMS,
        };
        desk.esims(query).await.unwrap().total
    }

    /// No window asks for updates here, so the feed tells nothing.
    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_is_answered_finds_the_traveller_so_in_the_list() {
        let event = r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":1764000007}"#;
        let (_folder, desk) = desk_of([(event.to_owned(), 1_764_000_000_000)]).await;
        assert_eq!(found(&desk, "zoe").await, 0);
        let zoe = Traveller::from(traveller::Traveller {
            name: "Zoë Müller".to_owned(),
            ..traveller::Traveller::default()
        });
        for (traveller, count) in [(Some(zoe), 1), (None, 0)] {
            desk.set_esim_traveller("a".to_owned(), false, traveller)
                .await
                .unwrap();
            assert_eq!(found(&desk, "zoe").await, count);
        }
        desk.shutdown().await;
    }
}
