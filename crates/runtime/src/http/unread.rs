//! What a handler leaves of a body.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes};
use futures::{Stream, StreamExt};
use tokio::sync::oneshot;

/// As much as the largest file that is taken may have.
const MOST: usize = 10 * 1024 * 1024;

/// A body that gives back what is left of it when it is dropped.
struct Lent {
    rest: Option<BodyDataStream>,
    back: Option<oneshot::Sender<BodyDataStream>>,
}

/// What is left of the body, once its handler is done.
pub(super) struct Unread(oneshot::Receiver<BodyDataStream>);

/// The body for its handler, and what that does not read of it.
pub(super) fn lend(body: Body) -> (Body, Unread) {
    let (back, rest) = oneshot::channel();
    let lent = Lent { rest: Some(body.into_data_stream()), back: Some(back) };
    (Body::from_stream(lent), Unread(rest))
}

impl Unread {
    /// Reads it and forgets it: clients that still send when their connection is closed never see the answer
    /// (RFC 9112, section 9.6).
    pub(super) async fn read_away(mut self) {
        let Ok(mut rest) = self.0.try_recv() else { return };
        let mut left = MOST;
        while let Some(Ok(part)) = rest.next().await {
            left = left.saturating_sub(part.len());
            if left == 0 {
                return;
            }
        }
    }
}

impl Stream for Lent {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let part = ready!(rest.poll_next_unpin(context));
        if !matches!(part, Some(Ok(_))) {
            self.rest = None;
        }
        Poll::Ready(part)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some((rest, back)) = self.rest.take().zip(self.back.take()) {
            // Nobody waits for it if the client has hung up.
            drop(back.send(rest));
        }
    }
}
