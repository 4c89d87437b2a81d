use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use common::events::{CancelReason, Envelope};
use common::id::{OrderId, TicketId};
use ports::bus::{Bus, Watched};
use ports::store::{Collection, Query, RecordStore};
use serde::de::DeserializeOwned;
use serde_json::Value;
use stripe_sim::Ledger;

use super::rows::{Order, OrderCopy, Payment, Schedule, Ticket, TicketCopy};
use crate::processes::part::Service;
use crate::processes::system::System;

/// How long a database or the bus may take to open.
const PATIENCE: Duration = Duration::from_secs(20);
/// More dead letters than anybody reads.
const LETTERS: usize = 100;

/// Everything that is written anywhere.
pub(in crate::processes) struct Books {
    pub(super) orders: BTreeMap<OrderId, Order>,
    pub(super) tickets: BTreeMap<TicketId, Ticket>,
    /// What orders knows of tickets.
    pub(super) known_tickets: BTreeMap<TicketId, TicketCopy>,
    /// What tickets, and what payments, know of orders.
    pub(super) known_orders: [(Service, BTreeMap<OrderId, OrderCopy>); 2],
    pub(super) schedules: BTreeMap<OrderId, Schedule>,
    pub(super) payments: BTreeMap<OrderId, Payment>,
    pub(super) ledger: Ledger,
    /// All that was ever told of orders and of tickets, in the order of the streams.
    pub(super) told_of_orders: Vec<Envelope>,
    pub(super) told_of_tickets: Vec<Envelope>,
    pub(super) dead_letters: Vec<String>,
}

impl Books {
    /// Reads it all.
    pub(in crate::processes) async fn read(system: &System) -> Result<Self> {
        let bus = system.bussing.open().await?;
        let [tickets, orders, expiration, payments] = [
            open(system, Service::Tickets).await?,
            open(system, Service::Orders).await?,
            open(system, Service::Expiration).await?,
            open(system, Service::Payments).await?,
        ];
        let letters = bus.dead_letters(0, LETTERS).await?;
        let describe = |letter: ports::bus::DeadLetter| {
            format!("dead letter of {}: {} ({})", letter.consumer, letter.reason, letter.envelope.id)
        };
        Ok(Self {
            orders: by(all(&*orders, orders::COLLECTIONS, "orders").await?, |order: &Order| order.id),
            tickets: by(all(&*tickets, tickets::COLLECTIONS, "tickets").await?, |ticket: &Ticket| ticket.id),
            known_tickets: by(all(&*orders, orders::COLLECTIONS, "tickets").await?, |copy: &TicketCopy| copy.id),
            known_orders: [
                (Service::Tickets, copies(all(&*tickets, tickets::COLLECTIONS, "orders").await?)),
                (Service::Payments, copies(all(&*payments, payments::COLLECTIONS, "orders").await?)),
            ],
            schedules: by(all(&*expiration, expiration::COLLECTIONS, "schedules").await?, |row: &Schedule| row.id),
            payments: by(all(&*payments, payments::COLLECTIONS, "payments").await?, |row: &Payment| row.id),
            ledger: system.stripe.ledger().await?,
            told_of_orders: told(&*bus, "orders", &["orders.created", "orders.cancelled", "orders.completed"]).await?,
            told_of_tickets: told(&*bus, "tickets", &["tickets.created", "tickets.updated"]).await?,
            dead_letters: letters.into_iter().map(describe).collect(),
        })
    }

    /// How many orders there are.
    pub(in crate::processes) fn orders(&self) -> usize {
        self.orders.len()
    }

    /// How long after its time an order expired at the latest.
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
            "{} intents, {} charges of {}, {} refunds of {}",
            intents.len(),
            self.ledger.charges(),
            cents(self.ledger.captured()),
            self.ledger.refunds(),
            cents(self.ledger.refunded()),
        )
    }
}

async fn open(system: &System, service: Service) -> Result<std::sync::Arc<dyn RecordStore>> {
    system.stores.open(service.name(), PATIENCE).await
}

/// All records of a collection.
async fn all<T: DeserializeOwned>(
    records: &dyn RecordStore,
    collections: &[&'static Collection],
    name: &str,
) -> Result<Vec<T>> {
    let collection = collections.iter().find(|collection| collection.name == name);
    let collection = collection.with_context(|| format!("there is no collection {name}"))?;
    let found = records.find(collection, &Query::default()).await?;
    let read = |record: ports::store::Record| {
        let mut body = record.body;
        body.insert("id".into(), record.id.into());
        body.insert("version".into(), record.version.0.into());
        serde_json::from_value(Value::Object(body)).with_context(|| format!("a record of {name}"))
    };
    found.into_iter().map(read).collect()
}

fn by<K: Ord, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

fn copies(rows: Vec<OrderCopy>) -> BTreeMap<OrderId, OrderCopy> {
    by(rows, |copy| copy.id)
}

async fn told(bus: &dyn Bus, stream: &str, types: &[&str]) -> Result<Vec<Envelope>> {
    let mut watch = bus.watch(stream, types, true).await?;
    let mut told = Vec::new();
    loop {
        match watch.next().await? {
            Watched::Event(envelope) => told.push(envelope.as_ref().clone()),
            Watched::CaughtUp => return Ok(told),
        }
    }
}
