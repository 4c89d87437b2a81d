//! What several endpoints answer with.

use common::delivery::DeliveryPromise;
use common::events::{CancelReason, DisputeStatus, EventDetails, RefundStatus};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::{Version, Versioned};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Order, ReservedTicket};

/// An order as its buyer sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderResponse {
    id: OrderId,
    status: OrderStatus,
    /// The buyer.
    user_id: UserId,
    /// When the reservation ends unless it is paid.
    expires_at: Timestamp,
    version: Version,
    ticket: OrderTicketResponse,
    /// Why it was cancelled, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<CancelReason>,
    /// Why the payment was refused, if that is what cancelled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Your card was declined.")]
    failure: Option<String>,
    /// The money that goes back, where some was taken that the order could not keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    refund: Option<OrderRefundResponse>,
    /// Whether the buyer's bank disputes the payment, and how that stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    dispute: Option<DisputeStatus>,
}

/// The ticket as it was when it was ordered.
#[derive(Debug, Serialize, ToSchema)]
struct OrderTicketResponse {
    id: TicketId,
    #[schema(example = "Front row")]
    title: String,
    price: Price,
    currency: Currency,
    version: Version,
    #[serde(flatten)]
    details: EventDetails,
}

/// Money that goes back to the buyer, in the ticket's currency.
#[derive(Debug, Serialize, ToSchema)]
struct OrderRefundResponse {
    state: OrderRefundState,
    amount: Price,
}

/// How far a refund has come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum OrderRefundState {
    /// It has been asked for.
    Pending,
    /// It has been made.
    Refunded,
    /// The provider could not make it; people look into it.
    Failed,
}

impl From<&Versioned<Order>> for OrderResponse {
    fn from(order: &Versioned<Order>) -> Self {
        Self {
            id: order.id,
            status: order.status(),
            user_id: order.user_id,
            expires_at: order.expires_at,
            version: order.version,
            ticket: OrderTicketResponse::from(&order.ticket),
            reason: order.cancel_reason(),
            failure: order.failure().map(|failure| failure.0.clone()),
            refund: OrderRefundResponse::of(order),
            dispute: order.dispute().map(|dispute| dispute.status),
        }
    }
}

impl From<&ReservedTicket> for OrderTicketResponse {
    /// By which order its seller has it is not for its buyer to know.
    fn from(ticket: &ReservedTicket) -> Self {
        let delivery = ticket.details.delivery.map(DeliveryPromise::without_order);
        Self {
            id: ticket.id,
            title: ticket.title.clone(),
            price: ticket.price,
            currency: ticket.currency,
            version: ticket.version,
            details: EventDetails { delivery, ..ticket.details.clone() },
        }
    }
}

impl OrderRefundResponse {
    fn of(order: &Order) -> Option<Self> {
        match (order.refunded(), order.late_payment()) {
            (Some((status, amount)), _) => Some(Self { state: status.into(), amount }),
            (None, Some(payment)) => Some(Self { state: OrderRefundState::Pending, amount: payment.amount }),
            (None, None) => None,
        }
    }
}

impl From<RefundStatus> for OrderRefundState {
    fn from(status: RefundStatus) -> Self {
        match status {
            RefundStatus::Pending | RefundStatus::Other => Self::Pending,
            RefundStatus::Succeeded => Self::Refunded,
            RefundStatus::Failed => Self::Failed,
        }
    }
}
