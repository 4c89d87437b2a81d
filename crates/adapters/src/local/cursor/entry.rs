use std::sync::Arc;

use tokio::time::Instant;

use crate::local::log::Message;

/// A message that is being processed, or waits to be delivered.
pub(in crate::local) struct Entry {
    pub(in crate::local) message: Arc<Message>,
    pub(in crate::local) attempts: u32,
    pub(super) phase: Phase,
    /// Whether the database has a row for it.
    pub(super) is_stored: bool,
}

/// What is happening to the message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Left unacknowledged by the previous process.
    LeftBehind,
    /// To be delivered; `true` if that delivery is counted already.
    Ready(bool),
    /// Delivered, and not acknowledged yet.
    InProgress,
    /// To be delivered again at this moment.
    Waiting(Instant),
    /// About to become a dead letter.
    Rejecting,
}
