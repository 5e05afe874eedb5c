//! What the desk itself adds to eSIMs.

use super::{Engine, EngineError};
use crate::clock;
use crate::store::{Owner, TravellersChanged};
use crate::traveller::Traveller;

impl Engine {
    /// Sets travellers, all of them or none; `None` or an empty one removes.
    ///
    /// # Errors
    /// [`EngineError`] if one of them can't be or nothing can be written.
    pub async fn set_travellers(
        &self,
        changes: Vec<(Owner, Option<Traveller>)>,
    ) -> Result<TravellersChanged, EngineError> {
        let tidy = |(owner, traveller): (Owner, Option<Traveller>)| {
            Ok::<_, EngineError>((owner, traveller.map(Traveller::tidy).transpose()?))
        };
        let changes = changes.into_iter().map(tidy).collect::<Result<_, _>>()?;
        let writer = self.store.writer();
        Ok(writer.set_travellers(changes, clock::now_ms()).await?)
    }
}
