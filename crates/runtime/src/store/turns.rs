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
    _place: Place,
}

/// A place in the queue for one aggregate, while one waits and during one's turn.
struct Place {
    turns: Turns,
    id: String,
}

impl Turns {
    /// A turn for the aggregate with this id.
    pub async fn of(&self, id: &str) -> Turn {
        let (place, turn) = self.enter(id);
        Turn { _turn: turn.lock_owned().await, _place: place }
    }

    /// A turn for the aggregate with this id, if others take turns: who does not wait for them would always
    /// come first.
    pub(super) async fn unless_free(&self, id: &str) -> Option<Turn> {
        let is_free = !self.lock().contains_key(id);
        if is_free { None } else { Some(self.of(id).await) }
    }

    fn enter(&self, id: &str) -> (Place, Arc<tokio::sync::Mutex<()>>) {
        let mut queues = self.lock();
        let queue = queues.entry(id.to_owned()).or_default();
        queue.places += 1;
        (Place { turns: self.clone(), id: id.to_owned() }, queue.turn.clone())
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
        assert!(turns.unless_free("a").await.is_none(), "nobody has a turn");
        let turn = turns.of("a").await;
        assert!(turns.clone().unless_free("a").now_or_never().is_none(), "somebody has a turn");
        assert!(turns.unless_free("b").await.is_none(), "this is another aggregate");
        let next = tokio::spawn({
            let turns = turns.clone();
            async move { turns.of("a").await }
        });
        drop(turn);
        drop(next.await.expect("gets its turn"));
        assert!(turns.unless_free("a").await.is_none(), "all turns are over");
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
