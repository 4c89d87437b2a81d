use common::id::TicketId;
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use crate::sealing::FileId;

/// How long a file may belong to nothing: far longer than it takes to come in. What is sealed must have begun to come
/// less than half of that before.
pub(crate) const LOOSE_FOR: Duration = Duration::from_secs(60 * 60);

/// A file in the object store that may belong to nothing: it is coming in, or is not needed any more. This is written
/// before the file is, and outlives it, so that a crash in between leaves nothing behind that nobody knows of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LooseFile {
    pub(crate) id: FileId,
    pub(crate) ticket: TicketId,
    since: Timestamp,
    state: LooseState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum LooseState {
    Loose,
    /// It belongs to its ticket, or is gone: this can go.
    Settled,
}

impl LooseFile {
    /// A file is about to come in, or to be deleted.
    pub(crate) fn new(id: FileId, ticket: TicketId, now: Timestamp) -> Self {
        Self { id, ticket, since: now, state: LooseState::Loose }
    }

    /// It is known what has become of the file.
    pub(crate) fn settle(&mut self) -> Outcome<()> {
        match std::mem::replace(&mut self.state, LooseState::Settled) {
            LooseState::Loose => Outcome::Changed(()),
            LooseState::Settled => Outcome::Unchanged,
        }
    }

    /// A settled one is about to be deleted.
    pub(crate) fn loosen(&mut self, now: Timestamp) -> Outcome<()> {
        *self = Self::new(self.id, self.ticket, now);
        Outcome::Changed(())
    }
}
