use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::order_burst::effects;
use super::stage::{Stage, is_held};
use crate::load::{Connection, Schedule, Tally, get, on_own_thread};
use crate::report::{Figure, Unit};
use crate::system::{Applied, ServiceName};

/// The rate of orders.
const PER_SECOND: u32 = 1000;
/// Connections for orders: enough for a stall of a quarter of a second.
const CONNECTIONS: usize = 256;
/// Which of the orders are tracked: each is asked for again and again, and those requests must not be what the machine is
/// busy with.
const FOLLOWED: usize = 20;
/// Connections that poll tickets.
const LOOKERS: usize = 32;
/// The polling interval of a ticket.
const LOOK: Duration = Duration::from_millis(5);
/// How long a ticket may take to be locked.
const PATIENCE: Duration = Duration::from_secs(60);

/// An accepted order whose ticket is to be polled.
struct Answered {
    number: usize,
    due: Instant,
    at: Instant,
}

/// The prepared requests.
struct Plan {
    schedule: Schedule,
    orders: Vec<Bytes>,
    /// The requests for the tickets.
    looks: Vec<Bytes>,
}

/// The measured latencies.
struct Measured {
    /// From the scheduled time of the order to its response.
    orders: Tally,
    /// From the scheduled time of the order until its ticket is shown as locked.
    locked: Tally,
    /// From the order's response until its ticket is shown as locked.
    after_answer: Tally,
}

/// Orders at a fixed rate, and the time until their tickets are shown as locked.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let count = stage.scale.arrivals.as_secs() as usize * PER_SECOND as usize;
    let tickets = stage.tickets(count).await?;
    let looks = tickets.iter().map(|ticket| get(&format!("/api/tickets/{ticket}"), None)).collect();
    let orders = stage.orders(&tickets);
    let addresses = (stage.system.address(ServiceName::Orders), stage.system.address(ServiceName::Tickets));
    let applied = Applied::since_now(&stage.system).await?;
    let meter = stage.meter()?;
    let measured = on_own_thread(move || order_on_schedule(orders, looks, addresses)).await?;
    applied.until(&effects(count as u64)).await?;
    stage.calm_down().await;
    let (locked, engine) = (measured.locked.percentiles(), stage.system.engine);
    let name = format!("order created to ticket shown as locked, p99 at {PER_SECOND} orders/s");
    let after = measured.after_answer.percentiles();
    let note = format!("after the order's answer: p50 {:.1} ms, p99 {:.1} ms", after.p50, after.p99);
    let answer = measured.orders.percentiles();
    let answered = Figure::new(
        "order-latency",
        format!("order answered, p99 at {PER_SECOND} orders/s"),
        Unit::Milliseconds,
        answer.p99,
    );
    let figure =
        Figure::new("propagation", name, Unit::Milliseconds, locked.p99).latency(&measured.locked).noting(note);
    let answered = answered.latency(&measured.orders).costing(meter.shares(count as u64)?);
    Ok(vec![answered.on(engine), figure.on(engine)])
}

async fn order_on_schedule(
    orders: Vec<Bytes>,
    looks: Vec<Bytes>,
    (orders_at, tickets_at): (SocketAddr, SocketAddr),
) -> Result<Measured> {
    let (mut ordering, mut looking) = (VecDeque::new(), VecDeque::new());
    for _ in 0..CONNECTIONS {
        ordering.push_back(Connection::open(orders_at).await?);
    }
    for _ in 0..LOOKERS {
        looking.push_back(Connection::open(tickets_at).await?);
    }
    let schedule = Schedule::starting(PER_SECOND);
    let (plan, next) = (Arc::new(Plan { schedule, orders, looks }), Arc::new(AtomicUsize::new(0)));
    let (answered, hear) = mpsc::unbounded_channel();
    let hear = Arc::new(Mutex::new(hear));
    let (mut buyers, mut lookers) = (JoinSet::new(), JoinSet::new());
    for connection in ordering {
        buyers.spawn(order(connection, plan.clone(), next.clone(), answered.clone()));
    }
    drop(answered);
    for connection in looking {
        lookers.spawn(look(connection, plan.clone(), hear.clone()));
    }
    let mut measured = Measured { orders: Tally::new(), locked: Tally::new(), after_answer: Tally::new() };
    while let Some(part) = buyers.join_next().await {
        measured.orders.add(&part.context("a buyer")??);
    }
    while let Some(part) = lookers.join_next().await {
        let (locked, after_answer) = part.context("who looks")??;
        measured.locked.add(&locked);
        measured.after_answer.add(&after_answer);
    }
    Ok(measured)
}

async fn order(
    mut connection: Connection,
    plan: Arc<Plan>,
    next: Arc<AtomicUsize>,
    answered: mpsc::UnboundedSender<Answered>,
) -> Result<Tally> {
    let mut tally = Tally::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = plan.orders.get(number) else { return Ok(tally) };
        let due = plan.schedule.until_due(number).await;
        let answer = connection.exchange(request).await?;
        ensure!(answer.status == 201, "an order was answered by {answer}");
        tally.note(answer.status, due.elapsed());
        if number.is_multiple_of(FOLLOWED) {
            answered.send(Answered { number, due, at: Instant::now() }).context("the polling task has ended")?;
        }
    }
}

/// Polls one ticket after the other, each until it is locked.
async fn look(
    mut connection: Connection,
    plan: Arc<Plan>,
    hear: Arc<Mutex<mpsc::UnboundedReceiver<Answered>>>,
) -> Result<(Tally, Tally)> {
    let (mut locked, mut after_answer) = (Tally::new(), Tally::new());
    loop {
        let heard = hear.lock().await.recv().await;
        let Some(Answered { number, due, at }) = heard else { return Ok((locked, after_answer)) };
        while !is_held(connection.exchange(&plan.looks[number]).await?.body) {
            ensure!(at.elapsed() < PATIENCE, "a ticket was not locked {PATIENCE:?} after its order");
            tokio::time::sleep(LOOK).await;
        }
        locked.note(200, due.elapsed());
        after_answer.note(200, at.elapsed());
    }
}
