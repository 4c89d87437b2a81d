use std::time::Duration;

use ports::store::StoreError;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many searches of this process run at once: whatever is searched for, the servers' other cores are left
/// to everybody else.
const AT_ONCE: usize = 4;
/// How many more may wait.
const WAITING: usize = 64;
/// How long each of them waits at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// The queue of the searches.
pub(super) struct SearchLane {
    places: Semaphore,
    running: Semaphore,
}

/// A search in progress.
pub(super) struct Search<'a> {
    _running: SemaphorePermit<'a>,
    _place: SemaphorePermit<'a>,
}

impl SearchLane {
    pub(super) fn new() -> Self {
        Self { places: Semaphore::new(AT_ONCE + WAITING), running: Semaphore::new(AT_ONCE) }
    }

    /// Returns when the search may begin.
    pub(super) async fn enter(&self) -> Result<Search<'_>, StoreError> {
        let place = self.places.try_acquire().map_err(|_| StoreError::OverBudget("too many wait already"))?;
        match tokio::time::timeout(PATIENCE, self.running.acquire()).await {
            Ok(Ok(running)) => Ok(Search { _running: running, _place: place }),
            Ok(Err(_)) | Err(_) => Err(StoreError::OverBudget("it has waited for too long")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn few_run_at_once_few_wait_and_none_for_long() {
        let lane = SearchLane::new();
        let mut running = Vec::new();
        for _ in 0..AT_ONCE {
            running.push(lane.enter().await.expect("may begin"));
        }
        let waiting = futures::future::join_all((0..WAITING).map(|_| lane.enter()));
        let mut waiting = std::pin::pin!(waiting);
        assert!(futures::poll!(&mut waiting).is_pending());
        assert!(matches!(lane.enter().await, Err(StoreError::OverBudget("too many wait already"))));
        running.pop();
        let outcomes = waiting.await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        drop(outcomes);
        lane.enter().await.expect("all others have given up");
    }
}
