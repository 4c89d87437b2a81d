use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

/// One slot in this many is freed at once, so that the least recently used ones need not be searched
/// for again for each of many new connections.
const SHARE: usize = 64;

/// The connections a server has room for.
///
/// When all are occupied, the connections that have been idle longest lose theirs. Refusing new ones
/// instead would let a client that keeps all slots idle lock out all others. A client that follows a
/// live stream can lose its slot, too; browsers reconnect by themselves.
#[derive(Clone)]
pub(super) struct ConnectionSlots(Arc<Inner>);

struct Inner {
    limit: usize,
    opened: Instant,
    occupied: Mutex<Occupied>,
}

#[derive(Default)]
struct Occupied {
    last_number: u64,
    slots: HashMap<u64, Arc<SlotState>>,
}

struct SlotState {
    /// When it was last used, in microseconds since the server was opened.
    last_used: AtomicU64,
    revoked: CancellationToken,
}

/// The slot of one connection, which is free again when the last clone is dropped.
#[derive(Clone)]
pub(super) struct ConnectionSlot(Arc<Occupant>);

struct Occupant {
    number: u64,
    state: Arc<SlotState>,
    slots: ConnectionSlots,
}

impl ConnectionSlots {
    /// `limit` slots, all free; at least one.
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Inner { limit: limit.max(1), opened: Instant::now(), occupied: Mutex::default() }))
    }

    /// Takes a slot, which may be revoked from another connection for this.
    pub(super) fn take(&self) -> ConnectionSlot {
        let state = Arc::new(SlotState { last_used: AtomicU64::new(self.now()), revoked: CancellationToken::new() });
        let mut occupied = self.occupied();
        if occupied.slots.len() >= self.0.limit {
            let freed = occupied.make_room();
            metrics::counter!("http_connections_given_up_total").increment(freed);
        }
        occupied.last_number += 1;
        let number = occupied.last_number;
        occupied.slots.insert(number, state.clone());
        ConnectionSlot(Arc::new(Occupant { number, state, slots: self.clone() }))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.opened.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn occupied(&self) -> MutexGuard<'_, Occupied> {
        // A panic leaves nothing inconsistent behind this lock.
        self.0.occupied.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Occupied {
    /// Revokes the slots that were used least recently, and returns how many.
    fn make_room(&mut self) -> u64 {
        let count = (self.slots.len() / SHARE).max(1);
        let mut by_use: Vec<(u64, u64)> =
            self.slots.iter().map(|(number, state)| (state.last_used.load(Ordering::Relaxed), *number)).collect();
        by_use.select_nth_unstable(count - 1);
        for (_, number) in &by_use[..count] {
            if let Some(state) = self.slots.remove(number) {
                state.revoked.cancel();
            }
        }
        count as u64
    }
}

impl ConnectionSlot {
    /// Marks it as used now: others are revoked first.
    pub(super) fn mark_used(&self) {
        self.0.state.last_used.store(self.0.slots.now(), Ordering::Relaxed);
    }

    /// Returns when it has been revoked.
    pub(super) async fn revoked(&self) {
        self.0.state.revoked.cancelled().await;
    }
}

impl Drop for Occupant {
    fn drop(&mut self) {
        self.slots.occupied().slots.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_revoked(slot: &ConnectionSlot) -> bool {
        slot.0.state.revoked.is_cancelled()
    }

    fn used_at(slots: &ConnectionSlots, moment: u64) -> ConnectionSlot {
        let slot = slots.take();
        slot.0.state.last_used.store(moment, Ordering::Relaxed);
        slot
    }

    #[test]
    fn when_all_slots_are_occupied_the_least_recently_used_one_is_revoked() {
        let slots = ConnectionSlots::new(3);
        let all = [used_at(&slots, 3), used_at(&slots, 1), used_at(&slots, 2)];
        let newcomer = slots.take();
        assert_eq!(all.each_ref().map(is_revoked), [false, true, false]);
        assert!(!is_revoked(&newcomer));
        all[2].mark_used();
        newcomer.0.state.last_used.store(0, Ordering::Relaxed);
        let _another = slots.take();
        assert_eq!((is_revoked(&all[0]), is_revoked(&all[2]), is_revoked(&newcomer)), (false, false, true));
    }

    #[test]
    fn a_slot_is_free_again_when_its_connection_is_gone() {
        let slots = ConnectionSlots::new(2);
        let stays = used_at(&slots, 0);
        for _ in 0..10 {
            drop(slots.take());
        }
        assert!(!is_revoked(&stays));
        assert_eq!(slots.occupied().slots.len(), 1);
    }

    #[test]
    fn of_many_slots_several_are_freed_at_once() {
        let slots = ConnectionSlots::new(128);
        let all: Vec<_> = (0..128).map(|moment| used_at(&slots, moment)).collect();
        let _newcomer = slots.take();
        let revoked: Vec<usize> = (0..128).filter(|number| is_revoked(&all[*number])).collect();
        assert_eq!(revoked, [0, 1]);
        assert_eq!(slots.occupied().slots.len(), 127);
    }
}
