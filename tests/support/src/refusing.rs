//! A notification server that is there and shows nothing, as some do when too much is asked of them.

use std::collections::HashMap;

use anyhow::Result;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, connection, fdo, interface};

use crate::bus_record::NOTIFICATIONS;

/// It ends with the value that stands for it.
pub struct Refusing {
    connection: Connection,
}

impl Refusing {
    /// Takes the server's name on the bus at `address`.
    pub(crate) async fn start(address: &str, reason: &str) -> Result<Self> {
        let server = Server {
            reason: reason.to_owned(),
        };
        let connection = connection::Builder::address(address)?
            .serve_at("/org/freedesktop/Notifications", server)?
            .name(NOTIFICATIONS)?
            .build()
            .await?;
        Ok(Self { connection })
    }

    /// Leaves the server's name to somebody else, for good or until [`Refusing::come_again`].
    ///
    /// # Errors
    /// If the bus does not answer.
    pub async fn go(&self) -> Result<()> {
        self.connection.release_name(NOTIFICATIONS).await?;
        Ok(())
    }

    /// Takes the server's name again: the bus tells everybody of it.
    ///
    /// # Errors
    /// If somebody else has it.
    pub async fn come_again(&self) -> Result<()> {
        self.connection.request_name(NOTIFICATIONS).await?;
        Ok(())
    }
}

struct Server {
    reason: String,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned(), "actions".to_owned()]
    }

    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &self,
        _app: &str,
        _replaces: u32,
        _icon: &str,
        _title: &str,
        _body: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> fdo::Result<u32> {
        Err(fdo::Error::LimitsExceeded(self.reason.clone()))
    }
}
