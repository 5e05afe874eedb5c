//! Questions of the window about usage.

use crate::Desk;
use crate::error::Answer;
use crate::usage::EsimUsage;

impl Desk {
    /// Where and when an eSIM used its data; `None`: no event has named it.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim_usage(&self, key: String) -> Answer<Option<EsimUsage>> {
        let now = self.now();
        self.read(move |store| match store.esim_row(&key)? {
            Some(row) => {
                let mut usage = EsimUsage::read(store, row)?;
                usage.pace = usage.pace.filter(|pace| pace.is_ahead(now));
                Ok(Some(usage))
            }
            None => Ok(None),
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::questions::tests::desk_of;

    /// A third of the data goes in a day: what is left lasts for two more.
    async fn forecast(last_heard: i64) -> Option<i64> {
        let told = [(last_heard - 86_400, 3000), (last_heard, 2000)].map(|(at, left)| {
            let body = format!(
                r#"{{"event_category":"esim","event_type":"usage","esim_id":"a","status":"ACTIVATED","timestamp":{at},"usage_data":{{"isUnlimited":false,"allowed_data":3000,"remaining_data":{left}}}}}"#
            );
            (body, at * 1000)
        });
        let (_folder, desk) = desk_of(told).await;
        let usage = desk.esim_usage("a".to_owned()).await.unwrap().unwrap();
        desk.shutdown().await;
        usage.pace.map(|pace| pace.runs_out_at)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_forecast_lies_ahead_or_is_none() {
        let day = 86_400;
        let today = esim_watch_core::clock::now_ms().div_euclid(1000);
        assert_eq!(forecast(today - day).await, Some(today + day));
        assert_eq!(forecast(today - 3 * day).await, None);
    }
}
