use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

/// At least so many places are freed at once, as a share of all, so that to find the ones that have
/// been used least is not done again for each of many who come.
const SHARE: usize = 64;

/// The connections a server has room for.
///
/// When all places are taken, those lose theirs who have not asked for anything for the longest time.
/// To refuse newcomers instead would let anybody who holds all places idly keep everybody else out.
/// Whoever follows a stream can lose their place too; browsers connect again by themselves.
#[derive(Clone)]
pub(super) struct Places(Arc<Inner>);

struct Inner {
    limit: usize,
    opened: Instant,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    last_number: u64,
    places: HashMap<u64, Arc<Held>>,
}

struct Held {
    /// When it was used last, in microseconds since the server was opened.
    used: AtomicU64,
    lost: CancellationToken,
}

/// The place of one connection; free again when the last clone is dropped.
#[derive(Clone)]
pub(super) struct Place(Arc<Tenancy>);

struct Tenancy {
    number: u64,
    held: Arc<Held>,
    places: Places,
}

impl Places {
    /// So many, all free; one at least.
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Inner { limit: limit.max(1), opened: Instant::now(), taken: Mutex::default() }))
    }

    /// A place, which somebody else may have lost just now.
    pub(super) fn take(&self) -> Place {
        let held = Arc::new(Held { used: AtomicU64::new(self.now()), lost: CancellationToken::new() });
        let mut taken = self.taken();
        if taken.places.len() >= self.0.limit {
            let freed = taken.make_room();
            metrics::counter!("http_connections_given_up_total").increment(freed);
        }
        taken.last_number += 1;
        let number = taken.last_number;
        taken.places.insert(number, held.clone());
        Place(Arc::new(Tenancy { number, held, places: self.clone() }))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.opened.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Nothing that is done under the lock leaves it half done.
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Takes their places from those who have used them least recently, and tells how many.
    fn make_room(&mut self) -> u64 {
        let count = (self.places.len() / SHARE).max(1);
        let mut by_use: Vec<(u64, u64)> =
            self.places.iter().map(|(number, held)| (held.used.load(Ordering::Relaxed), *number)).collect();
        by_use.select_nth_unstable(count - 1);
        for (_, number) in &by_use[..count] {
            if let Some(held) = self.places.remove(number) {
                held.lost.cancel();
            }
        }
        count as u64
    }
}

impl Place {
    /// It is in use: others lose theirs first.
    pub(super) fn use_it(&self) {
        self.0.held.used.store(self.0.places.now(), Ordering::Relaxed);
    }

    /// Returns when it has been lost to somebody else.
    pub(super) async fn is_lost(&self) {
        self.0.held.lost.cancelled().await;
    }
}

impl Drop for Tenancy {
    fn drop(&mut self) {
        self.places.taken().places.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_lost(place: &Place) -> bool {
        place.0.held.lost.is_cancelled()
    }

    fn used_at(places: &Places, moment: u64) -> Place {
        let place = places.take();
        place.0.held.used.store(moment, Ordering::Relaxed);
        place
    }

    #[test]
    fn whoever_comes_when_all_places_are_taken_gets_that_of_the_one_who_asked_for_nothing_longest() {
        let places = Places::new(3);
        let all = [used_at(&places, 3), used_at(&places, 1), used_at(&places, 2)];
        let newcomer = places.take();
        assert_eq!(all.each_ref().map(has_lost), [false, true, false]);
        assert!(!has_lost(&newcomer));
        all[2].use_it();
        newcomer.0.held.used.store(0, Ordering::Relaxed);
        let _another = places.take();
        assert_eq!((has_lost(&all[0]), has_lost(&all[2]), has_lost(&newcomer)), (false, false, true));
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_is_gone() {
        let places = Places::new(2);
        let stays = used_at(&places, 0);
        for _ in 0..10 {
            drop(places.take());
        }
        assert!(!has_lost(&stays));
        assert_eq!(places.taken().places.len(), 1);
    }

    #[test]
    fn of_many_places_some_are_freed_at_once() {
        let places = Places::new(128);
        let all: Vec<_> = (0..128).map(|moment| used_at(&places, moment)).collect();
        let _newcomer = places.take();
        let lost: Vec<usize> = (0..128).filter(|number| has_lost(&all[*number])).collect();
        assert_eq!(lost, [0, 1]);
        assert_eq!(places.taken().places.len(), 127);
    }
}
