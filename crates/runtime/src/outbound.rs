//! Calls of other servers over HTTP: a payment provider, another service.
//!
//! A port like the store and the bus, so that a simulation can stand between a service and whom it calls.

use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};

/// Answers are a few KiB; whatever is larger is not kept in memory.
const LARGEST_ANSWER: usize = 1 << 20;

/// Why a call has no answer. Whether it arrived is not known.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CallFailed(pub String);

/// Sends requests and brings back answers.
#[async_trait]
pub trait HttpCalls: Send + Sync + 'static {
    /// Sends the request once, to the absolute address that it names. How long that may take is the
    /// caller's to decide: it drops the future.
    ///
    /// # Errors
    /// If no whole answer came back.
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed>;
}

/// Calls over the network. It sends nothing a second time or elsewhere by itself, and keeps no
/// connection: one that died unnoticed would make the next call's outcome unknown.
pub struct Network(reqwest::Client);

impl Network {
    /// The network of this machine.
    ///
    /// # Panics
    /// If TLS cannot be set up.
    #[allow(clippy::new_without_default, reason = "it may panic")]
    pub fn new() -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build();
        Self(client.expect("TLS can be set up"))
    }
}

#[async_trait]
impl HttpCalls for Network {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let request = request.try_into().map_err(failed)?;
        let answer: Response<reqwest::Body> = self.0.execute(request).await.map_err(failed)?.into();
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, LARGEST_ANSWER).collect().await.map_err(|error| innermost(error.as_ref()))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

fn failed(error: reqwest::Error) -> CallFailed {
    innermost(&error.without_url())
}

/// The innermost cause says why; those around it say what was asked for, too, which may be secret.
fn innermost(error: &(dyn Error + 'static)) -> CallFailed {
    let causes = std::iter::successors(Some(error), |&cause| cause.source());
    CallFailed(causes.last().map(ToString::to_string).unwrap_or_default())
}
