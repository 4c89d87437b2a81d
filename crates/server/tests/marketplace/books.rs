use std::sync::Arc;
use std::time::Duration;

use client::{Order, OrderStatus};
use common::id::IdGenerator;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Collection, RecordStore};
use server::engines::StoreConfig;
use stripe_sim::{Ledger, LedgerIntent, Simulator, SimulatorSettings};

use super::snapshot::Snapshot;

/// How long a database may take to open.
const PATIENCE: Duration = Duration::from_secs(10);

/// The services' databases.
const DATABASES: [(&str, &[&Collection]); 5] = [
    (auth::NAME, auth::COLLECTIONS),
    (tickets::NAME, tickets::COLLECTIONS),
    (orders::NAME, orders::COLLECTIONS),
    (expiration::NAME, expiration::COLLECTIONS),
    (payments::NAME, payments::COLLECTIONS),
];

/// What the services have stored and the API does not tell.
pub(crate) struct Books {
    ledger: Ledger,
    untold: Vec<String>,
}

impl Books {
    /// Reads the databases.
    pub(crate) async fn read(stores: &StoreConfig) -> Self {
        let mut untold = Vec::new();
        for (service, collections) in DATABASES {
            let records = stores.open(service, PATIENCE).await.expect("the database opens");
            records.prepare(collections).await.expect("the database can be used");
            untold.extend(untold_events(&*records, collections).await);
        }
        let records = stores.open(payments::NAME, PATIENCE).await.expect("the database opens");
        Self { ledger: ledger(records).await, untold }
    }

    /// What is not at rest, or where money is missing.
    pub(crate) fn violations(&self, snapshot: &Snapshot) -> Vec<String> {
        let mut violations = self.untold.clone();
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
            // Money that is set aside and neither taken nor given up.
            || intents.iter().any(|intent| intent.status == "requires_capture");
        is_wrong.then(|| format!("order {id} ({:?}, {}): {intents:?}", order.status, order.ticket.price))
    }
}

/// What must have been paid for it, in minor units.
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

async fn untold_events(records: &dyn RecordStore, collections: &[&'static Collection]) -> Vec<String> {
    let mut untold = Vec::new();
    for collection in collections {
        let events = records.unpublished(collection, Timestamp::MAX, 1).await.expect("the outbox can be read");
        untold.extend(events.first().map(|_| format!("an event of {} was never told", collection.name)));
    }
    untold
}
