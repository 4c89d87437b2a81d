use serde::{Deserialize, Serialize};

use super::response::JsonResponse;

/// An idempotency key that has been seen. The response itself is stored in the intent it changed, so that
/// the effect and the response are one write.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredKey {
    pub(crate) id: String,
    /// A digest of the path and the parameters of its first use.
    pub(crate) fingerprint: String,
    /// The intent it acts on; for a new one, the id reserved for it.
    pub(crate) intent: String,
    /// The response to a request that had no effect to be stored with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) response: Option<JsonResponse>,
}
