//! How many calls the payment provider is sent: each one counts. Stripe takes 100 a second of an account.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use runtime::limits::{Claim, Limits, Rate, TooMany};
use runtime::outbound::{CallFailed, HttpCalls};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// How long a call waits for room. It is not given up then: it may be what an order's deadline asks for, and the
/// provider itself says when there are too many.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts calls, and spreads them where there are too many.
pub(crate) struct PacedCalls {
    http: Arc<dyn HttpCalls>,
    limits: Limits,
    claims: [Claim; 2],
}

/// The places that a call takes: in this process's second, and in the minute of all replicas, who know of each
/// other's too late for a second.
pub(crate) fn claims(per_second: u32) -> [Claim; 2] {
    let in_a_minute = per_second.saturating_mul(60);
    [
        Claim::new("provider-second", "all", Rate { burst: per_second, per: SECOND }),
        Claim::new("provider-minute", "all", Rate { burst: in_a_minute, per: MINUTE }),
    ]
}

impl PacedCalls {
    pub(crate) fn new(http: Arc<dyn HttpCalls>, limits: Limits, per_second: u32) -> Self {
        Self { http, limits, claims: claims(per_second) }
    }

    async fn wait_for_room(&self) {
        while let Err(TooMany { retry_after, .. }) = self.limits.take(&self.claims) {
            tokio::time::sleep(retry_after).await;
        }
    }
}

#[async_trait]
impl HttpCalls for PacedCalls {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        if tokio::time::timeout(PATIENCE, self.wait_for_room()).await.is_err() {
            self.claims.iter().for_each(|claim| {
                self.limits.count(claim);
            });
        }
        self.http.call(request).await
    }
}
