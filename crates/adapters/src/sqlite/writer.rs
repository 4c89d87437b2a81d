use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use common::store::{Collection, Condition, Conflict, PublishedEvent, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::commit::{self, PreparedCommit};
use super::database::locked;
use super::error::store_error;
use super::{outbox, purge, schema};

/// At most this many writes share a transaction, so that the first of them does not wait long.
const GROUP: usize = 512;
/// How long a transaction waits for more writes while they come in numbers. A transaction's sync and
/// the pages its writes have in common are paid once, however many writes share them.
const COMPANY: Duration = Duration::from_micros(500);

/// Something to be written.
pub(super) enum Write {
    Commit(Box<PreparedCommit>),
    MarkPublished { collection: &'static Collection, events: Vec<PublishedEvent> },
    Purge { collection: &'static Collection, conditions: Vec<Condition> },
    Ping,
}

/// What became of a write on which the others in its group do not depend: the number of records
/// it touched, or why it was refused.
pub(super) type Outcome = Result<u64, Conflict>;

enum Job {
    Write(Write, Reply<u64>),
    Prepare(Vec<&'static Collection>, Reply<()>),
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// Who writes.
pub(super) enum Writer {
    /// A thread, which waits for the disk on behalf of many.
    Thread(WriterThread),
    /// Whoever wants something written: in memory there is no disk to wait for.
    Caller(Arc<Mutex<Connection>>),
}

/// The thread that writes, and the queue before it.
pub(super) struct WriterThread {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn on_thread(connection: Arc<Mutex<Connection>>) -> Result<Self, StoreError> {
        WriterThread::start(connection).map(Self::Thread)
    }

    /// Returns once the write is durable.
    pub(super) async fn write(&self, write: Write) -> Result<u64, StoreError> {
        match self {
            Self::Thread(thread) => thread.submit(|reply| Job::Write(write, reply)).await,
            Self::Caller(connection) => write_one(&mut locked(connection), &write),
        }
    }

    pub(super) async fn prepare(&self, collections: Vec<&'static Collection>) -> Result<(), StoreError> {
        match self {
            Self::Thread(thread) => thread.submit(|reply| Job::Prepare(collections, reply)).await,
            Self::Caller(connection) => schema::prepare(&mut locked(connection), &collections),
        }
    }
}

impl WriterThread {
    fn start(connection: Arc<Mutex<Connection>>) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run(&connection, &queue))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    async fn submit<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let stopped = || StoreError::Unavailable("the writer has stopped".into());
        let (reply, answer) = oneshot::channel();
        self.jobs.as_ref().ok_or_else(stopped)?.send(job(reply)).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
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
fn run(connection: &Mutex<Connection>, queue: &Receiver<Job>) {
    let mut are_many = false;
    while let Ok(first) = queue.recv() {
        let mut group = Vec::new();
        if are_many {
            std::thread::sleep(COMPANY);
        }
        for job in std::iter::once(first).chain(queue.try_iter()).take(GROUP) {
            match job {
                Job::Write(write, reply) => group.push((write, reply)),
                Job::Prepare(collections, reply) => {
                    let _ = reply.send(schema::prepare(&mut locked(connection), &collections));
                }
            }
        }
        are_many = group.len() > 1;
        write_group(&mut locked(connection), group);
    }
}

/// Writes the group in one transaction and only then answers: each its own outcome, or all the
/// same failure if the transaction as a whole came to nothing.
///
/// Whoever asked may have stopped waiting; their writes stand all the same.
fn write_group(connection: &mut Connection, group: Vec<(Write, Reply<u64>)>) {
    let writes = group.iter().map(|(write, _)| write);
    match write_all(connection, writes) {
        Ok(outcomes) => {
            for ((_, reply), outcome) in group.into_iter().zip(outcomes) {
                let _ = reply.send(outcome.map_err(StoreError::Conflict));
            }
        }
        Err(error) => {
            tracing::error!(%error, writes = group.len(), "a group of writes failed");
            for (_, reply) in group {
                let _ = reply.send(Err(store_error(&error)));
            }
        }
    }
}

/// Writes and answers at once.
fn write_one(connection: &mut Connection, write: &Write) -> Result<u64, StoreError> {
    match write_all(connection, std::iter::once(write)) {
        Ok(mut outcomes) => outcomes.pop().unwrap_or(Ok(0)).map_err(StoreError::Conflict),
        Err(error) => {
            tracing::error!(%error, "a write failed");
            Err(store_error(&error))
        }
    }
}

/// Writes everything in one transaction.
fn write_all<'a>(
    connection: &mut Connection,
    writes: impl Iterator<Item = &'a Write>,
) -> Result<Vec<Outcome>, rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcomes = writes.map(|write| apply(&transaction, write)).collect::<Result<Vec<_>, _>>()?;
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
