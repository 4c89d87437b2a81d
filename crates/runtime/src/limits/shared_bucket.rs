use std::time::Duration;

use common::time::Timestamp;
use ports::store::{Collection, Index};
use serde::{Deserialize, Serialize};

use crate::store::Stored;

pub(super) const EMPTIES_AT: &str = "emptiesAt";
pub(super) const WRITTEN_AT: &str = "writtenAt";

/// A bucket as all replicas know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharedBucket {
    /// What it counts, and for whom.
    pub(super) id: String,
    /// When it is empty; after that the record says nothing any more.
    pub(super) empties_at: Timestamp,
    /// By the clock of the replica that wrote it.
    pub(super) written_at: Timestamp,
}

impl SharedBucket {
    pub(super) fn empty(id: String, now: Timestamp) -> Self {
        Self { id, empties_at: now, written_at: now }
    }

    /// A replica has poured in `amount`.
    pub(super) fn pour(&mut self, amount: Duration, now: Timestamp) {
        self.empties_at = self.empties_at.max(now) + amount;
        self.written_at = now;
    }
}

impl Stored for SharedBucket {
    const COLLECTION: &'static Collection = &Collection {
        name: "limits",
        indexes: &[
            Index { name: "by_end", fields: &[EMPTIES_AT], unique: false, only: None },
            Index { name: "by_writing", fields: &[WRITTEN_AT], unique: false, only: None },
        ],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}
