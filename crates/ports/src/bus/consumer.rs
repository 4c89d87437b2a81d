use std::sync::Arc;
use std::time::Duration;

use super::Acknowledger;
use common::events::Envelope;

/// A stream: the events of one service, or of one kind of aggregate it owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The first word of its events' types.
    pub name: &'static str,
    /// How long messages are kept; forever if `None`.
    pub max_age: Option<Duration>,
    /// How long messages are kept that later ones supersede ([`WholeState`](common::events::WholeState)); forever if
    /// `None`. They are removed in the background, some time after that, and only once every durable consumer of the
    /// stream has finished them. A duplicate of one that is gone is kept again, so this is no less than the hour for
    /// which [`Bus::publish`](super::Bus::publish) recognises duplicates.
    pub keep_superseded: Option<Duration>,
}

impl Stream {
    /// A stream that keeps every message forever.
    pub const fn new(name: &'static str) -> Self {
        Self { name, max_age: None, keep_superseded: None }
    }
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
    /// How long a message waits to be delivered again when its delivery was dropped unacknowledged, or
    /// its process is dead or cut off from the bus. See [`Delivery`].
    pub ack_wait: Duration,
    /// From this delivery on, a message that is retried becomes a dead letter. One whose deliveries
    /// are never acknowledged gets a few more, see [`Consumer::delivery_limit`].
    pub max_deliveries: u32,
    /// How many messages may be delivered and unacknowledged at once.
    pub max_unacknowledged: usize,
}

/// A message that was on its way to a process that ended counts as delivered, though it was not
/// processed. So a message whose last delivery was lost like that is delivered this many times more,
/// and can still be processed, or be rejected for a reason that an operator can read.
const SPARE_DELIVERIES: u32 = 3;

impl Consumer {
    /// Why a message is a dead letter after [`Consumer::delivery_limit`] deliveries.
    pub const UNACKNOWLEDGED: &str = "its last deliveries were not answered in time";

    /// A consumer of `stream` for `service`, with the usual limits.
    pub fn new(service: &str, stream: &'static str, types: Vec<&'static str>) -> Self {
        Self {
            name: format!("{service}-{stream}"),
            stream,
            types,
            // What a killed process was working on waits this long for the next one: an order's event
            // must not wait until much later than the order is due. Slow work is no reason for more, as
            // a delivery in progress is not repeated; but the messages of a process that stalls for this
            // long go to another, too, and then the work is done twice, which is harmless.
            ack_wait: Duration::from_secs(2),
            // Only processes that end or stall leave a delivery unacknowledged; a message that is
            // retried, with the listener's delays (at most 30 s each), is tried for over an hour.
            max_deliveries: 200,
            max_unacknowledged: 512,
        }
    }

    /// After how many deliveries a message becomes a dead letter though none was acknowledged: it may
    /// be what ends every process that receives it.
    pub fn delivery_limit(&self) -> u32 {
        self.max_deliveries.saturating_add(SPARE_DELIVERIES)
    }
}

/// An [`Envelope`] given to one member of a consumer.
///
/// It belongs to the receiver while that is alive: as long as `acknowledger` is neither used nor
/// dropped, the bus does not deliver the message to another, however long that takes. Dropped
/// unused, the message is delivered again after the consumer's `ack_wait`; the same happens when the
/// receiver's process dies, stalls, or loses its connection to the bus for that long.
pub struct Delivery {
    /// The event.
    pub envelope: Arc<Envelope>,
    /// How many times it has been delivered to this consumer, this one included.
    pub attempt: u32,
    /// Whether the message was in the stream before the consumer was made: what it supersedes may have been removed by
    /// then, and never comes.
    pub is_history: bool,
    /// Ends the delivery.
    pub acknowledger: Box<dyn Acknowledger>,
}

/// What a consumer still has to process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Messages not delivered yet.
    pub pending: u64,
    /// Messages delivered and not acknowledged, or waiting to be delivered again.
    pub unacknowledged: u64,
}

impl Backlog {
    /// Whether there is nothing left to do.
    pub fn is_empty(&self) -> bool {
        self.pending == 0 && self.unacknowledged == 0
    }
}

/// What a watcher sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Watched {
    /// A message.
    Event(Arc<Envelope>),
    /// All that was in the stream when the watch began has been seen. Reported once.
    CaughtUp,
}
