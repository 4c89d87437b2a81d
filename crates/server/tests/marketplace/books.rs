use std::sync::Arc;
use std::time::Duration;

use client::{Order, OrderStatus};
use common::id::IdGenerator;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Collection, RecordStore};
use server::engines::{OpenOptions, StoreConfig};
use server::services::{ServiceName, ServicesSettings};
use stripe_sim::{Ledger, LedgerIntent, Simulator, SimulatorSettings};

use super::snapshot::Snapshot;

/// How long opening a database may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The services' stored data that the API does not show.
pub(crate) struct Books {
    ledger: Ledger,
    unpublished: Vec<String>,
}

impl Books {
    /// Reads the databases.
    pub(crate) async fn read(stores: &StoreConfig) -> Self {
        let stores = stores.open(OpenOptions::waiting(PATIENCE)).expect("the databases open");
        let open = async |name: ServiceName| stores.of(name.as_str()).await.expect("the database opens");
        let mut unpublished = Vec::new();
        for name in ServiceName::ALL {
            let collections = name.definition(&ServicesSettings::default()).collections;
            let records = open(name).await;
            records.prepare(collections).await.expect("the database can be used");
            unpublished.extend(unpublished_events(&*records, collections).await);
        }
        Self { ledger: ledger(open(ServiceName::Payments).await).await, unpublished }
    }

    /// The work in progress, and the wrong amounts of money.
    pub(crate) fn violations(&self, snapshot: &Snapshot) -> Vec<String> {
        let mut violations = self.unpublished.clone();
        violations.extend(snapshot.orders.values().filter_map(|order| self.wrong_money(order)));
        let income: i64 = snapshot.orders.values().map(due).sum();
        let net = self.ledger.captured() - self.ledger.refunded();
        if net != income {
            violations.push(format!("{net} was captured and kept, for orders of {income}"));
        }
        violations
    }

    fn wrong_money(&self, order: &Order) -> Option<String> {
        let id = order.id.to_string();
        let intents: Vec<&LedgerIntent> = self.ledger.with_metadata("order_id", &id).collect();
        let refunded = |intent: &LedgerIntent| intent.refunds.iter().map(|refund| refund.amount).sum::<i64>();
        let net: i64 = intents.iter().map(|intent| intent.captured - refunded(intent)).sum();
        let charges = intents.iter().filter(|intent| intent.captured > 0).count();
        let is_wrong = net != due(order)
            || charges > 1
            || intents.iter().any(|intent| refunded(intent) > intent.captured)
            // Money that is authorised and neither captured nor released.
            || intents.iter().any(|intent| intent.status == "requires_capture");
        is_wrong.then(|| format!("order {id} ({:?}, {}): {intents:?}", order.status, order.ticket.price))
    }
}

/// The amount that must have been paid for it, in minor units.
fn due(order: &Order) -> i64 {
    match order.status {
        OrderStatus::Complete => order.ticket.price.minor_units().into(),
        OrderStatus::Created | OrderStatus::AwaitingPayment | OrderStatus::Cancelled => 0,
    }
}

async fn ledger(records: Arc<dyn RecordStore>) -> Ledger {
    let simulator = Simulator::new(records, Clock::system(), IdGenerator::random(), SimulatorSettings::default()).await;
    simulator.expect("the simulator's records are there").ledger().await.expect("the ledger can be read")
}

async fn unpublished_events(records: &dyn RecordStore, collections: &[&'static Collection]) -> Vec<String> {
    let mut unpublished = Vec::new();
    for collection in collections {
        let events = records.unpublished(collection, Timestamp::MAX, 1).await.expect("the outbox can be read");
        unpublished.extend(events.first().map(|_| format!("an event of {} was never published", collection.name)));
    }
    unpublished
}
