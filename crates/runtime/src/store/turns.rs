use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard};

/// How many queues there are. Aggregates that share one wait for each other now and then, which costs them
/// little and changes nothing.
const QUEUES: usize = 64;

/// Where updates of one aggregate wait for each other, instead of all trying again. Clones of a store share
/// it.
///
/// Whoever has a turn waits for nothing but the database, so that turns cannot wait for each other in a
/// circle.
#[derive(Clone)]
pub(super) struct Turns(Arc<[Mutex<()>; QUEUES]>);

/// The right to be the only one, of those that wait, to change an aggregate. Dropping it passes it on, in
/// the order of asking.
pub(super) type Turn<'a> = MutexGuard<'a, ()>;

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(std::array::from_fn(|_| Mutex::new(()))))
    }
}

impl Turns {
    /// A turn for the aggregate with this id.
    pub(super) async fn of(&self, id: &str) -> Turn<'_> {
        self.queue(id).lock().await
    }

    /// A turn for the aggregate with this id, if others take turns: who does not wait for them would always
    /// come first.
    pub(super) async fn unless_free(&self, id: &str) -> Option<Turn<'_>> {
        match self.queue(id).try_lock() {
            Ok(_) => None,
            Err(_) => Some(self.of(id).await),
        }
    }

    fn queue(&self, id: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        &self.0[usize::try_from(hasher.finish() % QUEUES as u64).unwrap_or_default()]
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
        assert!(turns.of("a").now_or_never().is_none(), "somebody has a turn");
        drop(turn);
        assert!(turns.of("a").now_or_never().is_some());
    }
}
