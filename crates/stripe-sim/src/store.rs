//! How the simulator's state is stored.

use ports::store::{Collection, Condition, Index, Query};
use runtime::store::Stored;

use crate::domain::{CardToken, Intent, StoredKey};

const HAS_UNDELIVERED: &str = "has_undelivered";

/// The simulator's records.
pub(crate) const COLLECTIONS: &[&Collection] = &[Intent::COLLECTION, StoredKey::COLLECTION, CardToken::COLLECTION];

/// The intents with webhooks to deliver.
pub(crate) fn undelivered() -> Query {
    Query { limit: Some(1000), ..Query::all(vec![Condition::Equals(HAS_UNDELIVERED, true.into())]) }
}

impl Stored for Intent {
    const COLLECTION: &'static Collection = &Collection {
        name: "stripe_intents",
        indexes: &[Index { name: "undelivered", fields: &[HAS_UNDELIVERED], unique: false, only: None }],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for StoredKey {
    const COLLECTION: &'static Collection = &Collection { name: "stripe_idempotency_keys", indexes: &[] };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for CardToken {
    const COLLECTION: &'static Collection = &Collection { name: "stripe_tokens", indexes: &[] };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{CaptureMethod, Card, JsonResponse, NewIntent};

    #[test]
    fn an_intent_is_stored_under_the_names_it_always_had() {
        let new = NewIntent {
            amount: 2000,
            currency: "usd".into(),
            capture_method: CaptureMethod::Manual,
            metadata: vec![("order_id".into(), "7".into())],
            error_on_requires_action: true,
        };
        let card = Card::of_test_token("tok_visa").expect("a card");
        let mut intent = Intent::confirm("pi_1".into(), new, card, 1_795_348_800);
        intent.forget_webhooks();
        intent.remember(Some("k"), &JsonResponse { status: 200, body: "{}".into() });
        let stored = json!({
            "id": "pi_1", "created": 1_795_348_800, "amount": 2000, "currency": "usd", "capture_method": "manual",
            "metadata": [["order_id", "7"]], "status": "requires_capture", "decline": null, "captured": 0,
            "canceled_at": null, "cancellation_reason": null, "refunds": [],
            "answers": [["k", {"status": 200, "body": "{}"}]],
            "events": 2, "undelivered": [], "has_undelivered": false,
        });
        assert_eq!(serde_json::to_value(&intent).expect("serialises"), stored);
    }
}
