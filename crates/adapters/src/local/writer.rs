use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ports::bus::BusError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::lock;
use super::memory::{MemoryLog, MemoryWriter};

/// How long work that no task waits for may be deferred, so that it shares a commit.
pub(super) const LAZY: Duration = Duration::from_millis(50);
/// How many pieces of work are committed together at most.
const GROUP: usize = 512;

/// What is to be done after a commit, given whether it succeeded.
pub(super) type AfterCommit = Box<dyn FnOnce(bool) + Send>;
/// Work inside a transaction. Other work may share the transaction, so it handles its own failures
/// and has to be harmless when it was done only partly.
pub(super) type Work = Box<dyn FnOnce(&Connection) -> AfterCommit + Send>;

enum Job {
    Now(Work),
    Soon(Work),
}

/// Does the writes, in the order they are submitted.
pub(super) enum Writer {
    /// A thread, which waits for the disk on behalf of many.
    Thread(WriterThread),
    /// The caller: in memory there is no disk to wait for.
    Caller(Arc<MemoryWriter>),
}

/// The thread that owns the database. It does many pieces of work in one commit.
pub(super) struct WriterThread {
    jobs: std::sync::Mutex<Option<Sender<Job>>>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread on `db`.
    pub(super) fn on_thread(db: Connection) -> std::io::Result<Self> {
        WriterThread::start(db).map(Self::Thread)
    }

    /// Writes to `log` without a thread.
    pub(super) fn in_memory(log: &MemoryLog) -> Self {
        Self::Caller(Arc::new(MemoryWriter::new(log)))
    }

    /// Does `work` in the next commit.
    pub(super) fn submit(&self, work: impl FnOnce(&Connection) -> AfterCommit + Send + 'static) {
        match self {
            Self::Thread(thread) => thread.send(Job::Now(Box::new(work))),
            Self::Caller(writer) => writer.write(Box::new(work)),
        }
    }

    /// Does `work` in a commit within [`LAZY`].
    pub(super) fn submit_lazily(&self, work: impl FnOnce(&Connection) -> AfterCommit + Send + 'static) {
        match self {
            Self::Thread(thread) => thread.send(Job::Soon(Box::new(work))),
            Self::Caller(writer) => writer.write_lazily(Box::new(work)),
        }
    }

    /// Does `work` and returns its result once it is committed.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, BusError> {
        self.run_then(work, |_| {}).await
    }

    /// Like [`Writer::run`], but also calls `then` right after the commit, before any later work.
    pub(super) async fn run_then<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, BusError> {
        let (sender, outcome) = oneshot::channel();
        self.submit(move |db| {
            let result = work(db);
            Box::new(move |committed| {
                let result = match result {
                    Ok(_) if !committed => Err(not_committed()),
                    Ok(value) => {
                        then(&value);
                        Ok(value)
                    }
                    Err(error) => Err(unavailable(error)),
                };
                let _ = sender.send(result);
            })
        });
        outcome.await.unwrap_or_else(|_| Err(BusError::Unavailable("the log is closed".into())))
    }
}

impl WriterThread {
    fn start(db: Connection) -> std::io::Result<Self> {
        let (sender, jobs) = mpsc::channel();
        let thread = std::thread::Builder::new().name("local-bus".into()).spawn(move || work(&db, &jobs))?;
        Ok(Self { jobs: Some(sender).into(), thread: Some(thread).into() })
    }

    fn send(&self, job: Job) {
        // The thread only ends before the writer does if it panicked; then the work is dropped,
        // and with it the channel that would have reported its result.
        if let Some(jobs) = lock(&self.jobs).as_ref() {
            let _ = jobs.send(job);
        }
    }
}

impl Drop for WriterThread {
    fn drop(&mut self) {
        // The thread commits the work it has and ends; then the file is free.
        lock(&self.jobs).take();
        if let Some(thread) = lock(&self.thread).take() {
            let _ = thread.join();
        }
    }
}

/// A failure of the database as the port reports it.
pub(super) fn unavailable(error: impl std::fmt::Display) -> BusError {
    BusError::Unavailable(error.to_string())
}

/// The log could not be written, most likely for lack of space.
pub(super) fn not_committed() -> BusError {
    BusError::Unavailable("the log could not be written".into())
}

fn work(db: &Connection, jobs: &Receiver<Job>) {
    let (mut group, mut lazy): (Vec<Work>, Vec<Work>) = (Vec::new(), Vec::new());
    let mut lazy_due: Option<Instant> = None;
    loop {
        let first = match lazy_due {
            None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => jobs.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        let is_over = matches!(first, Err(RecvTimeoutError::Disconnected));
        for job in first.into_iter().chain(jobs.try_iter()).take(GROUP) {
            match job {
                Job::Now(work) => group.push(work),
                Job::Soon(work) => {
                    lazy_due.get_or_insert_with(|| Instant::now() + LAZY);
                    lazy.push(work);
                }
            }
        }
        if is_over || lazy_due.is_some_and(|due| due <= Instant::now()) {
            group.append(&mut lazy);
            lazy_due = None;
        }
        if !group.is_empty() {
            commit(db, group.drain(..));
        }
        if is_over {
            return;
        }
    }
}

/// Does all of it in one commit.
pub(super) fn commit(db: &Connection, group: impl Iterator<Item = Work>) {
    let transaction = match db.unchecked_transaction() {
        Ok(transaction) => transaction,
        Err(error) => {
            // Dropping the work reports the failure to the tasks that wait for it.
            tracing::error!(%error, "the log cannot begin a transaction");
            return;
        }
    };
    let after_commits: Vec<AfterCommit> = group.map(|work| work(&transaction)).collect();
    let committed = transaction.commit().inspect_err(|error| tracing::error!(%error, "the log cannot commit")).is_ok();
    for after_commit in after_commits {
        after_commit(committed);
    }
}
