//! What the service decides about, without I/O.

mod authorization;
mod buyer_action;
mod card;
mod claim;
mod dispute;
mod failure_reason;
mod intent;
mod order;
mod payment;
mod payment_change;
mod payment_state;
mod received_event;
mod refund;
mod token;

pub(crate) use authorization::{AttemptReport, Authorization};
pub(crate) use buyer_action::BuyerAction;
pub(crate) use card::Card;
pub(crate) use claim::{Claim, News};
pub(crate) use dispute::Dispute;
pub(crate) use failure_reason::FailureReason;
pub(crate) use intent::{IntentId, IntentStatus};
pub(crate) use order::{NotPayable, Order};
pub(crate) use payment::{Payment, Unavailable};
pub(crate) use payment_change::PaymentChange;
pub(crate) use payment_state::{EndedAttempt, PaymentState};
pub(crate) use received_event::ReceivedEvent;
pub(crate) use refund::Refund;
pub(crate) use token::PaymentToken;
