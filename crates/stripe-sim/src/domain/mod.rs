//! Stripe's objects: intents with their refunds, single-use tokens, idempotency keys.

mod card;
mod event;
mod intent;
mod key;
mod refund;
mod refusal;
mod render;
mod response;
mod token;

pub(crate) use card::{Card, CardNumberError};
pub(crate) use event::WebhookEvent;
pub(crate) use intent::{CaptureMethod, Intent, NewIntent};
pub(crate) use key::StoredKey;
pub(crate) use refund::{Refund, intent_of_refund};
pub(crate) use refusal::Refusal;
pub(crate) use render::{render_intent, render_refund, render_refund_list};
pub(crate) use response::JsonResponse;
pub(crate) use token::{CardToken, UsedBefore};
