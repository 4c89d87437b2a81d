//! What the tests of the listeners and tasks begin with.

use std::ops::Deref;
use std::time::Duration;

use common::events::{
    CancelReason, ExpirationCompleted, OrderCancelled, OrderCompleted, OrderCreated, OrderedTicket, TicketRef,
};
use common::id::OrderId;
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::version::Version;
use harness::{Harness, within};
use runtime::store::Store;
use tokio_util::sync::CancellationToken;

use crate::Settings;
use crate::domain::Schedule;

/// How long the orders of a test usually have.
pub(crate) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Settings under which only the timer can be what tells in time.
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
    App(Harness::start(crate::NAME, crate::COLLECTIONS, |deps| crate::service(deps, settings)).await)
}

pub(crate) fn cancellation(order: &OrderCreated, version: Version) -> OrderCancelled {
    let ticket = TicketRef { id: order.ticket.id };
    OrderCancelled { id: order.id, version, reason: CancelReason::ByBuyer, ticket }
}

pub(crate) fn completion(order: &OrderCreated) -> OrderCompleted {
    OrderCompleted { id: order.id, version: Version(1), ticket: TicketRef { id: order.ticket.id } }
}

impl App {
    /// News of an order that is due after `window`.
    pub(crate) fn order(&self, window: Duration) -> OrderCreated {
        let (ids, now) = (&self.deps.platform.ids, self.clock.now());
        OrderCreated {
            id: ids.next(now),
            version: Version::FIRST,
            status: OrderStatus::Created,
            user_id: ids.next(now),
            expires_at: now + window,
            ticket: OrderedTicket {
                id: ids.next(now),
                price: Price::from_minor_units(2050).expect("a price"),
                currency: Currency::Usd,
                title: "Front row".into(),
            },
        }
    }

    /// An order the service has heard of.
    pub(crate) async fn scheduled(&self, window: Duration) -> OrderCreated {
        let order = self.order(window);
        self.publish("orders", &order).await;
        self.settle().await;
        order
    }

    /// Schedules an order as another process would: the service's timer does not hear of it.
    pub(crate) async fn store_only(&self, order: &OrderCreated) {
        let schedule = Schedule::new(order.id, order.expires_at);
        self.store().insert(&schedule, Vec::new()).await.expect("stores");
    }

    /// Starts the tasks of another process on the same store and bus.
    pub(crate) fn run_another(&self, settings: Settings, shutdown: &CancellationToken) {
        for task in crate::service(self.deps.clone(), settings).tasks {
            tokio::spawn((task.run)(shutdown.clone()));
        }
    }

    /// Waits until at least these have been told.
    pub(crate) async fn until_told(&self, orders: &[OrderId]) {
        within(async {
            loop {
                let told = self.told::<ExpirationCompleted>().await;
                if orders.iter().all(|id| told.iter().any(|event| event.order_id == *id)) {
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
    pub(crate) async fn stored(&self, order: OrderId) -> Schedule {
        self.store().get(order).await.expect("reads").expect("is there")
    }

    fn store(&self) -> Store<Schedule> {
        self.deps.store()
    }
}
