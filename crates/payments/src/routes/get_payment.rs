use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{Order, OrderId, PaymentId};
use common::money::{Currency, Price};
use common::payment_status::PaymentStatus;
use common::time::Timestamp;
use runtime::http::PathId;
use runtime::session::SignedIn;
use serde::Serialize;

use super::dto::ActionResponse;
use crate::domain::{Card, Payment, PaymentState};
use crate::error::PaymentsError;
use crate::settings::Settings;
use crate::state::PaymentsState;

/// How the money for an order stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentResponse {
    id: PaymentId,
    #[schema(value_type = String, example = "5f1f77bcf86cd799439011aa")]
    order_id: OrderId,
    status: PaymentStatus,
    #[schema(value_type = f64, example = 20.5)]
    amount: Price,
    currency: Currency,
    /// Stripe's PaymentIntent, while there is one that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "pi_3MtwBwLkdIwHu7ix28a3tqPa")]
    stripe_id: Option<String>,
    /// Stripe's refund, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "re_3MtwBwLkdIwHu7ix0pending")]
    stripe_refund_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Card>,
    /// With `action_required`: what the buyer has to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<ActionResponse>,
    /// With `not_charged`: why the last attempt failed, in words for the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The buyer's charge for an order. Its `status` is what people may be told of their money: `not_charged` only if
/// nothing is taken, `refunded` only if Stripe says that the money has gone back.
#[utoipa::path(
    get, path = "/api/payments/{orderId}", tag = "payments", operation_id = "getPayment",
    params(("orderId" = String, Path, description = "The order")),
    security(("session" = [])),
    responses(
        (status = 200, description = "The charge", body = PaymentResponse),
        (status = 401, description = "Not signed in, or not the buyer", body = ErrorBody),
        (status = 404, description = "No such order, or nobody has tried to pay for it", body = ErrorBody),
    )
)]
pub(crate) async fn get_payment(
    State(state): State<PaymentsState>,
    SignedIn(buyer): SignedIn,
    PathId(order_id): PathId<Order>,
) -> Result<Json<PaymentResponse>, PaymentsError> {
    let order = state.orders.get(order_id).await?.ok_or(PaymentsError::UnknownOrder)?;
    if order.user_id != buyer.user_id {
        return Err(PaymentsError::NotTheBuyer);
    }
    let payment = state.payments.get(order_id).await?.ok_or(PaymentsError::UnknownOrder)?;
    Ok(Json(PaymentResponse::of(payment.value, &state.settings, state.clock.now())))
}

impl PaymentResponse {
    fn of(payment: Payment, settings: &Settings, now: Timestamp) -> Self {
        let status = payment.status(now);
        let last = || payment.refunds.iter().rfind(|refund| refund.stands()).map(|refund| refund.id.clone());
        Self {
            id: payment.payment_id,
            order_id: payment.id,
            status,
            amount: payment.amount,
            currency: payment.currency,
            stripe_id: payment.state.intent().map(ToString::to_string),
            stripe_refund_id: payment.state.stripe_refund_id().cloned().or_else(last),
            card: payment.card,
            reason: reason(&payment.state).filter(|_| status == PaymentStatus::NotCharged),
            action: action(payment.state, settings).filter(|_| status == PaymentStatus::ActionRequired),
        }
    }
}

fn reason(state: &PaymentState) -> Option<String> {
    match state {
        PaymentState::Open { reason } | PaymentState::Failed { reason } => Some(reason.message().to_owned()),
        _ => None,
    }
}

fn action(state: PaymentState, settings: &Settings) -> Option<ActionResponse> {
    match state {
        PaymentState::AwaitingBuyer { action, .. } => Some(ActionResponse::of(action, settings)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
