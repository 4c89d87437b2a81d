//! Every event of the system: one file each, defined here once and used by all.
//!
//! The type of an event is also its subject on the bus; the word before the dot is the service
//! that owns it and the stream it is kept in. The payload's JSON is frozen by snapshot tests.

#[cfg(feature = "asyncapi")]
mod asyncapi;
mod delivery_missed;
mod delivery_released;
mod delivery_sealed;
mod envelope;
mod event_changed;
mod expiration_completed;
mod notice_due;
mod order_cancelled;
mod order_completed;
mod order_created;
mod payload;
mod payment_created;
mod payment_disputed;
mod payment_failed;
mod payment_paused;
mod payment_refunded;
mod payment_started;
mod registry;
mod session_revoked;
mod ticket_changed;
mod tolerant;
mod user_erased;

#[cfg(feature = "asyncapi")]
pub use asyncapi::asyncapi;
pub use delivery_missed::DeliveryMissed;
pub use delivery_released::DeliveryReleased;
pub use delivery_sealed::DeliverySealed;
pub use envelope::{Envelope, NewEvent, aggregate_version, stream_of};
pub use event_changed::{ChangedStatus, EventChanged};
pub use expiration_completed::ExpirationCompleted;
pub use notice_due::{NoticeDue, NoticeKind};
pub use order_cancelled::{CancelReason, OrderCancelled};
pub use order_completed::OrderCompleted;
pub use order_created::{OrderCreated, OrderedTicket};
pub use payload::Payload;
pub use payment_created::PaymentCreated;
pub use payment_disputed::{DisputeStatus, PaymentDisputed};
pub use payment_failed::PaymentFailed;
pub use payment_paused::PaymentPaused;
pub use payment_refunded::{PaymentRefunded, RefundStanding, RefundStatus};
pub use payment_started::PaymentStarted;
pub use registry::{EVENT_TYPES, EventType, streams, whole_states};
pub use session_revoked::{EndedSessions, SessionRevoked};
pub use ticket_changed::{EventDetails, TicketCreated, TicketSnapshot, TicketUpdated};
pub use tolerant::{Tolerant, UnknownValue};
pub use user_erased::UserErased;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A fact that one service publishes to the others.
pub trait Event: Serialize + DeserializeOwned + Send + 'static {
    /// The CloudEvents type, which is also the subject on the bus: `tickets.created`.
    const TYPE: &'static str;

    /// The aggregate it is about: the CloudEvents subject. Events of one subject are handled in
    /// the order they were published.
    fn subject(&self) -> String;
}

/// An event that says all about its aggregate as it is at one version: who knows a later one of the same type needs
/// no earlier one, which is *superseded*. A stream need not keep those.
pub trait WholeState: Event {}

/// A reference to a ticket inside an order's event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
pub struct TicketRef {
    /// The ticket.
    pub id: crate::id::TicketId,
}
