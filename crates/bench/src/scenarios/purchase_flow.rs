use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use serde_json::json;
use tokio::task::JoinSet;

use super::stage::{Stage, field, id, per_second};
use crate::load::{Connection, Tally, get, on_own_thread, post};
use crate::report::{Figure, Unit};
use crate::system::{Applied, Purchase as Completed, ServiceName, until_webhooks_stop};

/// Concurrent buyers.
const BUYERS: usize = 64;

/// How many times a payment is retried while payments does not know the order.
const PATIENCE: u64 = 15;

/// A purchase to be made: the order, and its buyer.
struct Purchase {
    order: Bytes,
    session: String,
}

type Purchases = Arc<Mutex<VecDeque<Purchase>>>;

/// Order and pay, repeatedly, until every service has applied all effects.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let tickets = stage.tickets(stage.scale.purchases).await?;
    let count = tickets.len();
    let sessions = (0..count).map(|number| stage.people.buyer(number).session.clone());
    let purchases = stage.orders(&tickets).into_iter().zip(sessions);
    let purchases: VecDeque<_> = purchases.map(|(order, session)| Purchase { order, session }).collect();
    let (orders, payments) = (stage.system.address(ServiceName::Orders), stage.system.address(ServiceName::Payments));
    let applied = Applied::since_now(&stage.system).await?;
    let (meter, began) = (stage.meter()?, Instant::now());
    let (tally, early) = on_own_thread(move || buy_all(purchases, orders, payments)).await?;
    applied.until(&effects(count as u64)).await?;
    let rate = per_second(count, began);
    stage.calm_down().await;
    let cpu = meter.shares(count as u64)?;
    until_webhooks_stop(&stage.system).await?;
    stage.assert_held(&tickets).await?;
    let name = "purchases paid and complete, every effect applied";
    let note = format!(
        "{:.0} a second answered; latency is that of order and payment together; {early} payments came too early",
        tally.rate()
    );
    let figure = Figure::new("purchases-applied", name, Unit::PerSecond, rate).latency(&tally).costing(cpu);
    Ok(vec![figure.noting(note).on(stage.system.engine)])
}

impl Stage {
    /// Makes the purchases, and waits until every service has applied all effects.
    ///
    /// # Errors
    /// If one is refused.
    pub(super) async fn one_purchase(&mut self) -> Result<Completed> {
        let tickets = self.tickets(1).await?;
        let applied = Applied::since_now(&self.system).await?;
        let mut orders = Connection::open(self.system.address(ServiceName::Orders)).await?;
        let order = orders.exchange(&self.orders(&tickets)[0]).await?;
        let (order, buyer) = (id(order.body)?.to_owned(), field(order.body, "userId")?.to_owned());
        let payment = json!({"token": "tok_visa", "orderId": order});
        let payment = post("/api/payments", Some(&self.people.buyer(0).session), None, &payment);
        let mut payments = Connection::open(self.system.address(ServiceName::Payments)).await?;
        let payment = id(payments.exchange(&payment).await?.body)?.to_owned();
        applied.until(&effects(1)).await?;
        // Until its events have been cleared from the outbox.
        self.calm_down().await;
        let shown = get(&format!("/api/tickets/{}", tickets[0]), None);
        let mut shop = Connection::open(self.system.address(ServiceName::Tickets)).await?;
        let seller = field(shop.exchange(&shown).await?.body, "userId")?.to_owned();
        Ok(Completed { ticket: tickets[0].clone(), order, payment, seller, buyer })
    }
}

/// The purchases, and how many times payments did not know the order yet.
type Bought = (Tally, u64);

async fn buy_all(purchases: VecDeque<Purchase>, orders: SocketAddr, payments: SocketAddr) -> Result<Bought> {
    let (purchases, began) = (Arc::new(Mutex::new(purchases)), Instant::now());
    let mut buyers = JoinSet::new();
    for _ in 0..BUYERS {
        let connections = (Connection::open(orders).await?, Connection::open(payments).await?);
        buyers.spawn(buy(purchases.clone(), connections, began));
    }
    let (mut tally, mut early) = (Tally::new(), 0);
    while let Some(part) = buyers.join_next().await {
        let part = part.context("a buyer")??;
        tally.add(&part.0);
        early += part.1;
    }
    Ok((tally, early))
}

async fn buy(
    purchases: Purchases,
    (mut orders, mut payments): (Connection, Connection),
    began: Instant,
) -> Result<Bought> {
    let (mut tally, mut early) = (Tally::new(), 0);
    while let Some(Purchase { order, session }) = next(&purchases) {
        let started = Instant::now();
        let answer = orders.exchange(&order).await?;
        ensure!(answer.status == 201, "an order was answered by {answer}");
        let payment = json!({"token": "tok_visa", "orderId": id(answer.body)?});
        early += pay(&mut payments, &post("/api/payments", Some(&session), None, &payment)).await?;
        tally.note(201, started.elapsed());
        tally.elapsed = began.elapsed();
    }
    Ok((tally, early))
}

/// Pays, and retries if payments does not learn of the order within the two seconds it waits for that.
/// Returns the number of retries.
pub(super) async fn pay(payments: &mut Connection, payment: &Bytes) -> Result<u64> {
    for early in 0..PATIENCE {
        let answer = payments.exchange(payment).await?;
        match answer.status {
            201 => return Ok(early),
            404 => {}
            _ => bail!("a payment was answered by {answer}"),
        }
    }
    bail!("payments does not learn of an order")
}

fn next(purchases: &Purchases) -> Option<Purchase> {
    purchases.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// The effects of so many purchases besides the responses.
pub(super) fn effects(purchases: u64) -> [(&'static str, &'static str, u64); 8] {
    [
        ("tickets-orders", "orders.created", purchases),
        ("expiration-orders", "orders.created", purchases),
        ("payments-orders", "orders.created", purchases),
        ("orders-payments", "payments.created", purchases),
        ("tickets-orders", "orders.completed", purchases),
        ("expiration-orders", "orders.completed", purchases),
        ("payments-orders", "orders.completed", purchases),
        // Locked, then sold.
        ("orders-tickets", "tickets.updated", 2 * purchases),
    ]
}
