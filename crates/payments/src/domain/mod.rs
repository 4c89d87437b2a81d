//! What the service decides about, without I/O.

mod authorization;
mod failure_reason;
mod intent;
mod order;
mod payment;
mod payment_change;
mod payment_state;
mod received_event;
mod token;

pub(crate) use authorization::Authorization;
pub(crate) use failure_reason::FailureReason;
pub(crate) use intent::{IntentId, IntentStatus};
pub(crate) use order::{NotPayable, Order};
pub(crate) use payment::{Payment, Unavailable};
pub(crate) use payment_change::PaymentChange;
pub(crate) use payment_state::PaymentState;
pub(crate) use received_event::ReceivedEvent;
pub(crate) use token::PaymentToken;
