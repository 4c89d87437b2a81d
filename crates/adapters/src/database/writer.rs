use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ports::batches::{Batches, Linger, batches};
use ports::store::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::error::WriteFailed;
use super::memory::{Memory, locked};

/// At most this many pieces of work share a transaction, so that the first of them does not wait long.
const GROUP: usize = 512;
/// How long a transaction waits for more work. An event begins work in several services at the same moment: without the
/// pause the first of them has a sync to itself, for which all others wait (an order was shown as locked after 15 ms
/// instead of 10, where a sync takes 4).
const LINGER: Linger = Linger::Always(Duration::from_micros(400));
/// How long work that no task waits for may be deferred, so that it shares a transaction.
const LAZY: Duration = Duration::from_millis(50);
/// From which age on it joins the next transaction, instead of waiting for others like it.
const JOINS: Duration = Duration::from_millis(25);

/// How long the writer waits before it tries again to begin a transaction. While others have the file, SQLite waits by
/// itself.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What is to be done after the transaction, given whether it was committed, and before anything is done after
/// later ones.
pub(crate) type AfterCommit = Box<dyn FnOnce(&Result<(), WriteFailed>) + Send>;
/// Work inside a transaction. Others may share the transaction, so it handles its own failures: each statement that
/// fails leaves no trace, and where that is not enough it undoes everything ([`undo`]).
type Work = Box<dyn FnOnce(&Connection) -> AfterCommit + Send>;

/// Does the writes, in the order in which they are submitted.
pub(crate) struct Writer {
    target: Arc<Target>,
    /// Waits for the disk on behalf of many; `None` in memory, where there is no disk and the caller writes.
    thread: Option<WriterThread>,
}

/// Where writes go.
struct Target {
    memory: Memory,
    number: u64,
    deferred: Mutex<Deferred>,
    /// Whether work that cannot be begun waits until it can.
    waits: AtomicBool,
}

/// Work that nobody waits for.
#[derive(Default)]
struct Deferred {
    work: Vec<Work>,
    since: Option<Instant>,
    /// How often it has been done.
    round: u64,
}

struct WriterThread {
    jobs: Option<UnboundedSender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// A writer with a thread.
    pub(super) fn on_thread(memory: &Memory) -> Result<Self, StoreError> {
        let target = Target::new(memory, true);
        let thread = WriterThread::start(target.clone()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { target, thread: Some(thread) })
    }

    /// A writer without a thread.
    pub(super) fn in_memory(memory: &Memory) -> Self {
        Self { target: Target::new(memory, false), thread: None }
    }

    /// Does `work` in the next transaction.
    pub(crate) fn submit(&self, work: impl FnOnce(&Connection) -> AfterCommit + Send + 'static) {
        match &self.thread {
            Some(thread) => thread.send(Box::new(work)),
            None => self.target.write(vec![Box::new(work)]),
        }
    }

    /// Does `work` in a transaction within [`LAZY`], or when the writer ends.
    pub(crate) fn submit_lazily(self: &Arc<Self>, work: impl FnOnce(&Connection) -> AfterCommit + Send + 'static) {
        let mut deferred = locked(&self.target.deferred);
        deferred.work.push(Box::new(work));
        if deferred.work.len() > 1 {
            return;
        }
        deferred.since = Some(Instant::now());
        let (this, round) = (Arc::downgrade(self), deferred.round);
        tokio::spawn(async move {
            tokio::time::sleep(LAZY).await;
            if let Some(this) = this.upgrade() {
                this.flush(round);
            }
        });
    }

    /// Does the deferred work, if it has not been done since that round.
    fn flush(&self, round: u64) {
        let mut deferred = locked(&self.target.deferred);
        if deferred.round != round {
            return;
        }
        let group = deferred.take();
        drop(deferred);
        match &self.thread {
            Some(thread) => group.into_iter().for_each(|work| thread.send(work)),
            None => self.target.write(group),
        }
    }

