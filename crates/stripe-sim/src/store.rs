//! How the simulator's state is stored.

use ports::store::{Collection, Condition, Cursor, Direction, Index, Query};
use runtime::store::Stored;

use crate::domain::{CardToken, Intent, StoredKey};

const HAS_UNDELIVERED: &str = "has_undelivered";
const CREATED: &str = "created";

/// The simulator's records.
pub(crate) const COLLECTIONS: &[&Collection] = &[Intent::COLLECTION, StoredKey::COLLECTION, CardToken::COLLECTION];

/// The intents that the courier has something to do for.
pub(crate) fn unfinished() -> Query {
    Query { limit: Some(1000), ..Query::all(vec![Condition::Equals(HAS_UNDELIVERED, true.into())]) }
}

/// At most `limit` intents from this second on, the newest first.
pub(crate) fn newest(since: i64, after: Option<Cursor>, limit: usize) -> Query {
    Query {
        sort: Some(CREATED),
        direction: Direction::Descending,
        after,
        limit: Some(limit),
        ..Query::all(vec![Condition::AtLeast(CREATED, since.into())])
    }
}

impl Stored for Intent {
    const COLLECTION: &'static Collection = &Collection {
        name: "stripe_intents",
        indexes: &[
            Index { name: "undelivered", fields: &[HAS_UNDELIVERED], unique: false, only: None },
            Index { name: "created", fields: &[CREATED], unique: false, only: None },
        ],
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
            id: "pi_1".into(),
            secret: "s".into(),
            amount: 2000,
            currency: "usd".into(),
            capture_method: CaptureMethod::Manual,
            metadata: vec![("order_id".into(), "7".into())],
            error_on_requires_action: true,
            return_url: None,
            bank_page: String::new(),
        };
        let card = Card::of_test_token("tok_visa").expect("a card");
        let mut intent = Intent::confirm(new, card, false, 1_795_348_800);
        intent.forget_webhooks();
        intent.remember(Some("k"), &JsonResponse { status: 200, body: "{}".into() });
        let stored = json!({
            "id": "pi_1", "created": 1_795_348_800, "amount": 2000, "currency": "usd", "capture_method": "manual",
            "metadata": [["order_id", "7"]], "status": "requires_capture", "decline": null, "captured": 0,
            "canceled_at": null, "cancellation_reason": null, "refunds": [],
            "answers": [["k", {"status": 200, "body": "{}"}]],
            "events": 2, "undelivered": [], "has_undelivered": false,
            "secret": "s", "card": {"behaviour": "good", "brand": "visa", "last4": "4242"}, "challenge": null,
            "has_charge": true, "dispute": null,
        });
        assert_eq!(serde_json::to_value(&intent).expect("serialises"), stored);
    }
    #[test]
    fn an_intent_of_the_version_before_still_opens() {
        let stored = json!({
            "id": "pi_1", "created": 1, "amount": 2000, "currency": "usd", "capture_method": "manual",
            "metadata": [["order_id", "7"]], "status": "succeeded", "decline": null, "captured": 2000,
            "canceled_at": null, "cancellation_reason": null,
            "refunds": [{"id": "re_1_0", "amount": 500, "created": 2, "reason": null, "metadata": []}],
            "answers": [], "events": 4, "undelivered": [], "has_undelivered": false,
        });
        let intent: Intent = serde_json::from_value(stored).expect("opens");
        assert_eq!((intent.refunded(), intent.has_charge, intent.withdrawn()), (500, true, 0));
        assert_eq!(intent.client_secret(), "pi_1_secret_simulated");
        let key = json!({"id": "a", "fingerprint": "b", "intent": "pi_1"});
        assert!(serde_json::from_value::<StoredKey>(key).is_ok_and(|key| key.response.is_none()));
    }
}
