use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{OrderId, PaymentId};
use http::StatusCode;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{JsonBody, Validator};
use runtime::session::SignedIn;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Payment, PaymentState, PaymentToken};
use crate::error::PayError;
use crate::process::{Hands, Payments};

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

/// The payment that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PayResponse {
    id: PaymentId,
}

/// Pays for an order.
#[utoipa::path(
    post, path = "/api/payments", tag = "payments", operation_id = "createPayment",
    request_body = PayRequest,
    security(("session" = [])),
    responses(
        (status = 201, description = "The money has been taken", body = PayResponse),
        (status = 400, description = "Not valid, or the order is cancelled, expired, being paid or already paid", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the buyer", body = ErrorBody),
        (status = 402, description = "The card was declined", body = ErrorBody),
        (status = 404, description = "No such order", body = ErrorBody),
        (status = 413, description = "Too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 503, description = "Not known yet whether the payment succeeded, or temporarily unavailable", body = ErrorBody),
    )
)]
pub(crate) async fn pay(
    State(payments): State<Payments>,
    SignedIn(buyer): SignedIn,
    JsonBody(request): JsonBody<PayRequest>,
) -> Result<(StatusCode, Json<PayResponse>), PayError> {
    let (token, order_id) = request.parse()?;
    let order = payments.find_order(order_id).await?.ok_or(PayError::UnknownOrder)?;
    if order.user_id != buyer.user_id {
        return Err(PayError::NotTheOwner);
    }
    order.check_payable(payments.clock.now())?;
    let payment = payments.begin(&order, token).await?;
    let payment = payments.run(payment, Hands::First).await?;
    crash_point(CrashPoint::PaymentRecorded);
    let id = outcome(payment)?;
    Ok((StatusCode::CREATED, Json(PayResponse { id })))
}

/// What the buyer is told about where their payment stands.
fn outcome(payment: Payment) -> Result<PaymentId, PayError> {
    match payment.state {
        PaymentState::Captured { .. } => Ok(payment.payment_id),
        PaymentState::Open { setback } | PaymentState::Failed { setback } => Err(setback.into()),
        PaymentState::Voided | PaymentState::Refunding { .. } | PaymentState::Refunded { .. } => {
            Err(PayError::Cancelled)
        }
        PaymentState::Authorizing { .. } | PaymentState::Capturing { .. } => Err(PayError::Unresolved),
        PaymentState::Voiding { .. } if payment.order_cancelled => Err(PayError::Cancelled),
        PaymentState::Voiding { .. } => Err(PayError::Expired),
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
    fn parse(&self) -> Result<(PaymentToken, OrderId), PayError> {
        let mut validator = Validator::default();
        let token = validator.take("token", PaymentToken::parse(&self.token));
        let order_id = validator.take("orderId", parse_order_id(&self.order_id));
        match (token, order_id) {
            (Some(token), Some(order_id)) => Ok((token, order_id)),
            _ => Err(PayError::Invalid(validator.into_error())),
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
