//! What Stripe keeps: intents with their refunds, single-use tokens, idempotency keys.

mod answer;
mod card;
mod event;
mod intent;
mod key;
mod refund;
mod render;
mod token;

pub(crate) use answer::Answer;
pub(crate) use card::{Card, CardNumberError, Decline};
pub(crate) use event::WebhookEvent;
pub(crate) use intent::{CaptureMethod, Intent, IntentStatus, NewIntent};
pub(crate) use key::StoredKey;
pub(crate) use refund::{Refund, intent_of_refund};
pub(crate) use render::{render_intent, render_refund, render_refund_list};
pub(crate) use token::{CardToken, Claim};

use ports::store::Collection;
use runtime::store::Aggregate;

/// Where the simulator keeps its state.
pub const COLLECTIONS: &[&Collection] =
    &[<Intent as Aggregate>::COLLECTION, <StoredKey as Aggregate>::COLLECTION, <CardToken as Aggregate>::COLLECTION];
