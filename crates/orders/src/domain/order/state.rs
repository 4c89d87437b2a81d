use common::events::{CancelReason, DisputeStatus, RefundStatus};
use common::id::PaymentId;
use common::money::Price;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an order stands, with what is known only there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status")]
pub(super) enum State {
    #[serde(rename = "created")]
    Created,
    #[serde(rename = "awaiting:payment")]
    AwaitingPayment,
    #[serde(rename = "complete")]
    Complete { payment: Payment },
    #[serde(rename = "cancelled")]
    Cancelled { cancellation: Cancellation },
}

/// How an order came to be cancelled, and the money that has to go back: what arrived after that, or what was paid for a
/// ticket that never came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancellation {
    pub(super) reason: CancelReason,
    pub(super) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) late_payment: Option<Payment>,
}

/// Why a payment was refused, in words for the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Failure(pub(crate) String);

/// Money captured for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    pub(crate) stripe_id: String,
}

/// Money that goes back to the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refund {
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    pub(crate) stripe_refund_id: String,
    #[serde(default)]
    pub(crate) status: RefundStatus,
}

/// The buyer's bank disputes the payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Dispute {
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    pub(crate) stripe_dispute_id: String,
    pub(crate) status: DisputeStatus,
}
