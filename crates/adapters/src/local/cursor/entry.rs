use std::sync::Arc;

use tokio::time::Instant;

use crate::local::log::Message;

/// A message that is out, or waits to be.
pub(in crate::local) struct Entry {
    pub(in crate::local) message: Arc<Message>,
    pub(in crate::local) attempts: u32,
    pub(super) phase: Phase,
    /// Whether the database has a row for it.
    pub(super) is_stored: bool,
}

/// How far the message is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Left unanswered by the process before this one.
    LeftBehind,
    /// To be delivered; `true` if that delivery is counted already.
    Ready(bool),
    /// Delivered, and in somebody's hands.
    Out,
    /// To be delivered again then.
    Waiting(Instant),
    /// On its way to the dead letters.
    Burying,
}
