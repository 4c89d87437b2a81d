use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Method, Request, Response, StatusCode};
use runtime::outbound::{CallFailed, HttpCalls};

use super::PlantedFault;

/// When a call counts as having an unknown outcome: before payments gives up.
const UNCLEAR_AFTER: Duration = Duration::from_millis(2_900);
/// Stripe's response for a declined card.
const DECLINED: &str =
    r#"{"error": {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}}"#;

/// Calls of Stripe that are modified on the way.
pub(super) struct FaultyCalls {
    pub(super) inner: Arc<dyn HttpCalls>,
    pub(super) fault: PlantedFault,
}

#[async_trait]
impl HttpCalls for FaultyCalls {
    async fn call(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let authorizes = request.method() == Method::POST && request.uri().path().ends_with("/payment_intents");
        match self.fault {
            PlantedFault::NoIdempotencyKey => {
                request.headers_mut().remove("idempotency-key");
                self.inner.call(request).await
            }
            PlantedFault::UnknownTakenAsDeclined if authorizes => {
                match tokio::time::timeout(UNCLEAR_AFTER, self.inner.call(request)).await {
                    Ok(Ok(answer)) => Ok(answer),
                    Ok(Err(_)) | Err(_) => Ok(declined()),
                }
            }
            _ => self.inner.call(request).await,
        }
    }
}

fn declined() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(DECLINED.as_bytes()));
    *response.status_mut() = StatusCode::PAYMENT_REQUIRED;
    response
}
