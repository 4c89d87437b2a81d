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

/// Makes the request with this number.
type Make = dyn Fn(usize) -> Bytes + Send + Sync;
/// Looks at what was answered to the request with this number.
type Check = dyn Fn(usize, &[u8]) -> Result<()> + Send + Sync;

/// How many requests to send.
#[derive(Clone)]
pub(crate) enum Source {
    /// Every request once.
    Each(Arc<Vec<Bytes>>),
    /// The requests repeatedly, for so long.
    Repeat(Arc<Vec<Bytes>>, Duration),
    /// So many requests, each made just before it is sent: together they are too large to be kept.
    Made(usize, Arc<Make>),
}

/// A closed-loop load: a fixed number of connections, each of which sends its next request when it has
/// received the previous response.
#[derive(Clone)]
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
    /// What every body has to pass.
    check: Option<Arc<Check>>,
}

impl Job {
    /// Every request once.
    pub(crate) fn each(address: SocketAddr, connections: usize, requests: Vec<Bytes>) -> Self {
        Self::of(address, connections, Source::Each(Arc::new(requests)))
    }

    /// The requests repeatedly, for so long.
    pub(crate) fn repeat(address: SocketAddr, connections: usize, requests: Vec<Bytes>, time: Duration) -> Self {
        Self::of(address, connections, Source::Repeat(Arc::new(requests), time))
    }

    /// So many requests, each made when its turn comes.
    pub(crate) fn made(
        address: SocketAddr,
        connections: usize,
        count: usize,
        make: impl Fn(usize) -> Bytes + Send + Sync + 'static,
    ) -> Self {
        Self::of(address, connections, Source::Made(count, Arc::new(make)))
    }

    fn of(address: SocketAddr, connections: usize, source: Source) -> Self {
        Self { address, connections, source, keep: false, only: None, check: None }
    }

    /// Keeps the bodies of the responses.
    pub(crate) fn keeping(self) -> Self {
        Self { keep: true, ..self }
    }

    /// Ends the load with the first body that does not pass.
    pub(crate) fn checking(self, check: impl Fn(usize, &[u8]) -> Result<()> + Send + Sync + 'static) -> Self {
        Self { check: Some(Arc::new(check)), ..self }
    }

    /// Ends the load with the first response of another status.
    pub(crate) fn only(self, status: u16) -> Self {
        Self { only: Some(status), ..self }
    }
}

impl Source {
    /// The request with this number, unless there are no more or the time is up.
    fn get(&self, number: usize, began: Instant) -> Option<Bytes> {
        match self {
            Self::Each(requests) => requests.get(number).cloned(),
            Self::Repeat(requests, time) if began.elapsed() < *time => requests.get(number % requests.len()).cloned(),
            Self::Made(count, make) if number < *count => Some(make(number)),
            Self::Repeat(..) | Self::Made(..) => None,
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
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = job.source.get(number, began) else { break };
        let sent = Instant::now();
        let answer = connection.exchange(&request).await?;
        tally.note(answer.status, sent.elapsed());
        if let Some(status) = job.only {
            ensure!(answer.status == status, "expected {status}; came {answer}");
        }
        if let Some(check) = &job.check {
            check(number, answer.body)?;
        }
        if job.keep {
            bodies.push(Bytes::copy_from_slice(answer.body));
        }
        tally.elapsed = began.elapsed();
    }
    Ok((tally, bodies))
}
