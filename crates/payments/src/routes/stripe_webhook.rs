use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use common::errors::ErrorBody;
use common::version::Version;
use http::HeaderMap;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{ApiError, unread};
use serde::Serialize;

use crate::domain::ReceivedEvent;
use crate::process::Payments;
use crate::stripe::{StripeEvent, verify};

/// The thanks Stripe gets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct WebhookResponse {
    received: bool,
}

/// Takes a webhook of Stripe's. What it says is not believed: Stripe is asked.
#[utoipa::path(
    post, path = "/api/webhooks/stripe", tag = "payments", operation_id = "receiveStripeWebhook",
    request_body(content = Object, description = "An event of Stripe's, signed over its exact bytes", content_type = "application/json"),
    params(("Stripe-Signature" = String, Header, description = "`t=…,v1=…`")),
    responses(
        (status = 200, description = "Taken, or known already", body = WebhookResponse),
        (status = 400, description = "The signature is not right", body = ErrorBody),
        (status = 413, description = "Too large", body = ErrorBody),
        (status = 503, description = "Deliver it again later", body = ErrorBody),
    )
)]
pub(crate) async fn receive(
    State(payments): State<Payments>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<WebhookResponse>, ApiError> {
    let body = body.map_err(|rejection| unread(&rejection))?;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let event = verify(&body, signature, &payments.settings.webhook_secret, payments.clock.now())
        .ok_or_else(|| ApiError::bad_request("The signature is not valid"))?;
    if payments.events.get(&event.id).await?.is_none() {
        deal_with(&payments, &event).await?;
        crash_point(CrashPoint::WebhookFollowedUp);
        call_for_help(&event);
        remember(&payments, event).await?;
    }
    Ok(Json(WebhookResponse { received: true }))
}

async fn deal_with(payments: &Payments, event: &StripeEvent) -> Result<(), ApiError> {
    let Some(intent) = &event.intent else { return Ok(()) };
    payments.follow_up(intent).await.map_err(|error| {
        tracing::warn!(event = event.id, %error, "a webhook could not be followed up");
        ApiError::unavailable()
    })
}

/// Nothing that we could do brings a refund to a bank that has refused it: somebody must find another
/// way to pay the buyer.
fn call_for_help(event: &StripeEvent) {
    if let Some(refund) = &event.failed_refund {
        let intent = event.intent.as_ref().map(|intent| intent.0.as_str());
        tracing::error!(refund, intent, "a refund has failed: the buyer has not got their money");
        metrics::counter!("refunds_failed_total").increment(1);
    }
}

/// Only what has been dealt with is remembered, so that a crash before this does it again.
async fn remember(payments: &Payments, event: StripeEvent) -> Result<(), StoreError> {
    let event = ReceivedEvent { id: event.id, version: Version::FIRST, received_at: payments.clock.now() };
    match payments.events.insert(&event, Vec::new()).await {
        Err(StoreError::Conflict(Conflict::Exists)) => Ok(()),
        inserted => inserted,
    }
}
