use common::id::EventId;
use serde::{Deserialize, Serialize};

/// An event that does not take place, for good: no order is made of a ticket to it any more, and none is paid. Its
/// tickets are withdrawn one after the other, which takes a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CancelledEvent {
    pub(crate) id: EventId,
}
