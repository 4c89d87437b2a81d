use serde_json::{Value, json};

use super::render_metadata;
use crate::domain::intent::Intent;
use crate::domain::refund::{Refund, RefundStatus};

/// A `refund`.
pub(crate) fn render_refund(intent: &Intent, refund: &Refund) -> Value {
    let mut object = json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "charge": intent.charge_id(),
        "created": refund.created,
        "currency": intent.currency,
        "metadata": render_metadata(&refund.metadata),
        "payment_intent": intent.id,
        "reason": refund.reason,
        "status": refund.status.name(),
    });
    match refund.status {
        RefundStatus::Failed => object["failure_reason"] = "expired_or_canceled_card".into(),
        RefundStatus::Pending => object["pending_reason"] = "processing".into(),
        RefundStatus::Succeeded | RefundStatus::Canceled => {}
    }
    object
}

/// A list of an intent's refunds, newest first.
pub(crate) fn render_refund_list(intent: &Intent) -> Value {
    let data: Vec<Value> = intent.refunds.iter().rev().map(|refund| render_refund(intent, refund)).collect();
    json!({"object": "list", "url": "/v1/refunds", "has_more": false, "data": data})
}
