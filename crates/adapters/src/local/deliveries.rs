use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Acknowledger, BusError, Consumer as Settings, Deliveries, Delivery};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::Seq;
use super::bus::Shared;
use super::consumer::Consumer;
use super::cursor::Action;

/// The messages of a durable consumer, as one of its members gets them.
pub(super) struct LocalDeliveries(pub(super) Arc<Member>);

pub(super) struct Member {
    pub(super) bus: Arc<Shared>,
    pub(super) consumer: Arc<Consumer>,
}

#[async_trait]
impl Deliveries for LocalDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        let Member { bus, consumer } = self.0.as_ref();
        loop {
            let mut woken = pin!(consumer.wake.notified());
            woken.as_mut().enable();
            let action = consumer.cursor().next_action(&consumer.log, Instant::now());
            match action {
                Action::Deliver(message, attempt) => {
                    consumer.flush_soon(bus.writer());
                    // There may be more, for another member.
                    consumer.wake.notify_one();
                    let acknowledger =
                        Box::new(LocalAcknowledger { member: self.0.clone(), seq: message.seq, attempt });
                    let is_history = message.seq <= consumer.history.load(Ordering::Relaxed);
                    return Ok(Delivery { envelope: message.envelope.clone(), attempt, is_history, acknowledger });
                }
                Action::Reject(seq) => {
                    consumer.reject(bus.writer(), seq, Settings::UNACKNOWLEDGED.to_owned(), bus.clock.now(), None)
                }
                Action::Fetch => consumer.fetch(bus.writer()),
                Action::Fail(reason) => return Err(BusError::Unavailable(reason)),
                Action::Wait(None) => woken.await,
                Action::Wait(Some(moment)) => {
                    // Either way there may be something to do now.
                    let _ = tokio::time::timeout_at(moment, woken).await;
                }
            }
        }
    }
}

struct LocalAcknowledger {
    member: Arc<Member>,
    seq: Seq,
    attempt: u32,
}

impl LocalAcknowledger {
    async fn make_dead_letter(&self, reason: &str) -> Result<(), BusError> {
        let Member { bus, consumer } = self.member.as_ref();
        let (done, outcome) = oneshot::channel();
        consumer.reject(bus.writer(), self.seq, reason.to_owned(), bus.clock.now(), Some(done));
        outcome.await.unwrap_or_else(|_| Err(BusError::Unavailable("the log is closed".into())))
    }
}

#[async_trait]
impl Acknowledger for LocalAcknowledger {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        let Member { bus, consumer } = self.member.as_ref();
        let was_there = consumer.cursor().remove(self.seq).is_some();
        if was_there {
            consumer.flush_soon(bus.writer());
            consumer.wake.notify_one();
        }
        Ok(())
    }

    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError> {
        let consumer = &self.member.consumer;
        let is_retried = consumer.cursor().retry(self.seq, self.attempt, Instant::now() + delay);
        if !is_retried {
            return self.make_dead_letter(reason).await;
        }
        consumer.wake.notify_one();
        Ok(())
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.make_dead_letter(reason).await
    }
}

impl Drop for LocalAcknowledger {
    fn drop(&mut self) {
        let consumer = &self.member.consumer;
        let is_abandoned = consumer.cursor().abandon(self.seq, self.attempt, Instant::now());
        if is_abandoned {
            consumer.wake.notify_one();
        }
    }
}
