//! How events are published: many of one stream as atomic batches, few of them one by one.

use async_nats::jetstream::context::PublishAckFuture;
use common::events::Envelope;
use futures::future::join_all;
use ports::bus::BusError;

use super::batch::BatchOutcome;
use super::bus::Shared;
use super::error::of_publish;
use super::headers::message_of;

/// The fewest events that are published as a batch. The server writes a batch twice, into files that it
/// makes for it and removes: by measurement that costs as much as syncing 20 messages one by one.
const SMALLEST: usize = 24;
/// The most that are published together. Servers take batches of up to 1,000 by default.
const LARGEST: usize = 256;

impl Shared {
    /// Publishes all of them, in order where nothing fails; returns the outcome of each.
    pub(super) async fn publish(&self, events: &[Envelope]) -> Vec<Result<(), BusError>> {
        let mut results = Vec::with_capacity(events.len());
        for run in events.chunk_by(|one, next| one.stream() == next.stream()) {
            for part in run.chunks(LARGEST) {
                results.append(&mut self.publish_part(part).await);
            }
        }
        results
    }

    async fn publish_part(&self, events: &[Envelope]) -> Vec<Result<(), BusError>> {
        let stream = events.first().map_or("", Envelope::stream);
        if events.len() < SMALLEST || !self.takes_batches(stream) {
            return self.publish_each(events).await;
        }
        match self.publish_batch(events).await {
            BatchOutcome::Kept => events.iter().map(|_| Ok(())).collect(),
            BatchOutcome::Unknown(error) => {
                events.iter().map(|_| Err(BusError::Unavailable(error.to_string()))).collect()
            }
            BatchOutcome::Refused(reason) => {
                tracing::debug!(stream, reason, "a batch was refused; publishing its events one by one");
                self.publish_each(events).await
            }
        }
    }

    /// Sends all, then waits for all acknowledgements.
    async fn publish_each(&self, events: &[Envelope]) -> Vec<Result<(), BusError>> {
        let mut sent = Vec::with_capacity(events.len());
        for event in events {
            sent.push(self.send(event).await);
        }
        let acknowledged = events.iter().zip(sent).map(async |(event, sent)| {
            let acknowledged = sent?.await;
            acknowledged.map(|_| ()).map_err(|error| of_publish(event.stream(), &error))
        });
        join_all(acknowledged).await
    }

    async fn send(&self, event: &Envelope) -> Result<PublishAckFuture, BusError> {
        let sent = self.context.send_publish(self.names.subject(&event.kind), message_of(event)?).await;
        sent.map_err(|error| of_publish(event.stream(), &error))
    }
}
