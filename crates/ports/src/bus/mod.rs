//! The Bus port: durable streams of events and durable consumers of them.

mod consumer;
mod dead_letter;
mod layer;

pub use consumer::{Backlog, Consumer, Delivery, Stream, Watched};
pub use dead_letter::DeadLetter;
pub use layer::BusLayer;

use std::time::Duration;

use async_trait::async_trait;

use common::events::Envelope;

/// What can go wrong with a bus.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The bus does not respond, or did not confirm whether it kept a message: publish it again.
    #[error("the bus is unavailable: {0}")]
    Unavailable(String),
    /// The stream has not been declared yet by the service that owns it.
    #[error("there is no stream {0} yet")]
    NoStream(String),
    /// There is no dead letter with this number.
    #[error("there is no dead letter {0}")]
    NoDeadLetter(u64),
    /// A message that cannot be read or written.
    #[error("unreadable message: {0}")]
    Malformed(String),
}

/// A bus with durable streams. Each stream belongs to one service and keeps the events whose
/// type begins with its name.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Makes sure that a stream exists. Called by the service that owns it.
    async fn declare(&self, stream: &Stream) -> Result<(), BusError>;

    /// Publishes a batch, each message on its own. A message is durable (it survives power
    /// loss) when its result is `Ok`. One whose id the stream has already kept within the last
    /// hour is acknowledged and not kept again. Order is kept where nothing fails.
    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>>;

    /// Becomes a member of a durable consumer, which is created if need be. It begins at the start of
    /// the stream and remembers its position; members under the same name share the work.
    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError>;

    /// Follows a stream without any durable state: every watcher sees every message whose type is in
    /// `types`, from the beginning of the stream or from now on.
    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError>;

    /// What a durable consumer still has to process.
    async fn backlog(&self, consumer: &Consumer) -> Result<Backlog, BusError>;

    /// Dead letters with a number greater than `after`, in order, at most `limit`.
    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError>;

    /// Delivers a dead letter once more, to the consumer that could not process it. The letter
    /// stays in the list, marked as replayed.
    async fn replay(&self, number: u64) -> Result<(), BusError>;

    /// Succeeds if the bus responds.
    async fn ping(&self) -> Result<(), BusError>;
}

/// The messages of a durable consumer.
#[async_trait]
pub trait Deliveries: Send {
    /// The next message, as soon as there is one. After an error the caller pauses and calls
    /// again. Cancelling the returned future loses nothing that would not be redelivered.
    async fn next(&mut self) -> Result<Delivery, BusError>;
}

/// Ends a delivery. See [`Delivery`] for what happens until then.
#[async_trait]
pub trait Acknowledger: Send + Sync {
    /// The message was processed: never deliver it again.
    async fn ack(self: Box<Self>) -> Result<(), BusError>;

    /// Not now: deliver it again after `delay`; after the consumer's last delivery it becomes a
    /// dead letter for `reason` instead.
    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError>;

    /// It can never be processed: put it among the dead letters, exactly once, and do not deliver it
    /// again.
    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError>;
}

/// The messages of a watcher.
#[async_trait]
pub trait Watch: Send {
    /// The next message, or that everything that was there when the watch began has been seen.
    async fn next(&mut self) -> Result<Watched, BusError>;
}
