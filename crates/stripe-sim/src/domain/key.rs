use serde::{Deserialize, Serialize};

/// An idempotency key that has been seen. The response itself is kept in the intent it changed,
/// so that the effect and the response are one write.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredKey {
    pub(crate) id: String,
    /// A digest of the path and the parameters it was first used with.
    pub(crate) fingerprint: String,
    /// The intent it acts on; for a new one, the id set aside for it.
    pub(crate) intent: String,
}
