use common::time::Timestamp;
use common::version::Version;
use ports::store::{Collection, Index};
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

/// A webhook of Stripe's that has been dealt with: the second delivery of it is ignored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedEvent {
    /// Stripe's id of the event: `evt_…`.
    pub id: String,
    /// Always the first: it never changes.
    pub version: Version,
    /// When it was dealt with.
    pub received_at: Timestamp,
}

impl Aggregate for ReceivedEvent {
    const COLLECTION: &'static Collection = &Collection {
        name: "received_events",
        indexes: &[Index { name: "received_at", fields: &["receivedAt"], unique: false, only: None }],
    };

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
