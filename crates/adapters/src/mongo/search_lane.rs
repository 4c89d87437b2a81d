use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ports::store::{ReadLimits, StoreError};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::searches::searches_at_once;

/// The queue of the searches.
///
/// Few run at once, and each is followed by a pause as long as it took. MongoDB has no priorities: without the pauses,
/// searchers who never stop would have one core for each search, and everybody else would take turns on the others.
pub(super) struct SearchLane {
    places: Semaphore,
    running: Semaphore,
    /// Until when each of those that may run, and do not, pauses.
    pauses: Mutex<Vec<Instant>>,
    patience: Duration,
}

/// A search in progress.
pub(super) struct Search<'a> {
    lane: &'a SearchLane,
    /// When the pause before it is over: it begins then.
    began: Instant,
    _running: SemaphorePermit<'a>,
    _place: SemaphorePermit<'a>,
}

impl SearchLane {
    pub(super) fn new(limits: &ReadLimits) -> Self {
        let at_once = searches_at_once(limits);
        Self {
            places: Semaphore::new(at_once + limits.searches_waiting),
            running: Semaphore::new(at_once),
            pauses: Mutex::new(vec![Instant::now(); at_once]),
            patience: limits.search_patience,
        }
    }

    /// Returns when the search may begin.
    pub(super) async fn enter(&self) -> Result<Search<'_>, StoreError> {
        let place = self.places.try_acquire().map_err(|_| StoreError::OverBudget("too many wait already"))?;
        let begin = async {
            let running = self.running.acquire().await.ok()?;
            let began = self.shortest_pause().max(Instant::now());
            let search = Search { lane: self, began, _running: running, _place: place };
            tokio::time::sleep_until(began).await;
            Some(search)
        };
        let begun = tokio::time::timeout(self.patience, begin).await;
        begun.ok().flatten().ok_or(StoreError::OverBudget("it has waited for too long"))
    }

    fn shortest_pause(&self) -> Instant {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.sort_unstable_by(|a, b| b.cmp(a));
        pauses.pop().unwrap_or_else(Instant::now)
    }
}

impl Drop for Search<'_> {
    fn drop(&mut self) {
        // Nothing was searched if it was given up in the pause before it.
        let took = self.began.elapsed();
        let until = self.began.max(Instant::now()) + took;
        self.lane.pauses.lock().unwrap_or_else(PoisonError::into_inner).push(until);
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    fn lane(at_once: usize, waiting: usize) -> SearchLane {
        let searches_at_once = NonZeroUsize::new(at_once);
        SearchLane::new(&ReadLimits { searches_at_once, searches_waiting: waiting, ..ReadLimits::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn few_run_at_once_few_wait_and_none_for_long() {
        let lane = lane(3, 5);
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

    #[tokio::test(start_paused = true)]
    async fn searchers_who_never_stop_have_half_of_the_time() {
        let lane = lane(1, 8);
        let began = Instant::now();
        for took in [100, 20, 60].map(Duration::from_millis) {
            let search = lane.enter().await.expect("may begin");
            tokio::time::sleep(took).await;
            drop(search);
        }
        drop(lane.enter().await.expect("may begin"));
        assert_eq!(began.elapsed(), Duration::from_millis(360));
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_in_a_pause_neither_shortens_nor_prolongs_it() {
        let lane = lane(1, 8);
        let began = Instant::now();
        let search = lane.enter().await.expect("may begin");
        tokio::time::sleep(Duration::from_secs(3)).await;
        drop(search);
        assert!(lane.enter().await.is_err(), "the pause is longer than its patience");
        drop(lane.enter().await.expect("the rest of the pause is short"));
        assert_eq!(began.elapsed(), Duration::from_secs(6));
    }
}
