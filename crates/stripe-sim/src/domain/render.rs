//! Stripe's objects as its API renders them.

use serde_json::{Map, Value, json};

use super::intent::{CaptureMethod, Intent, IntentStatus};
use super::refund::Refund;
use super::refusal::Refusal;

/// A `payment_intent`.
pub(crate) fn render_intent(intent: &Intent) -> Value {
    let capturable = if intent.status == IntentStatus::RequiresCapture { intent.amount } else { 0 };
    let last_error = intent.decline.map(|decline| Refusal::declined(decline).describe());
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
        "client_secret": format!("{}_secret_simulated", intent.id),
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "last_payment_error": last_error,
        "latest_charge": charge_id(intent),
        "livemode": false,
        "metadata": render_metadata(&intent.metadata),
        "payment_method_types": ["card"],
        "status": intent.status.name(),
    })
}

/// A `charge`, as far as a refund's webhook needs it.
pub(crate) fn render_charge(intent: &Intent) -> Value {
    json!({
        "id": charge_id(intent),
        "object": "charge",
        "amount": intent.amount,
        "amount_captured": intent.captured,
        "amount_refunded": intent.refunded(),
        "billing_details": {},
        "captured": intent.captured > 0,
        "created": intent.created,
        "currency": intent.currency,
        "livemode": false,
        "metadata": render_metadata(&intent.metadata),
        "disputed": false,
        "paid": true,
        "payment_intent": intent.id,
        "refunded": intent.refunded() == intent.captured,
        "status": "succeeded",
    })
}

/// A `refund`.
pub(crate) fn render_refund(intent: &Intent, refund: &Refund) -> Value {
    json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "charge": charge_id(intent),
        "created": refund.created,
        "currency": intent.currency,
        "metadata": render_metadata(&refund.metadata),
        "payment_intent": intent.id,
        "reason": refund.reason,
        "status": "succeeded",
    })
}

/// A list of an intent's refunds, newest first.
pub(crate) fn render_refund_list(intent: &Intent) -> Value {
    let data: Vec<Value> = intent.refunds.iter().rev().map(|refund| render_refund(intent, refund)).collect();
    json!({"object": "list", "url": "/v1/refunds", "has_more": false, "data": data})
}

fn charge_id(intent: &Intent) -> String {
    intent.id.replacen("pi_", "ch_", 1)
}

fn render_metadata(metadata: &[(String, String)]) -> Value {
    let entries: Map<String, Value> = metadata.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
    Value::Object(entries)
}
