use serde_json::{Value, json};

use super::render_metadata;
use crate::domain::card::Card;
use crate::domain::intent::Intent;

/// A `charge`.
pub(crate) fn render_charge(intent: &Intent) -> Value {
    let failure = intent.decline.map(|decline| decline.words());
    json!({
        "id": intent.charge_id(),
        "object": "charge",
        "amount": intent.amount,
        "amount_captured": intent.captured,
        "amount_refunded": intent.refunded(),
        "billing_details": {},
        "captured": intent.captured > 0,
        "created": intent.created,
        "currency": intent.currency,
        "failure_code": failure.as_ref().map(|words| words.code),
        "failure_message": failure.as_ref().map(|words| words.message),
        "livemode": false,
        "metadata": render_metadata(&intent.metadata),
        "disputed": intent.dispute.is_some(),
        "paid": failure.is_none(),
        "payment_intent": intent.id,
        "payment_method_details": intent.card.as_ref().map(|card| render_card(card, intent.challenge.is_some())),
        "refunded": intent.captured > 0 && intent.refunded() == intent.captured,
        "status": if failure.is_none() { "succeeded" } else { "failed" },
    })
}

fn render_card(card: &Card, is_authenticated: bool) -> Value {
    let authenticated = || json!({"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"});
    json!({
        "type": "card",
        "card": {
            "brand": card.brand.code(),
            "country": "US",
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "credit",
            "last4": card.last4,
            "network": card.brand.code(),
            "three_d_secure": is_authenticated.then(authenticated),
        },
    })
}