    /// Does `work` and returns its result once it is committed.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, WriteFailed> {
        self.run_then(work, |_| {}).await
    }

    /// Like [`Writer::run`], but also calls `then` right after the transaction, before what is done after later
    /// work.
    pub(crate) async fn run_then<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        then: impl FnOnce(&mut Result<T, WriteFailed>) + Send + 'static,
    ) -> Result<T, WriteFailed> {
        let (sender, outcome) = oneshot::channel();
        self.submit(move |db| {
            let result = work(db);
            Box::new(move |committed| {
                let result = result.map_err(|error| WriteFailed::from(&error));
                let mut result = result.and_then(|value| committed.clone().map(|()| value));
                then(&mut result);
                // The caller may have stopped waiting; what was written is valid all the same.
                let _ = sender.send(result);
            })
        });
        outcome.await.unwrap_or_else(|_| Err(WriteFailed::not_begun()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread does what it has, if it can be begun, and ends; then the file is free.
        self.target.waits.store(false, Ordering::Relaxed);
        self.thread = None;
        let group = locked(&self.target.deferred).take();
        self.target.write(group);
    }
}

impl Deferred {
    fn take(&mut self) -> Vec<Work> {
        self.round += 1;
        self.since = None;
        std::mem::take(&mut self.work)
    }
}

impl Target {
    fn new(memory: &Memory, waits: bool) -> Arc<Self> {
        let (number, memory) = (memory.take_over(), memory.clone());
        Arc::new(Self { number, memory, deferred: Mutex::default(), waits: AtomicBool::new(waits) })
    }

    /// Does all of it in one transaction; in several, if one is undone on the way.
    fn write(&self, group: Vec<Work>) {
        let mut rest = group.into_iter();
        while rest.len() > 0 {
            let db = locked(self.memory.connection());
            if !self.memory.is_owned_by(self.number) {
                // Dropping the work reports the failure to the tasks that wait for it.
                return;
            }
            if let Err(error) = write_some(&db, &mut rest) {
                tracing::error!(%error, writes = rest.len(), "the database cannot begin a transaction");
                if !self.waits.load(Ordering::Relaxed) {
                    return;
                }
                drop(db);
                std::thread::sleep(AGAIN_AFTER);
            }
        }
    }

    /// The deferred work that joins a transaction now.
    fn joining(&self) -> Vec<Work> {
        let mut deferred = locked(&self.deferred);
        if deferred.since.is_some_and(|since| since.elapsed() >= JOINS) { deferred.take() } else { Vec::new() }
    }
}

impl WriterThread {
    fn start(target: Arc<Target>) -> std::io::Result<Self> {
        let (jobs, queue) = batches(GROUP, LINGER);
        let thread = std::thread::Builder::new().name("sqlite-writer".into()).spawn(move || run(&target, queue))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    fn send(&self, work: Work) {
        // The thread only ends before the writer does if it panicked; then the work is dropped,
        // and with it the channel that would have reported its result.
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(work);
        }
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
fn run(target: &Target, mut queue: Batches<Work>) {
    while let Some(mut group) = queue.next_blocking() {
        group.extend(target.joining());
        target.write(group);
    }
}

/// Undoes the transaction that the work is done in, with all other work that shares it: after a failure in the middle
/// of what must be all or nothing. Only a broken disk or database has such failures.
pub(crate) fn undo(db: &Connection, error: &rusqlite::Error) {
    tracing::error!(%error, "undoing a group of writes");
    // If SQLite has done so already, this fails.
    let _ = db.execute_batch("ROLLBACK");
}

/// Does work in one transaction until all is done, or the transaction is undone.
fn write_some(db: &Connection, work: &mut std::vec::IntoIter<Work>) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    let mut after_commits: Vec<AfterCommit> = Vec::with_capacity(work.len());
    for work in work {
        after_commits.push(work(&transaction));
        // SQLite undoes a transaction itself where it cannot continue it, as when the disk is full.
        if transaction.is_autocommit() {
            break;
        }
    }
    let committed = transaction.commit().map_err(|error| {
        tracing::error!(%error, writes = after_commits.len(), "a group of writes failed");
        WriteFailed::from(&error)
    });
    for after_commit in after_commits {
        after_commit(&committed);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
