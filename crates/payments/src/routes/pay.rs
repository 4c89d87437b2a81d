use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{OrderId, PaymentId};
use common::version::Versioned;
use http::StatusCode;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{JsonBody, Validator};
use runtime::limits::ClientNetwork;
use runtime::session::SignedIn;
use runtime::store::{Awaited, UpdateContext};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::dto::ActionResponse;
use crate::domain::{Order, Payment, PaymentChange, PaymentState, PaymentToken};
use crate::driver::Attempt;
use crate::error::PaymentsError;
use crate::state::PaymentsState;

/// A payment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PayRequest {
    /// A card token or a payment method of Stripe's.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 255, pattern = "^[A-Za-z0-9_-]+$", example = "tok_visa")]
    token: Value,
    /// The order to pay for.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = "^[0-9a-fA-F]{24}$", example = "5f1f77bcf86cd799439011aa")]
    order_id: Value,
}

/// The payment that was made, or that the buyer has to confirm.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PayResponse {
    id: PaymentId,
    /// What the buyer has to do first; only with 202.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<ActionResponse>,
}

/// Pays for an order.
///
/// The whole price of the order is taken, once, however often this is asked for. If it is not known what became of an
/// attempt, asking again finds out.
#[utoipa::path(
    post, path = "/api/payments", tag = "payments", operation_id = "createPayment",
    request_body = PayRequest,
    security(("session" = [])),
    responses(
        (status = 201, description = "The money has been taken", body = PayResponse),
        (status = 202, description = "The buyer's bank asks for a confirmation: send the buyer to `action.url`, which leads back to the order's page. Until then nothing is taken", body = PayResponse),
        (status = 400, description = "Not valid, or the order is cancelled, expired, being paid or already paid", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the buyer", body = ErrorBody),
        (status = 402, description = "The card was declined", body = ErrorBody),
        (status = 404, description = "No such order", body = ErrorBody),
        (status = 413, description = "Too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 429, description = "Too many attempts (`too_many_payments`), too many refused cards (`too_many_declines`), or too many requests", body = ErrorBody),
        (status = 503, description = "Not known yet whether the payment succeeded (`payment_unresolved`), not begun (`payment_not_started`, or `payments_busy` where the provider takes no more at the moment), or the order was placed a moment ago and is not known here yet (`not_heard_yet`)", body = ErrorBody),
    )
)]
pub(crate) async fn pay(
    State(state): State<PaymentsState>,
    SignedIn(buyer): SignedIn,
    network: ClientNetwork,
    JsonBody(request): JsonBody<PayRequest>,
) -> Result<(StatusCode, Json<PayResponse>), PaymentsError> {
    let (token, order_id) = request.parse()?;
    let order = known_order(&state, order_id).await?;
    if order.user_id != buyer.user_id {
        return Err(PaymentsError::NotTheBuyer);
    }
    order.check_payable(state.clock.now())?;
    state.attempts.admit(&order, network)?;
    let payment = start(&state, &order, token).await?;
    let payment = state.driver.drive(payment, Attempt::Fresh).await?;
    state.attempts.note(buyer.user_id, &payment);
    crash_point(CrashPoint::PaymentRecorded);
    answer(&state, payment)
}

/// The order, as far as it is known here. Whether it is still to be paid, orders is asked before any money is: that
/// this may be behind does no harm, and an order that was once not to be paid never is again.
async fn known_order(state: &PaymentsState, id: OrderId) -> Result<Versioned<Order>, PaymentsError> {
    if let Some(recalled) = state.orders.recall(id) {
        return Ok(recalled);
    }
    match state.orders.await_record(id, state.settings.order_patience).await? {
        Awaited::Found(order) => Ok(order),
        Awaited::NotYet => Err(PaymentsError::NotHeardYet),
        Awaited::Unknown => Err(PaymentsError::UnknownOrder),
    }
}

/// Begins an attempt to pay: the record that decides who may is written before any call.
async fn start(state: &PaymentsState, order: &Order, token: PaymentToken) -> Result<Payment, PaymentsError> {
    let now = state.clock.now();
    let payment = Payment::start(order, state.ids.next(now), token.clone(), now);
    match state.payments.insert(payment, &PaymentChange::Started).await {
        Ok(inserted) => return Ok(inserted.value),
        Err(StoreError::Conflict(Conflict::Exists)) => {}
        Err(error) => return Err(error.into()),
    }
    let started = start_again(state, order, &token).await?;
    if !matches!(started.state, PaymentState::Voiding { .. }) {
        return Ok(started);
    }
    // Another card instead of the one whose bank waits for the buyer: that one is given up first.
    state.driver.drive(started, Attempt::Fresh).await?;
    start_again(state, order, &token).await
}

async fn start_again(state: &PaymentsState, order: &Order, token: &PaymentToken) -> Result<Payment, PaymentsError> {
    let decide = |payment: &mut Payment, cx: UpdateContext| {
        payment.start_again(token.clone(), cx.now).map_err(PaymentsError::from)
    };
    let started = state.payments.update(order.id, decide).await?;
    Ok(started.ok_or(PaymentsError::UnknownOrder)?.aggregate.value)
}

/// What the buyer is told: that the money is taken, that they must confirm, or why neither.
fn answer(state: &PaymentsState, payment: Payment) -> Result<(StatusCode, Json<PayResponse>), PaymentsError> {
    let id = payment.payment_id;
    match payment.state {
        PaymentState::Captured { .. } => Ok((StatusCode::CREATED, Json(PayResponse { id, action: None }))),
        PaymentState::AwaitingBuyer { action, .. } => {
            let action = Some(ActionResponse::of(action, &state.settings));
            Ok((StatusCode::ACCEPTED, Json(PayResponse { id, action })))
        }
        PaymentState::Open { reason } | PaymentState::Failed { reason } => Err(reason.into()),
        PaymentState::Voided
        | PaymentState::Refunding { .. }
        | PaymentState::RefundPending { .. }
        | PaymentState::Refunded { .. }
        | PaymentState::RefundFailed { .. } => Err(PaymentsError::OrderCancelled),
        PaymentState::Authorizing { .. }
        | PaymentState::Capturing { .. }
        | PaymentState::Voiding { ended: Some(_), .. } => Err(PaymentsError::Unresolved),
        PaymentState::Voiding { .. } if payment.order_cancelled => Err(PaymentsError::OrderCancelled),
        PaymentState::Voiding { .. } => Err(PaymentsError::OrderExpired),
    }
}

/// Why something names no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum InvalidOrderId {
    #[error("OrderId must be provided")]
    Missing,
    #[error("OrderId must be 24 hexadecimal digits")]
    Malformed,
}

impl PayRequest {
    fn parse(&self) -> Result<(PaymentToken, OrderId), PaymentsError> {
        let mut validator = Validator::default();
        let token = validator.take("token", PaymentToken::parse(&self.token));
        let order_id = validator.take("orderId", parse_order_id(&self.order_id));
        match (token, order_id) {
            (Some(token), Some(order_id)) => Ok((token, order_id)),
            _ => Err(PaymentsError::Invalid(validator.into_error())),
        }
    }
}

fn parse_order_id(value: &Value) -> Result<OrderId, InvalidOrderId> {
    match value {
        Value::Null => Err(InvalidOrderId::Missing),
        Value::String(text) if text.is_empty() => Err(InvalidOrderId::Missing),
        Value::String(text) => text.parse().map_err(|_| InvalidOrderId::Malformed),
        _ => Err(InvalidOrderId::Malformed),
    }
}

#[cfg(test)]
mod tests;
