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
