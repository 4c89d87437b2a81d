use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// Where those who want to change one aggregate wait for each other, instead of all trying again. Clones
/// share it.
///
/// Whoever has a turn waits for no other turn, so that turns cannot wait for each other in a circle.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Queue>>>);

/// The updates of one aggregate that take turns. Gone with the last of them.
#[derive(Default)]
struct Queue {
    turn: Arc<tokio::sync::Mutex<()>>,
    places: usize,
}

/// The right to be the only one, of those that wait, to change an aggregate. Dropping it passes it on, in
/// the order of asking.
pub struct Turn {
    /// Passed on before the place is left.
    _turn: OwnedMutexGuard<()>,
    place: Place,
}

/// A place in the queue for one aggregate, while one waits and during one's turn.
struct Place {
    turns: Turns,
    id: String,
    is_first: bool,
}

impl Turn {
    /// Whether nobody else was in the queue when this turn was asked for.
    pub(super) fn came_at_once(&self) -> bool {
        self.place.is_first
    }
}

impl Turns {
    /// A turn for the aggregate with this id.
    pub async fn of(&self, id: &str) -> Turn {
        let (place, turn) = self.enter(id);
        Turn { _turn: turn.lock_owned().await, place }
    }

    fn enter(&self, id: &str) -> (Place, Arc<tokio::sync::Mutex<()>>) {
        let mut queues = self.lock();
        let queue = queues.entry(id.to_owned()).or_default();
        queue.places += 1;
        let is_first = queue.places == 1;
        (Place { turns: self.clone(), id: id.to_owned(), is_first }, queue.turn.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Queue>> {
        // A panic leaves nothing inconsistent behind this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queues = self.turns.lock();
        if let Some(queue) = queues.get_mut(&self.id) {
            queue.places -= 1;
            if queue.places == 0 {
                queues.remove(&self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn while_somebody_has_a_turn_others_wait_for_it() {
        let turns = Turns::default();
        let turn = turns.of("a").await;
        assert!(turns.of("b").now_or_never().is_some(), "this is another aggregate");
        let mut next = Box::pin(turns.of("a"));
        assert!((&mut next).now_or_never().is_none(), "somebody has a turn");
        assert!(turn.came_at_once());
        drop(turn);
        assert!(!next.await.came_at_once());
        assert!(turns.lock().is_empty());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing_behind() {
        let turns = Turns::default();
        let turn = turns.of("a").await;
        assert!(turns.of("a").now_or_never().is_none(), "somebody has a turn");
        drop(turn);
        assert!(turns.lock().is_empty());
    }
}
