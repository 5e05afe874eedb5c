//! eSIMs that no list has, each asked for by itself.

use std::collections::BTreeMap;

use super::super::super::parse::uuid_in_one_form;
use super::super::client::Client;
use super::super::shapes;
use super::orders::Unordered;
use super::{Lists, MAX_FAILURES};
use crate::provider::{ApiError, Asking, EsimsSoFar, ListedEsim, Listing};

impl Lists {
    /// Those that orders named since and that no list has: they are still to be asked for.
    pub fn lacking(&self, unordered: &Unordered) -> Vec<String> {
        let named = unordered.named();
        named
            .filter(|id| !self.found.contains(*id) && !self.gone.contains(id))
            .cloned()
            .collect()
    }

    /// Asks for those that orders named since.
    pub async fn named(
        &mut self,
        client: &mut Client,
        known: &EsimsSoFar,
        unordered: &mut Unordered,
    ) -> Result<Listing, ApiError> {
        let named = unordered.newly_named(&self.found);
        let ids: Vec<String> = named.keys().cloned().collect();
        self.written.extend(named);
        let mut esims = BTreeMap::new();
        let gone = self.gone.len();
        self.one_by_one(client, &ids, known, &mut esims).await?;
        let gone = self.gone.split_off(gone);
        self.gone.extend_from_slice(&gone);
        Ok(Listing {
            gone,
            ..self.listing(esims)
        })
    }

    /// Adds those of these that were not found yet.
    pub(super) async fn one_by_one(
        &mut self,
        client: &mut Client,
        ids: &[String],
        known: &EsimsSoFar,
        esims: &mut BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        for id in ids {
            if self.silent || self.failures >= MAX_FAILURES || self.is_another_account(known, false)
            {
                break;
            }
            if self.found.contains(id) || self.gone.contains(id) {
                continue;
            }
            match one(client, id, &self.written(id)).await {
                Ok(row) => {
                    self.left_out |= self.is_old(&row) && self.bought.contains_key(id);
                    self.found.insert(id.clone());
                    esims.insert(id.clone(), row);
                }
                // It is no more.
                Err(ApiError::NotFound(_)) => self.gone.push(id.clone()),
                Err(error) if error.ends_everything() => return Err(error),
                Err(error) => {
                    self.missing.push(error);
                    self.failures += 1;
                }
            }
        }
        Ok(())
    }

    /// An id as the API writes it, as far as it has shown how.
    fn written(&self, id: &str) -> String {
        let told = self.written.get(id).cloned();
        let capitals = || in_capitals(id).filter(|_| self.writes_capitals);
        told.or_else(capitals).unwrap_or_else(|| id.to_owned())
    }
}

/// The same id in capitals; `None`: that would be another one, or nothing else.
pub fn in_capitals(id: &str) -> Option<String> {
    let capitals = id.to_ascii_uppercase();
    (capitals != id && uuid_in_one_form(capitals.clone()) == id).then_some(capitals)
}

/// One eSIM's own entry. `written_id`: its id as the API writes it.
pub async fn one(
    client: &mut Client,
    esim_id: &str,
    written_id: &str,
) -> Result<ListedEsim, ApiError> {
    let query = [("esimId", written_id)];
    let body = client.get(Asking::Esim, "/api/esim", &query).await?;
    let row = shapes::esim(&body)?;
    if row.esim_id == esim_id {
        Ok(row)
    } else {
        Err(ApiError::Unreadable(Asking::Esim))
    }
}
