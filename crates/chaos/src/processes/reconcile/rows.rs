//! The services' records, as far as they are checked. Declared independently of the services: a mistake in a
//! service's types must not hide itself.

use common::events::{CancelReason, DisputeStatus, EventDetails, RefundStatus};
use common::id::{OrderId, TicketId, UserId};
use common::money::Currency;
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use serde::Deserialize;

/// An order, in orders.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) id: OrderId,
    pub(super) version: Version,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) ticket: Reserved,
    pub(super) status: OrderStatus,
    pub(super) cancellation: Option<Cancellation>,
    pub(super) refund: Option<Refund>,
}

impl Order {
    /// Whether it was cancelled because its ticket did not come in time.
    pub(super) fn is_missed(&self) -> bool {
        self.cancellation.as_ref().is_some_and(|end| end.reason == CancelReason::NotDelivered)
    }
}

/// The ticket of an order, as it was at that version.
#[derive(Debug, Deserialize)]
pub(super) struct Reserved {
    pub(super) id: TicketId,
    pub(super) version: Version,
    pub(super) title: String,
    pub(super) price: i64,
    pub(super) currency: Currency,
    pub(super) details: EventDetails,
}

/// How an order ended.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancellation {
    pub(super) reason: CancelReason,
    pub(super) at: Timestamp,
}

/// A refund.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refund {
    pub(super) amount: i64,
    pub(super) stripe_refund_id: String,
    #[serde(default)]
    pub(super) status: RefundStatus,
}

/// A ticket, in tickets.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ticket {
    pub(super) id: TicketId,
    pub(super) version: Version,
    pub(super) title: String,
    pub(super) price: i64,
    pub(super) user_id: UserId,
    pub(super) lock: Lock,
    /// What the ticket itself says of the order that has it.
    pub(super) order: Option<OrderCopy>,
    /// What its seller has given us, and it does not say yet.
    pub(super) sealing: Option<Sealing>,
}

/// Whether a ticket can say what its seller has given us.
#[derive(Debug, Deserialize)]
pub(super) struct Sealing {
    pub(super) state: String,
}

/// The order that holds a ticket.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lock {
    pub(super) state: String,
    pub(super) order_id: Option<OrderId>,
}

impl Lock {
    pub(super) fn is_withdrawn(&self) -> bool {
        self.state == "withdrawn"
    }
}

/// The replica of a ticket in orders.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TicketCopy {
    pub(super) id: TicketId,
    pub(super) version: Version,
    pub(super) title: String,
    pub(super) price: i64,
    pub(super) seller_id: UserId,
    pub(super) withdrawn: bool,
}

/// The replica of an order in tickets and in payments.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OrderCopy {
    pub(super) id: OrderId,
    pub(super) version: Version,
    pub(super) status: OrderStatus,
}

/// What has been given for a listing, in delivery.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Admission {
    pub(super) id: TicketId,
    #[serde(default)]
    pub(super) seals: Vec<Sealed>,
    #[serde(default)]
    pub(super) last_seal: u32,
    pub(super) sale: Option<Sale>,
    pub(super) listing: Listing,
}

/// One of those that were given.
#[derive(Debug, Deserialize)]
pub(super) struct Sealed {
    #[serde(default)]
    pub(super) fingerprints: Vec<String>,
}

/// To whom it is sold.
#[derive(Debug, Deserialize)]
pub(super) struct Sale {
    pub(super) order: OrderId,
}

/// The listing, as delivery knows it.
#[derive(Debug, Deserialize)]
pub(super) struct Listing {
    pub(super) version: Version,
    #[serde(default)]
    pub(super) withdrawn: bool,
}

/// What has become of the ticket of an order, in delivery.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Handover {
    pub(super) id: OrderId,
    pub(super) order_version: Version,
    pub(super) status: String,
    pub(super) given: String,
    pub(super) seal: Option<u32>,
}

/// The deadline of an order in expiration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schedule {
    pub(super) id: OrderId,
    pub(super) due_at: Timestamp,
    pub(super) order_version: Version,
    pub(super) state: String,
}

/// The payment of an order in payments.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payment {
    pub(super) id: OrderId,
    pub(super) state: PaymentState,
    #[serde(default, rename = "outsideRefunds")]
    pub(super) refunds: Vec<KnownRefund>,
    pub(super) dispute: Option<Dispute>,
}

/// A refund that payments knows.
#[derive(Debug, Deserialize)]
pub(super) struct KnownRefund {
    pub(super) id: String,
    pub(super) amount: i64,
    pub(super) status: RefundStatus,
}

/// A dispute.
#[derive(Debug, Deserialize)]
pub(super) struct Dispute {
    pub(super) amount: i64,
    pub(super) status: DisputeStatus,
}

/// Its state.
#[derive(Debug, Deserialize)]
pub(super) struct PaymentState {
    pub(super) name: String,
}
