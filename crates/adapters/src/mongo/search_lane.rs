use std::num::NonZeroUsize;
use std::time::Duration;

use ports::store::{ReadLimits, StoreError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many searches of this process run at once: whatever is searched for, the servers' other cores are left
/// to everybody else.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(4).unwrap();

/// The queue of the searches.
pub(super) struct SearchLane {
    places: Semaphore,
    running: Semaphore,
    patience: Duration,
}

/// A search in progress.
pub(super) struct Search<'a> {
    _running: SemaphorePermit<'a>,
    _place: SemaphorePermit<'a>,
}

impl SearchLane {
    pub(super) fn new(limits: &ReadLimits) -> Self {
        let at_once = limits.searches_at_once.unwrap_or(AT_ONCE).get();
        let places = at_once + limits.searches_waiting;
        Self { places: Semaphore::new(places), running: Semaphore::new(at_once), patience: limits.search_patience }
    }

    /// Returns when the search may begin.
    pub(super) async fn enter(&self) -> Result<Search<'_>, StoreError> {
        let place = self.places.try_acquire().map_err(|_| StoreError::OverBudget("too many wait already"))?;
        match tokio::time::timeout(self.patience, self.running.acquire()).await {
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
        let limits =
            ReadLimits { searches_at_once: NonZeroUsize::new(3), searches_waiting: 5, ..ReadLimits::default() };
        let lane = SearchLane::new(&limits);
        let mut running = Vec::new();
        for _ in 0..3 {
            running.push(lane.enter().await.expect("may begin"));
        }
        let waiting = futures::future::join_all((0..5).map(|_| lane.enter()));
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
