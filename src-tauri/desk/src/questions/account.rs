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
        self.read(Account::read).await
    }
}
