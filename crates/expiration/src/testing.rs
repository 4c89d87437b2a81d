//! What the tests of the listeners and tasks begin with.

use std::ops::Deref;
use std::time::Duration;

use common::events::{CancelReason, ExpirationCompleted, OrderCancelled, OrderCreated};
use common::id::OrderId;
use common::version::{Version, Versioned};
pub(crate) use harness::order_completed;
use harness::{Harness, order_cancelled, within};
use ports::store::Revision;
use runtime::store::{Store, Stored};
use tokio_util::sync::CancellationToken;

use crate::Settings;
use crate::domain::Schedule;

/// How long the orders of a test usually have.
pub(crate) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Settings under which only the timer can be what publishes in time.
pub(crate) const PATIENT: Settings =
    Settings { poll_every: Duration::from_secs(3600), keep_finished: Duration::from_secs(24 * 60 * 60) };

/// How often a test looks whether its condition has come true.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The expiration service under test.
pub(crate) struct App(pub(crate) Harness);

impl Deref for App {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.0
    }
}

pub(crate) async fn start(settings: Settings) -> App {
    App(Harness::start(crate::definition(settings)).await)
}

/// That its buyer has cancelled it, in this version.
pub(crate) fn cancellation(order: &OrderCreated, version: Version) -> OrderCancelled {
    OrderCancelled { version, ..order_cancelled(order, CancelReason::ByBuyer) }
}

impl App {
    /// News of an order that is due after `window`.
    pub(crate) fn order(&self, window: Duration) -> OrderCreated {
        let buyer = self.deps.platform.ids.next(self.clock.now());
        self.order_of(buyer, self.ordered_ticket(), window)
    }

    /// An order that the service knows.
    pub(crate) async fn scheduled(&self, window: Duration) -> OrderCreated {
        let order = self.order(window);
        self.publish("orders", &order).await;
        self.settle().await;
        order
    }

    /// Schedules an order as another process would: the service's timer does not know of it.
    pub(crate) async fn store_only(&self, order: &OrderCreated) {
        let schedule = Schedule::new(order.id, order.expires_at);
        self.store().insert(schedule, &()).await.expect("stores");
    }

    /// Starts the tasks of another process on the same store and bus.
    pub(crate) fn run_another(&self, settings: Settings, shutdown: &CancellationToken) {
        for task in crate::build(&self.deps, settings).tasks {
            tokio::spawn((task.run)(shutdown.clone()));
        }
    }

    /// Waits until at least these have been published.
    pub(crate) async fn until_published(&self, orders: &[OrderId]) {
        within(async {
            loop {
                let published = self.published::<ExpirationCompleted>().await;
                if orders.iter().all(|id| published.iter().any(|event| event.order_id == *id)) {
                    return;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until the schedule has been cleared away.
    pub(crate) async fn until_gone(&self, order: OrderId) {
        within(async {
            while self.store().get(order).await.expect("reads").is_some() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// The schedule as it is stored.
    pub(crate) async fn stored(&self, order: OrderId) -> Versioned<Schedule> {
        self.store().get(order).await.expect("reads").expect("is there")
    }

    /// How often the schedule was written after its first time.
    pub(crate) async fn revision(&self, order: OrderId) -> Revision {
        let record = self.deps.records.get(Schedule::COLLECTION, &order.to_string()).await;
        record.expect("reads").expect("is there").revision
    }

    fn store(&self) -> Store<Schedule> {
        self.deps.store()
    }
}
