//! The bytes of a request, within limits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;

use crate::answer::Refused;

/// Largest body that is read, in bytes. The largest documented payload is a few kilobytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Most bytes of a body that are read before one that is too large is answered.
const MAX_LINGER: usize = 4 * MAX_BODY;

/// What the sender of a longer one is told.
const TOO_LARGE: Refused = Refused::TooLarge(MAX_BODY / 1024);

/// Most bytes of bodies that are under way together. One that would go beyond waits for nobody: it is refused, unless
/// it is [`SHORT_BODY`]. Whoever knows the path can begin many long ones and end none.
const MAX_UNDER_WAY: usize = 32 * 1024 * 1024;

/// A body up to this size (bytes) is always read. Providers' are a few kilobytes.
const SHORT_BODY: usize = 16 * 1024;

/// How long a sender may take for its body. The most patient provider gives up after 5 s.
pub(super) const BODY_TIME: Duration = Duration::from_secs(10);

/// Bytes of bodies that are under way.
#[derive(Debug, Default)]
pub(super) struct BodiesUnderWay(AtomicUsize);

impl BodiesUnderWay {
    /// A whole body.
    pub(super) async fn read(&self, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
        let announced = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > MAX_LINGER) {
            return Err(TOO_LARGE);
        }
        let held = Held::none(&self.0);
        tokio::time::timeout(BODY_TIME, collect(body, announced, held))
            .await
            .unwrap_or(Err(Refused::TooSlow))
    }
}

/// The bytes of one body among those under way, until it is dropped.
struct Held<'a> {
    of: &'a AtomicUsize,
    bytes: usize,
}

impl<'a> Held<'a> {
    fn none(of: &'a AtomicUsize) -> Held<'a> {
        Held { of, bytes: 0 }
    }

    fn add(&mut self, bytes: usize) -> Result<(), Refused> {
        self.bytes += bytes;
        let all = self.of.fetch_add(bytes, Ordering::Relaxed) + bytes;
        match all > MAX_UNDER_WAY && self.bytes > SHORT_BODY {
            true => Err(Refused::Busy),
            false => Ok(()),
        }
    }

    fn release(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.of.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.release();
    }
}

async fn collect(
    mut body: Body,
    announced: Option<usize>,
    mut held: Held<'_>,
) -> Result<Vec<u8>, Refused> {
    let mut kept = Vec::with_capacity(announced.unwrap_or(0).min(SHORT_BODY));
    let mut size = 0_usize;
    let mut refused = announced
        .is_some_and(|length| length > MAX_BODY)
        .then_some(TOO_LARGE);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refused::BrokenOff)?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size > MAX_BODY {
            refused = Some(TOO_LARGE);
        } else if refused.is_none() {
            refused = held.add(data.len()).err();
        }
        match refused {
            None => kept.extend_from_slice(&data),
            // What is on its way is read and dropped: a connection that is closed over unread bytes is reset, and its
            // sender would never see the answer.
            Some(_) if size <= MAX_LINGER => {
                kept = Vec::new();
                held.release();
            }
            Some(_) => break,
        }
    }
    match refused {
        Some(refused) => Err(refused),
        None => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use axum::body::Bytes;
    use http_body_util::BodyExt;
    use hyper::body::Frame;

    use super::*;

    /// Begins a body and never ends it.
    struct Stalled(Option<Bytes>);

    impl hyper::body::Body for Stalled {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            match self.0.take() {
                Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                None => Poll::Pending,
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_on_its_way_of_one_that_is_announced_too_large_is_read_before_it_is_refused() {
        let under_way = BodiesUnderWay::default();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, (MAX_BODY + 1).into());
        // One that has not come yet is waited for.
        let body = Body::new(Stalled(Some(vec![b'x'; MAX_BODY].into())).boxed());
        let reading = under_way.read(&headers, body);
        let waited = tokio::time::timeout(BODY_TIME / 2, reading).await;
        assert!(waited.is_err(), "{waited:?}");
        let refused = under_way
            .read(&headers, Body::from(vec![b'x'; MAX_BODY + 1]))
            .await;
        assert_eq!(refused, Err(TOO_LARGE));
        headers.insert(header::CONTENT_LENGTH, (MAX_LINGER + 1).into());
        let body = Body::new(Stalled(None).boxed());
        assert_eq!(under_way.read(&headers, body).await, Err(TOO_LARGE));
    }

    #[tokio::test]
    async fn bodies_under_way_are_bounded_together_and_short_ones_always_read() {
        let (under_way, headers) = (BodiesUnderWay::default(), HeaderMap::new());
        let whole = async |bytes: usize| {
            let body = Body::from(vec![b'x'; bytes]);
            under_way.read(&headers, body).await.map(|it| it.len())
        };
        let mut stalled = Vec::new();
        for _ in 0..=MAX_UNDER_WAY / MAX_BODY {
            let body = Body::new(Stalled(Some(vec![b'x'; MAX_BODY].into())).boxed());
            let mut reading = Box::pin(under_way.read(&headers, body));
            let mut context = Context::from_waker(Waker::noop());
            assert!(reading.as_mut().poll(&mut context).is_pending());
            stalled.push(reading);
        }
        assert_eq!(whole(SHORT_BODY).await, Ok(SHORT_BODY));
        // The last of those stalled was refused, and holds nothing.
        assert_eq!(whole(SHORT_BODY + 1).await, Err(Refused::Busy));
        assert_eq!(under_way.0.load(Ordering::Relaxed), MAX_UNDER_WAY);
        drop(stalled);
        assert_eq!(whole(MAX_BODY).await, Ok(MAX_BODY));
        assert_eq!(under_way.0.load(Ordering::Relaxed), 0);
    }
}
