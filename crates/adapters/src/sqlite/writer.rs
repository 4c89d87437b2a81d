use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use ports::batches::{Batches, Linger, batches};
use ports::store::{Collection, Condition, Conflict, OutboxKey, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::cache::RecordCache;
use super::commit::{self, PreparedCommit};
use super::database::{Database, locked};
use super::error::store_error;
use super::{outbox, purge, schema};

/// At most this many writes share a transaction, so that the first of them does not wait long.
const GROUP: usize = 512;
/// How long a transaction waits for more writes while they are frequent. A transaction's sync and the
/// pages its writes have in common cost the same, however many writes share them.
const LINGER: Linger = Linger::WhileBusy(Duration::from_millis(1));

/// One write.
pub(super) enum Write {
    Commit(Box<PreparedCommit>),
    MarkPublished { collection: &'static Collection, events: Vec<OutboxKey> },
    Purge { collection: &'static Collection, conditions: Vec<Condition> },
    Ping,
}

/// The outcome of one write, which does not affect the others in its group: the number of records it
/// touched, or why it was refused.
pub(super) type Outcome = Result<u64, Conflict>;

enum Job {
    Write(Write, Reply<u64>),
    Prepare(Vec<&'static Collection>, Reply<()>),
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// Does the writes.
pub(super) enum Writer {
    /// A thread, which waits for the disk on behalf of many.
    Thread(WriterThread),
    /// The caller: in memory there is no disk to wait for.
    Caller(Target),
}

/// Where writes go: the database, and then the cache.
#[derive(Clone)]
pub(super) struct Target {
    connection: Arc<Mutex<Connection>>,
    cache: RecordCache,
}

/// The thread that writes, and its queue.
pub(super) struct WriterThread {
    jobs: Option<UnboundedSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Target {
    pub(super) fn new(database: &Database, cache: &RecordCache) -> Self {
        Self { connection: database.writer(), cache: cache.clone() }
    }

    fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        schema::prepare(&mut locked(&self.connection), collections)
    }

    /// Writes everything in one transaction, and updates the cache.
    fn write(&self, writes: &[Write]) -> Result<Vec<Outcome>, rusqlite::Error> {
        let mut connection = locked(&self.connection);
        match write_all(&mut connection, writes) {
            Ok(outcomes) => {
                for (write, outcome) in writes.iter().zip(&outcomes) {
                    self.update_cache(write, outcome);
                }
                Ok(outcomes)
            }
            Err(error) => {
                tracing::error!(%error, writes = writes.len(), "a group of writes failed");
                self.cache.clear();
                Err(error)
            }
        }
    }

    fn update_cache(&self, write: &Write, outcome: &Outcome) {
        match write {
            Write::Commit(commit) if outcome.is_ok() => commit.update_cache(&self.cache),
            Write::Purge { .. } => self.cache.clear(),
            Write::Commit(_) | Write::MarkPublished { .. } | Write::Ping => {}
        }
    }
}

impl Writer {
    pub(super) fn on_thread(target: Target) -> Result<Self, StoreError> {
        WriterThread::start(target).map(Self::Thread)
    }

    /// Returns once the write is durable.
    pub(super) async fn write(&self, write: Write) -> Result<u64, StoreError> {
        match self {
            Self::Thread(thread) => thread.submit(|reply| Job::Write(write, reply)).await,
            Self::Caller(target) => {
                let outcomes = target.write(&[write]).map_err(|error| store_error(&error));
                let outcome = outcomes?.pop().unwrap_or(Ok(0));
                outcome.map_err(StoreError::Conflict)
            }
        }
    }

    pub(super) async fn prepare(&self, collections: Vec<&'static Collection>) -> Result<(), StoreError> {
        match self {
            Self::Thread(thread) => thread.submit(|reply| Job::Prepare(collections, reply)).await,
            Self::Caller(target) => target.prepare(&collections),
        }
    }
}

impl WriterThread {
    fn start(target: Target) -> Result<Self, StoreError> {
        let (jobs, queue) = batches(GROUP, LINGER);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run(&target, queue))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    async fn submit<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let stopped = || StoreError::Unavailable("the writer has stopped".into());
        let (reply, outcome) = oneshot::channel();
        self.jobs.as_ref().ok_or_else(stopped)?.send(job(reply)).map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())?
    }
}

impl Drop for WriterThread {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // It only fails if the thread panicked, which has been reported by then.
            let _ = thread.join();
        }
    }
}

/// Works until every sender is gone and the queue is empty.
fn run(target: &Target, mut queue: Batches<Job>) {
    while let Some(jobs) = queue.next_blocking() {
        let (mut writes, mut replies) = (Vec::new(), Vec::new());
        for job in jobs {
            match job {
                Job::Write(write, reply) => {
                    writes.push(write);
                    replies.push(reply);
                }
                Job::Prepare(collections, reply) => {
                    let _ = reply.send(target.prepare(&collections));
                }
            }
        }
        send_replies(replies, target.write(&writes));
    }
}

/// Sends each caller its outcome, or all the same failure if the transaction as a whole failed.
///
/// A caller may have stopped waiting; its write is valid all the same.
fn send_replies(replies: Vec<Reply<u64>>, outcomes: Result<Vec<Outcome>, rusqlite::Error>) {
    match outcomes {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                let _ = reply.send(outcome.map_err(StoreError::Conflict));
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(store_error(&error)));
            }
        }
    }
}

/// Writes everything in one transaction.
fn write_all(connection: &mut Connection, writes: &[Write]) -> Result<Vec<Outcome>, rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcomes = writes.iter().map(|write| apply(&transaction, write)).collect::<Result<Vec<_>, _>>()?;
    transaction.commit()?;
    Ok(outcomes)
}

/// An error here undoes the whole group; a conflict undoes this write alone.
fn apply(transaction: &Transaction, write: &Write) -> Result<Outcome, rusqlite::Error> {
    match write {
        Write::Commit(commit) => commit::apply(transaction, commit),
        Write::MarkPublished { collection, events } => outbox::clear(transaction, collection, events).map(Ok),
        Write::Purge { collection, conditions } => purge::apply(transaction, collection, conditions).map(Ok),
        Write::Ping => Ok(Ok(0)),
    }
}
