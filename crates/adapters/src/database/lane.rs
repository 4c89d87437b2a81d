//! Threads that read, each on a connection of its own, and the queue in front of them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ports::store::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

/// After how many of SQLite's instructions it is looked at the time again: some 20 µs.
const INSTRUCTIONS: i32 = 2000;

/// What a lane allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct LaneLimits {
    /// How many reads may wait.
    pub(super) waiting: usize,
    /// How long each of them may wait.
    pub(super) patience: Duration,
    /// How long a read may take then.
    pub(super) budget: Duration,
    /// By how much the threads give way to others: the `nice` value of Unix.
    pub(super) niceness: i32,
}

/// See the module's description. Dropping it ends the reads in progress.
pub(super) struct Lane {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

struct Queue {
    waiting: Mutex<VecDeque<Job>>,
    added: Condvar,
    is_closed: AtomicBool,
    limits: LaneLimits,
}

struct Job {
    since: Instant,
    work: Work,
}

/// What to do with the connection, or when the read has waited for too long.
type Work = Box<dyn FnOnce(Result<&Connection, StoreError>) + Send>;

impl Lane {
    /// A lane with a thread for each of these connections.
    pub(super) fn start(name: &str, connections: Vec<Connection>, limits: LaneLimits) -> Result<Self, StoreError> {
        let (waiting, added, is_closed) = (Mutex::default(), Condvar::new(), AtomicBool::new(false));
        let queue = Arc::new(Queue { waiting, added, is_closed, limits });
        let mut lane = Self { queue, threads: Vec::with_capacity(connections.len()) };
        for connection in connections {
            let queue = lane.queue.clone();
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || run(queue, connection));
            lane.threads.push(thread.map_err(|error| StoreError::Unavailable(error.to_string()))?);
        }
        Ok(lane)
    }

    /// Has a thread do this, also before the outcome is waited for. It is not begun any more if the caller has dropped
    /// that by then.
    pub(super) fn read<T, F>(&self, work: F) -> impl Future<Output = Result<T, StoreError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        let work = move |connection: Result<&Connection, StoreError>| {
            if !reply.is_closed() {
                let _ = reply.send(connection.and_then(work));
            }
        };
        let queued = self.queue.push(Job { since: Instant::now(), work: Box::new(work) });
        async move {
            queued?;
            outcome.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the reader has stopped".into())))
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // It only fails if the thread panicked, which has been reported by then.
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn push(&self, job: Job) -> Result<(), StoreError> {
        let mut waiting = self.lock();
        if waiting.len() >= self.limits.waiting {
            return Err(StoreError::OverBudget("too many wait already"));
        }
        waiting.push_back(job);
        drop(waiting);
        self.added.notify_one();
        Ok(())
    }

    /// The next one, as soon as there is one; `None` once the lane is dropped.
    fn next(&self) -> Option<Job> {
        let is_idle = |waiting: &mut VecDeque<Job>| waiting.is_empty() && !self.is_closed();
        let mut waiting = self.added.wait_while(self.lock(), is_idle).unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    }

    fn close(&self) {
        let mut waiting = self.lock();
        self.is_closed.store(true, Ordering::Relaxed);
        waiting.clear();
        drop(waiting);
        self.added.notify_all();
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(queue: Arc<Queue>, mut connection: Connection) {
    give_way(queue.limits.niceness);
    let deadline = match Deadline::watch(&mut connection, queue.clone()) {
        Ok(deadline) => deadline,
        Err(error) => return tracing::error!(%error, "reads cannot be limited"),
    };
    while let Some(job) = queue.next() {
        if job.since.elapsed() > queue.limits.patience {
            (job.work)(Err(StoreError::OverBudget("it has waited for too long")));
        } else {
            deadline.set(queue.limits.budget);
            (job.work)(Ok(&connection));
        }
    }
}

/// When the read in progress is stopped, in milliseconds since `began`.
struct Deadline {
    began: Instant,
    at: Arc<AtomicU64>,
}

impl Deadline {
    /// Has SQLite stop what takes longer, or is in progress when the lane is dropped.
    fn watch(connection: &mut Connection, queue: Arc<Queue>) -> Result<Self, rusqlite::Error> {
        let deadline = Self { began: Instant::now(), at: Arc::default() };
        let (began, at) = (deadline.began, deadline.at.clone());
        let has_passed = move || u128::from(at.load(Ordering::Relaxed)) < began.elapsed().as_millis();
        connection.progress_handler(INSTRUCTIONS, Some(move || has_passed() || queue.is_closed()))?;
        Ok(deadline)
    }

    fn set(&self, budget: Duration) {
        let at = (self.began.elapsed() + budget).as_millis();
        self.at.store(u64::try_from(at).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Linux counts niceness by thread; elsewhere this would slow down the whole process.
#[cfg(target_os = "linux")]
fn give_way(niceness: i32) {
    if niceness > 0
        && let Err(error) = rustix::process::nice(niceness)
    {
        tracing::warn!(%error, "searches compete with everything else");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way(_: i32) {}

#[cfg(test)]
mod tests;
