use common::version::Version;
use ports::store::Collection;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

/// An idempotency key that has been seen. The answer itself is kept in the intent it changed,
/// so that the effect and the answer are one write.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredKey {
    pub(crate) id: String,
    pub(crate) version: Version,
    /// A digest of the path and the parameters it was first used with.
    pub(crate) fingerprint: String,
    /// The intent it acts on; for a new one, the id set aside for it.
    pub(crate) intent: String,
}

impl Aggregate for StoredKey {
    const COLLECTION: &'static Collection = &Collection { name: "stripe_idempotency_keys", indexes: &[] };

    fn id(&self) -> String {
        self.id.clone()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}
