use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A webhook that waits for delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WebhookEvent {
    pub(crate) id: String,
    /// The body as it is signed and sent.
    pub(crate) payload: String,
}

impl WebhookEvent {
    /// An event of type `kind` about `object`, as it was at `created` (seconds since 1970).
    pub(crate) fn new(id: String, kind: &str, object: &Value, created: i64) -> Self {
        let payload = json!({
            "id": id,
            "object": "event",
            "type": kind,
            "created": created,
            "livemode": false,
            "pending_webhooks": 1,
            "request": null,
            "api_version": null,
            "data": {"object": object},
        });
        Self { id, payload: payload.to_string() }
    }
}
