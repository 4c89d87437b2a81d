use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::on_own_thread;
use super::tally::Tally;

/// How many requests to send.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// Every request once.
    Each(Arc<Vec<Bytes>>),
    /// The requests repeatedly, for so long.
    Repeat(Arc<Vec<Bytes>>, Duration),
}

/// A closed-loop load: a fixed number of connections, each of which sends its next request when it has
/// received the previous response.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// The server's address.
    pub(crate) address: SocketAddr,
    /// The number of connections.
    pub(crate) connections: usize,
    /// The requests.
    pub(crate) source: Source,
    /// Whether to keep the bodies of the responses.
    pub(crate) keep: bool,
    /// The status without which a response ends the load.
    pub(crate) only: Option<u16>,
}

impl Job {
    /// Every request once.
    pub(crate) fn each(address: SocketAddr, connections: usize, requests: Vec<Bytes>) -> Self {
        Self { address, connections, source: Source::Each(Arc::new(requests)), keep: false, only: None }
    }

    /// The requests repeatedly, for so long.
    pub(crate) fn repeat(address: SocketAddr, connections: usize, requests: Vec<Bytes>, time: Duration) -> Self {
        Self { address, connections, source: Source::Repeat(Arc::new(requests), time), keep: false, only: None }
    }

    /// Keeps the bodies of the responses.
    pub(crate) fn keeping(self) -> Self {
        Self { keep: true, ..self }
    }

    /// Ends the load with the first response of another status.
    pub(crate) fn only(self, status: u16) -> Self {
        Self { only: Some(status), ..self }
    }
}

impl Source {
    /// The request with this number, unless there are no more or the time is up.
    fn get(&self, number: usize, began: Instant) -> Option<&Bytes> {
        match self {
            Self::Each(requests) => requests.get(number),
            Self::Repeat(requests, time) if began.elapsed() < *time => requests.get(number % requests.len()),
            Self::Repeat(..) => None,
        }
    }
}

/// Runs the load. The bodies, if they are kept, are in no particular order.
///
/// # Errors
/// If a connection breaks, or a response has a status that ends the load.
pub(crate) async fn closed_loop(job: Job) -> Result<(Tally, Vec<Bytes>)> {
    on_own_thread(|| run(job)).await
}

async fn run(job: Job) -> Result<(Tally, Vec<Bytes>)> {
    let opened = (0..job.connections).map(|_| Connection::open(job.address));
    let connections = futures::future::try_join_all(opened).await?;
    let (job, next, began) = (Arc::new(job), Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for connection in connections {
        tasks.spawn(one_after_the_other(connection, job.clone(), next.clone(), began));
    }
    let (mut tally, mut bodies) = (Tally::new(), Vec::new());
    while let Some(part) = tasks.join_next().await {
        let (part, kept) = part.context("a connection's task")??;
        tally.add(&part);
        bodies.extend(kept);
    }
    Ok((tally, bodies))
}

async fn one_after_the_other(
    mut connection: Connection,
    job: Arc<Job>,
    next: Arc<AtomicUsize>,
    began: Instant,
) -> Result<(Tally, Vec<Bytes>)> {
    let (mut tally, mut bodies) = (Tally::new(), Vec::new());
    while let Some(request) = job.source.get(next.fetch_add(1, Ordering::Relaxed), began) {
        let sent = Instant::now();
        let answer = connection.exchange(request).await?;
        tally.note(answer.status, sent.elapsed());
        if let Some(status) = job.only {
            ensure!(answer.status == status, "expected {status}; came {answer}");
        }
        if job.keep {
            bodies.push(Bytes::copy_from_slice(answer.body));
        }
        tally.elapsed = began.elapsed();
    }
    Ok((tally, bodies))
}
