//! The session bus of a Linux desktop: one connection for all that the program asks its neighbours, the
//! notification server and the tray's host. Must not know what is asked.

use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};
use zbus::export::futures_core::Stream;
use zbus::zvariant::{DynamicType, Type};
use zbus::{Connection, MatchRule, Message, MessageStream, message};

/// Longest wait for a neighbour. The bus starts some of them with the first call, which takes a
/// while on a desktop that is only just there.
pub const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// The connection. Cheap to clone. Its calls need tokio's runtime around them.
#[derive(Debug, Clone)]
pub struct Bus(Connection);

/// Who is asked.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// Name on the bus.
    pub name: &'static str,
    /// Path of the object.
    pub path: &'static str,
    /// Interface of the object.
    pub interface: &'static str,
}

impl Bus {
    /// Connects.
    ///
    /// # Errors
    /// If there is no session bus.
    pub async fn open() -> zbus::Result<Bus> {
        in_time(Connection::session()).await.map(Bus)
    }

    /// Calls a method and waits for what it returns.
    ///
    /// # Errors
    /// Those of the peer, or that there was no answer.
    pub async fn call<B, A>(&self, peer: Peer, method: &'static str, body: &B) -> zbus::Result<A>
    where
        B: Serialize + DynamicType + Sync,
        A: DeserializeOwned + Type,
    {
        self.ask(peer, method, body).await?.body().deserialize()
    }

    /// Calls a method and waits for nothing: the answer can be taken whenever it is there, and `answered` is called then.
    /// There is one in the end if the bus lives, be it the bus's own that the peer is gone.
    pub fn begin<B, A>(
        &self,
        peer: Peer,
        method: &'static str,
        body: B,
        answered: impl FnOnce() + Send + 'static,
    ) -> oneshot::Receiver<zbus::Result<A>>
    where
        B: Serialize + DynamicType + Send + Sync + 'static,
        A: DeserializeOwned + Type + Send + 'static,
    {
        let (tell, answer) = oneshot::channel();
        let connection = self.0.clone();
        let Peer {
            name,
            path,
            interface,
        } = peer;
        tokio::spawn(async move {
            let call = connection.call_method(Some(name), path, Some(interface), method, &body);
            let result = call.await.and_then(|answer| answer.body().deserialize());
            // Whoever asked may have gone.
            let _ = tell.send(result);
            answered();
        });
        answer
    }

    /// The error of an answer that was waited for so long in vain.
    #[must_use]
    pub fn no_answer(waited: Duration) -> zbus::Error {
        zbus::Error::Failure(format!("no answer within {} seconds", waited.as_secs()))
    }

    /// Calls a method and waits for the answer, which tells who gave it.
    ///
    /// # Errors
    /// Those of the peer, or that there was no answer.
    pub async fn ask<B>(&self, peer: Peer, method: &'static str, body: &B) -> zbus::Result<Message>
    where
        B: Serialize + DynamicType + Sync,
    {
        let Peer {
            name,
            path,
            interface,
        } = peer;
        let call = self
            .0
            .call_method(Some(name), path, Some(interface), method, body);
        in_time(call).await
    }

    /// Signals of a peer, whoever has its name.
    ///
    /// # Errors
    /// If the bus refuses.
    pub async fn signals(&self, peer: Peer) -> zbus::Result<mpsc::UnboundedReceiver<Message>> {
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .path(peer.path)?
            .interface(peer.interface)?
            .build();
        self.listen(rule).await
    }

    /// Tells whenever a peer comes or goes.
    ///
    /// # Errors
    /// If the bus refuses.
    pub async fn changes_of_owner(
        &self,
        peer: Peer,
    ) -> zbus::Result<mpsc::UnboundedReceiver<Message>> {
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .sender("org.freedesktop.DBus")?
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, peer.name)?
            .build();
        self.listen(rule).await
    }

    /// A task takes what comes at once: a stream that nobody reads holds the whole connection up.
    async fn listen(
        &self,
        rule: MatchRule<'static>,
    ) -> zbus::Result<mpsc::UnboundedReceiver<Message>> {
        let subscribing = MessageStream::for_match_rule(rule, &self.0, None);
        let mut stream = in_time(subscribing).await?;
        let (passed_on, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let next = std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context));
                tokio::select! {
                    message = next => match message {
                        // Nobody listens any more: the other branch sees that.
                        Some(Ok(message)) => drop(passed_on.send(message)),
                        // One that can't be read is none that was waited for.
                        Some(Err(_)) => {}
                        None => return,
                    },
                    () = passed_on.closed() => return,
                }
            }
        });
        Ok(heard)
    }
}

async fn in_time<T>(answer: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    match tokio::time::timeout(ANSWER_WAIT, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Bus::no_answer(ANSWER_WAIT)),
    }
}
