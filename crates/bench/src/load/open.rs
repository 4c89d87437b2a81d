use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::on_own_thread;
use super::tally::Tally;

/// The delay before the first request, so that all connections can start.
const LEAD: Duration = Duration::from_millis(20);

/// Arrivals at a fixed rate, whether or not earlier requests have been answered: latency is measured from
/// the scheduled time, so that a stall counts for every request it delays.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    /// When the first request is due.
    pub(crate) began: Instant,
    /// How many are due each second.
    pub(crate) per_second: u32,
}

impl Schedule {
    /// A schedule that begins in a moment.
    pub(crate) fn starting(per_second: u32) -> Self {
        Self { began: Instant::now() + LEAD, per_second }
    }

    /// When the request with this number is due.
    pub(crate) fn due(&self, number: usize) -> Instant {
        let nanos = number as u64 * 1_000_000_000 / u64::from(self.per_second);
        self.began + Duration::from_nanos(nanos)
    }

    /// Waits until the request is due, and returns its scheduled time. Returns at once if that is past.
    pub(crate) async fn until_due(&self, number: usize) -> Instant {
        let due = self.due(number);
        if due > Instant::now() {
            tokio::time::sleep_until(due.into()).await;
        }
        due
    }
}

/// Sends every request once, at its scheduled time, over the next free connection.
///
/// # Errors
/// If a connection breaks.
pub(crate) async fn open_loop(
    address: SocketAddr,
    connections: usize,
    per_second: u32,
    requests: Vec<Bytes>,
) -> Result<Tally> {
    on_own_thread(move || run(address, connections, per_second, requests)).await
}

async fn run(address: SocketAddr, connections: usize, per_second: u32, requests: Vec<Bytes>) -> Result<Tally> {
    let opened = (0..connections).map(|_| Connection::open(address));
    let connections = futures::future::try_join_all(opened).await?;
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let (schedule, mut tasks) = (Schedule::starting(per_second), JoinSet::new());
    for connection in connections {
        tasks.spawn(as_they_are_due(connection, requests.clone(), next.clone(), schedule));
    }
    let mut tally = Tally::new();
    while let Some(part) = tasks.join_next().await {
        tally.add(&part.context("a connection's task")??);
    }
    Ok(tally)
}

async fn as_they_are_due(
    mut connection: Connection,
    requests: Arc<Vec<Bytes>>,
    next: Arc<AtomicUsize>,
    schedule: Schedule,
) -> Result<Tally> {
    let mut tally = Tally::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(number) else { return Ok(tally) };
        let due = schedule.until_due(number).await;
        let answer = connection.exchange(request).await?;
        tally.note(answer.status, due.elapsed());
        tally.elapsed = schedule.began.elapsed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_evenly_spaced_and_do_not_drift() {
        let schedule = Schedule { began: Instant::now(), per_second: 1000 };
        assert_eq!(schedule.due(0), schedule.began);
        assert_eq!(schedule.due(1) - schedule.began, Duration::from_millis(1));
        let odd = Schedule { per_second: 3, ..schedule };
        assert_eq!(odd.due(3_000_000) - odd.began, Duration::from_secs(1_000_000));
    }
}
