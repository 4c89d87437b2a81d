mod known;

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

use crate::domain::ReceivedEvent;
use crate::driver::Interrupted;
use crate::error::PaymentsError;
use crate::state::PaymentsState;
use crate::stripe::{StripeEvent, verify};
use known::is_known;

/// The largest webhook, in bytes: events hold whole objects, with all the metadata that anybody put there.
pub(super) const MAX_WEBHOOK: usize = 512 * 1024;

/// That a webhook has arrived.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct WebhookResponse {
    received: bool,
}

/// Takes a webhook of Stripe's. What it says is not believed: Stripe is asked, unless we know as much already.
#[utoipa::path(
    post, path = "/api/webhooks/stripe", tag = "payments", operation_id = "receiveStripeWebhook",
    request_body(content = Object, description = "An event of Stripe's, signed over its exact bytes", content_type = "application/json"),
    params(("Stripe-Signature" = String, Header, description = "`t=…,v1=…`")),
    responses(
        (status = 200, description = "Taken, or known already", body = WebhookResponse),
        (status = 400, description = "The signature is not right, or what is signed is no event", body = ErrorBody),
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
    let event = verify(&body, signature, &state.settings.webhook_secret, state.clock.now())?;
    if let Some(claim) = &event.claim
        && is_known(&state, claim).await?
    {
        return Ok(Json(WebhookResponse { received: true }));
    }
    if state.received_events.get(&event.id).await?.is_none() {
        follow_up(&state, &event).await.map_err(|error| {
            tracing::warn!(event = event.id, %error, "a webhook could not be followed up");
            PaymentsError::NotFollowedUp
        })?;
        crash_point(CrashPoint::WebhookFollowedUp);
        remember(&state, event).await?;
    }
    Ok(Json(WebhookResponse { received: true }))
}

/// Something happened to an intent: asks Stripe what, applies it to the payment, and goes on with that, unless somebody
/// else is working on it. Where it moves the payment on, it goes on in any case: whoever waits for Stripe's answer may
/// wait long, or have ended, and takes no step twice, as both take it under the same key.
async fn follow_up(state: &PaymentsState, event: &StripeEvent) -> Result<(), Interrupted> {
    let Some(intent) = &event.intent else { return Ok(()) };
    let Some(found) = state.stripe.find_intent(intent).await? else { return Ok(()) };
    let Some(payment) = state.payments.get(found.order_id).await? else { return Ok(()) };
    if payment.payment_id != found.payment_id {
        return Ok(());
    }
    let is_claimed = state.reconciler.claim(payment.id).await?;
    let has_moved_on = state.driver.hear(payment.id, &found, &event.about, state.clock.now()).await?;
    if is_claimed || has_moved_on {
        state.reconciler.finish(payment.id).await?;
    }
    Ok(())
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
