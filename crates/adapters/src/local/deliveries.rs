use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Answer, BusError, Consumer as Settings, Deliveries, Delivery};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::Seq;
use super::bus::Shared;
use super::consumer::Consumer;
use super::cursor::Step;

/// A place at a durable consumer.
pub(super) struct LocalDeliveries(pub(super) Arc<Seat>);

pub(super) struct Seat {
    pub(super) bus: Arc<Shared>,
    pub(super) consumer: Arc<Consumer>,
}

#[async_trait]
impl Deliveries for LocalDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        let Seat { bus, consumer } = self.0.as_ref();
        loop {
            let mut news = pin!(consumer.news.notified());
            news.as_mut().enable();
            let step = consumer.cursor().step(&consumer.log, Instant::now());
            match step {
                Step::Deliver(message, attempt) => {
                    consumer.flush_soon(&bus.writer);
                    // There may be more, for somebody else who joined.
                    consumer.news.notify_one();
                    let answer = Box::new(LocalAnswer { seat: self.0.clone(), seq: message.seq, attempt });
                    return Ok(Delivery { envelope: message.envelope.clone(), attempt, answer });
                }
                Step::Bury(seq) => {
                    consumer.bury(&bus.writer, seq, Settings::UNANSWERED.to_owned(), bus.clock.now(), None)
                }
                Step::Fetch => consumer.fetch(&bus.writer),
                Step::Fail(reason) => return Err(BusError::Unavailable(reason)),
                Step::Wait(None) => news.await,
                Step::Wait(Some(moment)) => {
                    // Either way there may be something to do now.
                    let _ = tokio::time::timeout_at(moment, news).await;
                }
            }
        }
    }
}

struct LocalAnswer {
    seat: Arc<Seat>,
    seq: Seq,
    attempt: u32,
}

impl LocalAnswer {
    async fn bury(&self, reason: &str) -> Result<(), BusError> {
        let Seat { bus, consumer } = self.seat.as_ref();
        let (done, is_done) = oneshot::channel();
        consumer.bury(&bus.writer, self.seq, reason.to_owned(), bus.clock.now(), Some(done));
        is_done.await.unwrap_or_else(|_| Err(BusError::Unavailable("the log is closed".into())))
    }
}

#[async_trait]
impl Answer for LocalAnswer {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        let Seat { bus, consumer } = self.seat.as_ref();
        let was_there = consumer.cursor().remove(self.seq).is_some();
        if was_there {
            consumer.flush_soon(&bus.writer);
            consumer.news.notify_one();
        }
        Ok(())
    }

    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError> {
        let consumer = &self.seat.consumer;
        let again = consumer.cursor().retry(self.seq, self.attempt, Instant::now() + delay);
        if !again {
            return self.bury(reason).await;
        }
        consumer.news.notify_one();
        Ok(())
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.bury(reason).await
    }
}

impl Drop for LocalAnswer {
    fn drop(&mut self) {
        let consumer = &self.seat.consumer;
        let is_abandoned = consumer.cursor().abandon(self.seq, self.attempt, Instant::now());
        if is_abandoned {
            consumer.news.notify_one();
        }
    }
}
