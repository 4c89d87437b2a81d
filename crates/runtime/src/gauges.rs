use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::host::Database;
use super::metrics::sum_up;
use common::time::Timestamp;
use ports::bus::{Bus, BusError, Consumer};
use ports::clock::Clock;
use ports::store::StoreError;

/// How often to measure.
const EVERY: Duration = Duration::from_secs(10);
/// How often to aggregate the measurements, so that the single ones take up little memory.
const SUM_UP_EVERY: Duration = Duration::from_secs(1);
/// How many events of a collection's outbox are counted at most. That there are more changes nothing.
const COUNTED: usize = 1000;

/// Measures from time to time what grows when work is left undone.
pub(super) struct Gauges {
    pub(super) bus: Arc<dyn Bus>,
    pub(super) clock: Clock,
    pub(super) consumers: Vec<Consumer>,
    pub(super) databases: Vec<Database>,
}

impl Gauges {
    /// Measures until `shutdown`.
    pub(super) async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let measure = async {
            loop {
                ticks.tick().await;
                self.measure().await;
            }
        };
        let mut seconds = tokio::time::interval(SUM_UP_EVERY);
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let sum_up = async {
            loop {
                seconds.tick().await;
                sum_up();
            }
        };
        tokio::select! {
            () = measure => {}
            () = sum_up => {}
            () = shutdown.cancelled() => {}
        }
    }

    /// What cannot be measured keeps its last value: other metrics show that it is unavailable.
    async fn measure(&self) {
        for consumer in &self.consumers {
            if let Err(error) = self.measure_backlog(consumer).await {
                tracing::debug!(consumer = consumer.name, %error, "the backlog was not measured");
            }
        }
        for database in &self.databases {
            if let Err(error) = self.measure_outbox(database).await {
                tracing::debug!(service = database.service, %error, "the outbox was not measured");
            }
        }
    }

    async fn measure_backlog(&self, consumer: &Consumer) -> Result<(), BusError> {
        let backlog = self.bus.backlog(consumer).await?;
        let name = || consumer.name.clone();
        metrics::gauge!("consumer_pending_messages", "consumer" => name()).set(backlog.pending as f64);
        metrics::gauge!("consumer_unanswered_messages", "consumer" => name()).set(backlog.unacknowledged as f64);
        Ok(())
    }

    async fn measure_outbox(&self, database: &Database) -> Result<(), StoreError> {
        let (now, mut count, mut age) = (self.clock.now(), 0, Duration::ZERO);
        for collection in database.collections {
            let waiting = database.records.unpublished(collection, Timestamp::MAX, COUNTED).await?;
            count += waiting.len();
            age = waiting.iter().map(|event| now.since(event.envelope.time)).fold(age, Duration::max);
        }
        metrics::gauge!("outbox_events", "service" => database.service).set(count as f64);
        metrics::gauge!("outbox_oldest_age_seconds", "service" => database.service).set(age.as_secs_f64());
        Ok(())
    }
}
