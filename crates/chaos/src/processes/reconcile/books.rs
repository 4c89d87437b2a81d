use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use common::events::{CancelReason, Envelope};
use common::id::{OrderId, TicketId};
use ports::bus::{Bus, Watched};
use ports::store::{Query, RecordStore};
use serde::de::DeserializeOwned;
use serde_json::Value;
use server::engines::OpenOptions;
use server::services::ServiceName;
use stripe_sim::Ledger;

use super::rows::{Admission, Handover, Order, OrderCopy, Payment, Schedule, Ticket, TicketCopy};
use crate::processes::system::System;
use crate::services::{collection, is_closed_edition, published_version};

/// How long opening a database or the bus may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The limit of dead letters that are read.
const LETTERS: usize = 100;

/// The stored data of all services, the streams and Stripe's ledger.
pub(in crate::processes) struct Books {
    pub(super) orders: BTreeMap<OrderId, Order>,
    pub(super) tickets: BTreeMap<TicketId, Ticket>,
    /// The replicas of tickets in orders.
    pub(super) known_tickets: BTreeMap<TicketId, TicketCopy>,
    /// The replicas of orders in tickets and in payments.
    pub(super) known_orders: [(ServiceName, BTreeMap<OrderId, OrderCopy>); 2],
    /// What delivery has of tickets, and of orders.
    pub(super) admissions: BTreeMap<TicketId, Admission>,
    pub(super) handovers: BTreeMap<OrderId, Handover>,
    pub(super) schedules: BTreeMap<OrderId, Schedule>,
    pub(super) payments: BTreeMap<OrderId, Payment>,
    pub(super) ledger: Ledger,
    /// All published events of orders and of tickets, in the order of the streams.
    pub(super) order_events: Vec<Envelope>,
    pub(super) ticket_events: Vec<Envelope>,
    pub(super) dead_letters: Vec<String>,
}

impl Books {
    /// Reads all of it.
    pub(in crate::processes) async fn read(system: &System) -> Result<Self> {
        let bus = system.bus_config.open().await?;
        let [tickets, orders, expiration, payments, delivery] = [
            open(system, ServiceName::Tickets).await?,
            open(system, ServiceName::Orders).await?,
            open(system, ServiceName::Expiration).await?,
            open(system, ServiceName::Payments).await?,
            open(system, ServiceName::Delivery).await?,
        ];
        let letters = bus.dead_letters(0, LETTERS).await?;
        let describe = |letter: ports::bus::DeadLetter| {
            format!("dead letter of {}: {} ({})", letter.consumer, letter.reason, letter.envelope.id)
        };
        let tickets_of_all = tickets.read("tickets", |ticket: &Ticket| ticket.id).await?;
        let apart = tickets.read("orders", |copy: &OrderCopy| copy.id).await?;
        let known_orders = with_those_in_tickets(apart, &tickets_of_all);
        Ok(Self {
            orders: orders.read("orders", |order: &Order| order.id).await?,
            tickets: tickets_of_all,
            known_tickets: orders.read("tickets", |copy: &TicketCopy| copy.id).await?,
            known_orders: [
                (ServiceName::Tickets, known_orders),
                (ServiceName::Payments, payments.read("orders", |copy: &OrderCopy| copy.id).await?),
            ],
            admissions: delivery.read("admissions", |row: &Admission| row.id).await?,
            handovers: delivery.read("handovers", |row: &Handover| row.id).await?,
            schedules: expiration.read("schedules", |row: &Schedule| row.id).await?,
            payments: payments.read("payments", |row: &Payment| row.id).await?,
            ledger: system.stripe.ledger().await?,
            order_events: events(&*bus, "orders", &["orders.created", "orders.cancelled", "orders.completed"]).await?,
            ticket_events: events(&*bus, "tickets", &["tickets.created", "tickets.updated"]).await?,
            dead_letters: letters.into_iter().map(describe).collect(),
        })
    }

    /// The number of orders.
    pub(in crate::processes) fn orders(&self) -> usize {
        self.orders.len()
    }

    /// The longest delay between an order's deadline and its expiration.
    pub(in crate::processes) fn latest_expiry(&self) -> Duration {
        let late = |order: &Order| {
            let end = order.cancellation.as_ref().filter(|end| end.reason == CancelReason::Expired)?;
            Some(end.at.since(order.expires_at))
        };
        self.orders.values().filter_map(late).max().unwrap_or_default()
    }

    /// The ledger in one line.
    pub(in crate::processes) fn money(&self) -> String {
        let cents = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        let Ledger { intents } = &self.ledger;
        format!(
            "{} intents, {} charges of {}, {} refunds of {}, {} kept",
            intents.len(),
            self.ledger.charges(),
            cents(self.ledger.captured()),
            self.ledger.refunds(),
            cents(self.ledger.refunded()),
            cents(self.ledger.kept()),
        )
    }
}

/// All of tickets' replicas of orders, of which those are in the tickets that the orders have.
fn with_those_in_tickets(
    mut copies: BTreeMap<OrderId, OrderCopy>,
    tickets: &BTreeMap<TicketId, Ticket>,
) -> BTreeMap<OrderId, OrderCopy> {
    for copy in tickets.values().filter_map(|ticket| ticket.order.as_ref()) {
        let is_newer = copies.get(&copy.id).is_none_or(|apart| apart.version < copy.version);
        if is_newer {
            copies.insert(copy.id, copy.clone());
        }
    }
    copies
}

/// The database of a service.
struct Database {
    service: ServiceName,
    records: Arc<dyn RecordStore>,
}

async fn open(system: &System, service: ServiceName) -> Result<Database> {
    Ok(Database { service, records: system.stores.open(OpenOptions::waiting(PATIENCE))?.of(service.as_str()).await? })
}

impl Database {
    /// All records of a collection.
    async fn read<K: Ord, T: DeserializeOwned>(&self, name: &str, key: impl Fn(&T) -> K) -> Result<BTreeMap<K, T>> {
        let records = self.records.find(collection(self.service, name), &Query::default()).await?;
        let rows = records.into_iter().filter(|record| !is_closed_edition(record)).map(|record| {
            let version = published_version(&record);
            let mut body = record.body;
            body.insert("id".into(), record.id.into());
            body.insert("version".into(), version.into());
            let row = serde_json::from_value(Value::Object(body)).with_context(|| format!("a record of {name}"))?;
            Ok((key(&row), row))
        });
        rows.collect()
    }
}

async fn events(bus: &dyn Bus, stream: &str, types: &[&str]) -> Result<Vec<Envelope>> {
    let mut watch = bus.watch(stream, types, true).await?;
    let mut events = Vec::new();
    loop {
        match watch.next().await? {
            Watched::Event(envelope) => events.push(envelope.as_ref().clone()),
            Watched::CaughtUp => return Ok(events),
        }
    }
}
