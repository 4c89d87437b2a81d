use serde_json::{Value, json};

use super::render_metadata;
use crate::domain::challenge::Challenge;
use crate::domain::intent::{CaptureMethod, Intent, IntentStatus};
use crate::domain::refusal::Refusal;

/// A `payment_intent`.
pub(crate) fn render_intent(intent: &Intent) -> Value {
    let capturable = if intent.status == IntentStatus::RequiresCapture { intent.amount } else { 0 };
    let asks = intent.challenge.as_ref().filter(|_| intent.status == IntentStatus::RequiresAction);
    json!({
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": capturable,
        "amount_received": intent.captured,
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason,
        "capture_method": match intent.capture_method {
            CaptureMethod::Automatic => "automatic",
            CaptureMethod::Manual => "manual",
        },
        "client_secret": intent.client_secret(),
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "last_payment_error": last_error(intent),
        "latest_charge": intent.has_charge.then(|| intent.charge_id()),
        "livemode": false,
        "metadata": render_metadata(&intent.metadata),
        "next_action": asks.map(render_next_action),
        "payment_method_types": ["card"],
        "status": intent.status.name(),
    })
}

/// A list of intents, of which these are one page.
pub(crate) fn render_intent_list(page: Vec<Value>, has_more: bool) -> Value {
    json!({"object": "list", "url": "/v1/payment_intents", "has_more": has_more, "data": page})
}

fn last_error(intent: &Intent) -> Option<Value> {
    let mut error = Refusal::declined(intent.decline?).describe();
    if intent.has_charge {
        error["charge"] = intent.charge_id().into();
    }
    Some(error)
}

/// Without an address to come back to, Stripe leaves it to its script.
fn render_next_action(challenge: &Challenge) -> Value {
    match &challenge.return_url {
        Some(return_url) => json!({
            "type": "redirect_to_url",
            "redirect_to_url": {"url": challenge.url, "return_url": return_url.as_str()},
        }),
        None => json!({
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": challenge.url},
        }),
    }
}
