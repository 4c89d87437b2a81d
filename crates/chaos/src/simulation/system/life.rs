use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio_util::sync::CancellationToken;

use crate::simulation::history::{History, HistoryEvent};
use crate::simulation::party::ProcessName;

/// One life of a process: from its start to its crash.
///
/// A process affects the outside only through its ports. So it is dead when its ports are: each of its tasks
/// hangs forever at its next call, or in its present one, and none of its code runs on, not even its
/// cleanup. That is what `kill -9` leaves.
pub(in crate::simulation) struct Life {
    process: ProcessName,
    history: History,
    dead: CancellationToken,
    /// The outside resources it holds, which are released when it dies.
    held: Mutex<Vec<Weak<dyn Release>>>,
}

/// A resource that is released when its holder dies.
trait Release: Send + Sync {
    fn release(&self);
}

/// An outside resource held by a life.
pub(in crate::simulation) struct Held<T>(Mutex<Option<T>>);

impl Life {
    pub(in crate::simulation) fn begin(process: ProcessName, history: History) -> Arc<Self> {
        Arc::new(Self { process, history, dead: CancellationToken::new(), held: Mutex::default() })
    }

    pub(in crate::simulation) fn process(&self) -> ProcessName {
        self.process
    }

    pub(in crate::simulation) fn is_dead(&self) -> bool {
        self.dead.is_cancelled()
    }

    /// Returns when it is dead.
    pub(in crate::simulation) async fn ended(&self) {
        self.dead.cancelled().await;
    }

    /// Ends it. `when` completes the sentence "it crashes …".
    pub(in crate::simulation) fn kill(&self, when: &str) {
        if self.is_dead() {
            return;
        }
        self.history.note(HistoryEvent::Crashed { process: self.process, when: when.to_owned() });
        self.dead.cancel();
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        for thing in held.iter().filter_map(Weak::upgrade) {
            thing.release();
        }
    }

    /// The result of `work`; `None` if the life ends first.
    pub(in crate::simulation) async fn during<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.dead.cancelled() => None,
            done = work => Some(done),
        }
    }

    /// Runs `work`, unless the life ends first: then this never returns, and the work is dropped.
    pub(in crate::simulation) async fn outlive<T>(&self, work: impl Future<Output = T>) -> T {
        match self.during(work).await {
            Some(done) => done,
            None => std::future::pending().await,
        }
    }

    /// Makes it hold a resource.
    pub(in crate::simulation) fn hold<T: Send + 'static>(&self, thing: T) -> Arc<Held<T>> {
        let held = Arc::new(Held(Mutex::new(Some(thing))));
        if self.is_dead() {
            held.take();
            return held;
        }
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > 512 {
            all.retain(|thing| thing.strong_count() > 0);
        }
        let weak: Weak<Held<T>> = Arc::downgrade(&held);
        all.push(weak);
        held
    }
}

impl<T> Held<T> {
    /// The resource, if it is still held.
    pub(in crate::simulation) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Takes it back.
    pub(in crate::simulation) fn put_back(&self, thing: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(thing);
    }
}

impl<T: Send> Release for Held<T> {
    fn release(&self) {
        self.take();
    }
}
