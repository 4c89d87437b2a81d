use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::stage::Stage;
use crate::load::{Connection, get, on_own_thread, open_loop};
use crate::report::{Figure, Unit};
use crate::system::{ServiceName, Share};

/// The number of listeners.
const LISTENERS: usize = 1000;
/// The rate of orders; each event is sent to all listeners.
const PER_SECOND: u32 = 100;
/// The beginning of the event that announces a locked ticket.
const LOCKED: &[u8] = b"event: locked";
/// How long to wait for more events after the last order.
const SILENCE: Duration = Duration::from_secs(3);
/// How long it may take until all are connected.
const PATIENCE: Duration = Duration::from_secs(30);

/// Many clients follow the live feed while orders arrive at a fixed rate.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let engine = stage.system.engine;
    let count = stage.scale.arrivals.as_secs() as usize * PER_SECOND as usize;
    let tickets = stage.tickets(count).await?;
    let requests = stage.orders(&tickets);
    let (orders, live) = (stage.system.address(ServiceName::Orders), stage.system.address(ServiceName::Tickets));
    let (listening, heard) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (end, ended) = oneshot::channel();
    let listeners = tokio::spawn(on_own_thread({
        let (listening, heard) = (listening.clone(), heard.clone());
        move || listen_all(live, listening, heard, ended)
    }));
    until(&listening, LISTENERS as u64).await?;
    let (meter, began) = (stage.meter()?, Instant::now());
    let answers = open_loop(orders, 64, PER_SECOND, requests).await?;
    answers.all(201).context("ordering")?;
    let all = (count * LISTENERS) as u64;
    let took = until_silent(&heard, all, began).await;
    let sent = heard.load(Ordering::Relaxed);
    let deliveries: Vec<Share> = meter.shares(sent)?;
    // Fails only if they have ended, and then the next line reports why.
    let _ = end.send(());
    listeners.await.context("the listeners")??;
    let name = format!("events sent to {LISTENERS} listeners, {PER_SECOND} orders/s");
    let figure = Figure::new("live-events", name, Unit::PerSecond, sent as f64 / took.as_secs_f64());
    let note = format!("{sent} of {all} events sent; a listener too far behind is asked to reload instead");
    let name = format!("order answered, p99 while {LISTENERS} listen, {PER_SECOND} orders/s");
    let slowed = Figure::new("order-while-listening", name, Unit::Milliseconds, answers.percentiles().p99);
    Ok(vec![figure.costing(deliveries).noting(note).on(engine), slowed.latency(&answers).on(engine)])
}

async fn until(counter: &AtomicU64, wanted: u64) -> Result<()> {
    let began = Instant::now();
    while counter.load(Ordering::Relaxed) < wanted {
        ensure!(began.elapsed() < PATIENCE, "only {} of {wanted} listen", counter.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// When all events have been received, or the last of those that were.
async fn until_silent(heard: &AtomicU64, all: u64, began: Instant) -> Duration {
    let (mut last, mut changed) = (0, Instant::now());
    while last < all && changed.elapsed() < SILENCE {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let now = heard.load(Ordering::Relaxed);
        if now != last {
            (last, changed) = (now, Instant::now());
        }
    }
    changed - began
}

/// Listens until asked to stop, which closes the connections.
async fn listen_all(
    address: SocketAddr,
    listening: Arc<AtomicU64>,
    heard: Arc<AtomicU64>,
    end: oneshot::Receiver<()>,
) -> Result<()> {
    let mut listeners = JoinSet::new();
    for _ in 0..LISTENERS {
        listeners.spawn(listen(address, listening.clone(), heard.clone()));
    }
    tokio::select! {
        _ = end => Ok(()),
        Some(broken) = listeners.join_next() => broken.context("a listener")?,
    }
}

async fn listen(address: SocketAddr, listening: Arc<AtomicU64>, heard: Arc<AtomicU64>) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    connection.send(&get("/api/tickets/live", None)).await?;
    let (mut counter, mut begun) = (Counter::default(), false);
    loop {
        let more = connection.more().await?;
        if !begun {
            begun = true;
            ensure!(more.starts_with(b"HTTP/1.1 200"), "a listener was refused: {}", String::from_utf8_lossy(more));
            listening.fetch_add(1, Ordering::Relaxed);
        }
        heard.fetch_add(counter.count(more), Ordering::Relaxed);
    }
}

/// Counts events in a stream that arrives in chunks of any size.
#[derive(Default)]
struct Counter {
    /// The end of the previous chunk, in which an event's name may begin.
    rest: Vec<u8>,
}

impl Counter {
    fn count(&mut self, piece: &[u8]) -> u64 {
        self.rest.extend_from_slice(piece);
        let found = memchr::memmem::find_iter(&self.rest, LOCKED).count() as u64;
        // Shorter than a name, so that none is counted twice.
        let kept = self.rest.len().min(LOCKED.len() - 1);
        self.rest.drain(..self.rest.len() - kept);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_once_wherever_the_stream_is_cut() {
        let stream = b": live\n\nevent: locked\nid: 1\n\nevent: sold\nid: 2\n\nevent: locked\nid: 3\n\n";
        for length in 1..stream.len() {
            let mut counter = Counter::default();
            let counted: u64 = stream.chunks(length).map(|piece| counter.count(piece)).sum();
            assert_eq!(counted, 2, "in pieces of {length}");
        }
    }
}
