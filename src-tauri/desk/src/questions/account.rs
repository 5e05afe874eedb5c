//! Questions of the window about account.

use crate::Desk;
use crate::account::Account;
use crate::error::Answer;

impl Desk {
    /// The partner's account: balance, orders, refunds.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn account(&self) -> Answer<Account> {
        let mut account = self.read(Account::read).await?;
        let now = self.now();
        for funds in &mut account.funds {
            funds.pace = funds.pace.take().filter(|pace| pace.is_ahead(now));
        }
        Ok(account)
    }
}

#[cfg(test)]
mod tests {
    use crate::questions::tests::desk_of;

    /// 100 are spent each day, and 100 are left.
    async fn forecast(last_heard: i64) -> Option<i64> {
        let told = [(3, 400), (2, 300), (1, 200), (0, 100)].map(|(days, left)| {
            let at = last_heard - days * 86_400;
            let body = format!(
                r#"{{"event_category":"partner","event_type":"low_balance","timestamp":{at},"balance":{left},"threshold":500,"currency":"EUR"}}"#
            );
            (body, at * 1000)
        });
        let (_folder, desk) = desk_of(told).await;
        let account = desk.account().await.unwrap();
        desk.shutdown().await;
        account.funds[0].pace.as_ref().map(|pace| pace.runs_out_at)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_forecast_of_the_balance_lies_ahead_or_is_none() {
        let day = 86_400;
        let today = esim_watch_core::clock::now_ms().div_euclid(1000);
        assert_eq!(forecast(today).await, Some(today + day));
        assert_eq!(forecast(today - 3 * day).await, None);
    }
}
