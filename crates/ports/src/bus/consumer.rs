use std::sync::Arc;
use std::time::Duration;

use super::Answer;
use common::events::Envelope;

/// A stream: the events of one service, or of one kind of thing it owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The first word of its events' types.
    pub name: &'static str,
    /// How long messages are kept; for ever if `None`.
    pub max_age: Option<Duration>,
}

/// A durable consumer of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    /// Unique among all consumers: `{service}-{stream}`.
    pub name: String,
    /// The stream it reads.
    pub stream: &'static str,
    /// The event types it wants.
    pub types: Vec<&'static str>,
    /// How long a delivery that was dropped without an answer, or whose process is dead or cut off
    /// from the bus, waits to be delivered again. See [`Delivery`].
    pub ack_wait: Duration,
    /// From this delivery on, a message that is put off becomes a dead letter. One whose deliveries
    /// are never answered gets a few more, see [`Consumer::most_unanswered`].
    pub max_deliveries: u32,
    /// How many messages may be out and unanswered at once.
    pub max_unanswered: usize,
}

/// What was on its way to a process that ends counts as delivered, though nobody has seen it. So a
/// message whose last delivery went that way is delivered this many times more, and can still be
/// done, or be refused for a reason that somebody can read.
const SPARE_DELIVERIES: u32 = 3;

impl Consumer {
    /// Why a message is a dead letter after [`Consumer::most_unanswered`] deliveries.
    pub const UNANSWERED: &str = "its last deliveries were not answered in time";

    /// A consumer of `stream` for `service`, with the usual limits.
    pub fn new(service: &str, stream: &'static str, types: Vec<&'static str>) -> Self {
        Self {
            name: format!("{service}-{stream}"),
            stream,
            types,
            // What a killed process had in hand waits this long for the next one: an order's event
            // must not wait until much later than the order is due. Slow work is no reason for more,
            // as a delivery in hand does not come again; but a process that stands still for this
            // long gets company, and then the work is done twice, which is harmless.
            ack_wait: Duration::from_secs(2),
            // Only processes that end or stand still leave a delivery unanswered; what is put off,
            // with the listener's delays (at most 30 s each), is tried for over an hour.
            max_deliveries: 200,
            max_unanswered: 512,
        }
    }

    /// After how many deliveries a message becomes a dead letter that nobody has answered: it may be
    /// what ends every process that touches it.
    pub fn most_unanswered(&self) -> u32 {
        self.max_deliveries.saturating_add(SPARE_DELIVERIES)
    }
}

/// One message, delivered.
///
/// It belongs to whoever holds it, for as long as they live: while `answer` is neither used nor
/// dropped, the bus does not deliver the message to anybody else, however long that takes. Dropped
/// without an answer, it is delivered again after the consumer's `ack_wait`; so it is when its
/// holder's process dies, stands still, or loses its connection to the bus for that long.
pub struct Delivery {
    /// The event.
    pub envelope: Arc<Envelope>,
    /// The how-manieth time it is delivered to this consumer, from 1.
    pub attempt: u32,
    /// Takes the answer.
    pub answer: Box<dyn Answer>,
}

/// What a consumer still has before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Messages not delivered yet.
    pub pending: u64,
    /// Messages delivered and not answered, or waiting to be delivered again.
    pub unanswered: u64,
}

impl Backlog {
    /// Whether there is nothing left to do.
    pub fn is_empty(&self) -> bool {
        self.pending == 0 && self.unanswered == 0
    }
}

/// What a watcher sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Watched {
    /// A message.
    Event(Arc<Envelope>),
    /// All that was in the stream when the watch began has been seen. Told once.
    CaughtUp,
}
