use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use common::errors::ErrorBody;
use http::HeaderMap;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::unread;
use serde::Serialize;

use crate::domain::{IntentId, ReceivedEvent};
use crate::error::PaymentsError;
use crate::reconciler::AttemptReport;
use crate::state::PaymentsState;
use crate::stripe::{StripeEvent, Unknown, verify};

/// That a webhook has arrived.
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
pub(crate) async fn receive_webhook(
    State(state): State<PaymentsState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<WebhookResponse>, PaymentsError> {
    let body = body.map_err(|rejection| PaymentsError::Invalid(unread(&rejection)))?;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let event = verify(&body, signature, &state.settings.webhook_secret, state.clock.now())
        .ok_or(PaymentsError::InvalidSignature)?;
    if state.received_events.get(&event.id).await?.is_none() {
        follow_up(&state, &event).await?;
        crash_point(CrashPoint::WebhookFollowedUp);
        call_for_help(&event);
        remember(&state, event).await?;
    }
    Ok(Json(WebhookResponse { received: true }))
}

async fn follow_up(state: &PaymentsState, event: &StripeEvent) -> Result<(), PaymentsError> {
    let Some(intent) = &event.intent else { return Ok(()) };
    finish_payment(state, intent).await.map_err(|error| {
        tracing::warn!(event = event.id, %error, "a webhook could not be followed up");
        PaymentsError::NotFollowedUp
    })
}

/// Why a webhook could not be followed up.
#[derive(Debug, thiserror::Error)]
enum FollowUpError {
    #[error(transparent)]
    Stripe(#[from] Unknown),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something happened to an intent: asks Stripe what, and finishes its payment if nobody else is
/// working on it.
async fn finish_payment(state: &PaymentsState, intent: &IntentId) -> Result<(), FollowUpError> {
    let Some(found) = state.stripe.find_intent(intent).await? else { return Ok(()) };
    let Some(payment) = state.payments.get(found.order_id).await? else { return Ok(()) };
    if payment.payment_id != found.payment_id {
        return Ok(());
    }
    let report = found.authorization.map(|authorization| AttemptReport { attempt: found.attempt, authorization });
    Ok(state.reconciler.reconcile(payment.id, report).await?)
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
async fn remember(state: &PaymentsState, event: StripeEvent) -> Result<(), StoreError> {
    let event = ReceivedEvent { id: event.id, received_at: state.clock.now() };
    match state.received_events.insert(event, &()).await {
        Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
