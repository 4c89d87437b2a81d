use serde_json::{Value, json};

use crate::domain::dispute::{Dispute, DisputeStatus};
use crate::domain::intent::Intent;

/// How long a merchant has to object, in seconds.
const EVIDENCE_WITHIN: i64 = 7 * 24 * 60 * 60;

/// A `dispute`.
pub(crate) fn render_dispute(intent: &Intent, dispute: &Dispute) -> Value {
    let brand = intent.card.as_ref().map_or("visa", |card| card.brand.code());
    json!({
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": intent.charge_id(),
        "created": dispute.created,
        "currency": intent.currency,
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": dispute.created + EVIDENCE_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": false,
            "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": dispute.status == DisputeStatus::Won,
        "livemode": false,
        "metadata": {},
        "payment_intent": intent.id,
        "payment_method_details": {
            "type": "card",
            "card": {"brand": brand, "case_type": "chargeback", "network": brand, "network_reason_code": "10.4"},
        },
        "reason": "fraudulent",
        "status": dispute.status.name(),
    })
}
