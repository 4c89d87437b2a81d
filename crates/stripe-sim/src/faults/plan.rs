//! Faults on the way to an endpoint and back.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::{HeaderValue, header};
use tokio::sync::watch;

use super::{Failure, Moment};
use crate::domain::Refusal;

pub(super) struct Fault {
    pub(super) moment: Moment,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Fail(Failure),
    Hold(watch::Sender<Hold>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Planned,
    Reached,
    Released,
}

/// A call that is held until the test releases it.
pub struct Held(pub(super) watch::Sender<Hold>);

impl Held {
    /// Returns when the call has reached the point where it is held.
    pub async fn reached(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|hold| *hold != Hold::Planned).await;
    }

    /// Releases it.
    pub fn release(self) {
        self.0.send_replace(Hold::Released);
    }
}

impl Kind {
    /// The response sent in place of the right one, if any.
    pub(super) async fn strike(&self) -> Option<Response> {
        match self {
            Self::Fail(Failure::Hang) => std::future::pending().await,
            Self::Fail(Failure::ServerError) => {
                Some(Refusal::server_error("An unknown error occurred.").into_response())
            }
            Self::Fail(Failure::RateLimited(wait)) => {
                let mut response = Refusal::rate_limited().into_response();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
                Some(response)
            }
            Self::Fail(Failure::Disconnect) => {
                let cut: Result<&'static str, _> = Err(std::io::Error::other("cut off"));
                Some(Response::new(Body::from_stream(stream::once(async { cut }))))
            }
            Self::Fail(Failure::Delay(span)) => {
                tokio::time::sleep(*span).await;
                None
            }
            Self::Hold(hold) => {
                hold.send_replace(Hold::Reached);
                let _ = hold.subscribe().wait_for(|hold| *hold == Hold::Released).await;
                None
            }
        }
    }
}
