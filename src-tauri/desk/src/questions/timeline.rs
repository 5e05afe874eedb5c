//! Questions of the window about timeline.

use crate::Desk;
use crate::error::Answer;
use crate::timeline::EventRow;

impl Desk {
    /// Events of an eSIM after the first `skip`, newest first.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim_events(&self, key: String, skip: u32) -> Answer<Vec<EventRow>> {
        self.read(move |store| match store.esim_row(&key)? {
            Some(row) => EventRow::of_esim(store, row, skip),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// The raw body of the delivery that brought an event, as text.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn event_payload(&self, id: i64) -> Answer<Option<String>> {
        let body = self.read(move |store| store.payload(id)).await?;
        Ok(body.map(|body| String::from_utf8_lossy(&body).into_owned()))
    }
}
