use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An HTTP response, kept so that it can be replayed for the same idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JsonResponse {
    pub(crate) status: u16,
    /// JSON as text: records must not have field names that clients choose.
    pub(crate) body: String,
}

impl JsonResponse {
    pub(crate) fn ok(body: &Value) -> Self {
        Self { status: 200, body: body.to_string() }
    }
}
