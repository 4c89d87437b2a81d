//! Stripe's objects: intents with their refunds and disputes, single-use tokens, idempotency keys.

mod card;
mod challenge;
mod dispute;
mod event;
mod intent;
mod key;
mod refund;
mod refusal;
mod render;
mod response;
mod token;

pub use dispute::DisputeStatus;
pub use intent::{Authentication, Processed};
pub use refund::{RefundFate, RefundRefusal, RefundStatus};

pub(crate) use card::{Card, CardNumberError, Decline};
pub(crate) use challenge::ReturnUrl;
pub(crate) use event::WebhookEvent;
pub(crate) use intent::{
    CaptureMethod, Intent, IntentStatus, NewIntent, NewRefund, client_secret, intent_of_client_secret,
};
pub(crate) use key::StoredKey;
pub(crate) use refund::{Refund, intent_of_refund};
pub(crate) use refusal::Refusal;
pub(crate) use render::{
    render_charge, render_dispute, render_intent, render_intent_list, render_refund, render_refund_list,
};
pub(crate) use response::JsonResponse;
pub(crate) use token::{CardToken, UsedBefore};
