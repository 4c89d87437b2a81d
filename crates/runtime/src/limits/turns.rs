//! Turns: of what belongs to one key only so much is done at once, and the rest waits in line.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hands out turns by key. Clones share the lines. A key that nobody has a turn of takes no memory.
#[derive(Clone)]
pub struct Turns(Arc<Inner>);

struct Inner {
    longest_line: usize,
    lines: Mutex<HashMap<String, Line>>,
}

struct Line {
    turns: Arc<Semaphore>,
    /// How many have a turn or wait for one.
    present: usize,
}

/// One turn, which ends when it is dropped.
pub struct Turn {
    turns: Turns,
    key: String,
    permit: Option<OwnedSemaphorePermit>,
}

/// So many wait already that one more would wait for longer than clients have patience.
#[derive(Debug, PartialEq, Eq)]
pub struct LineIsFull;

impl Turns {
    /// Lines in which at most `longest_line` wait.
    pub fn new(longest_line: usize) -> Self {
        Self(Arc::new(Inner { longest_line, lines: Mutex::default() }))
    }

    /// A turn of this key, of which `at_once` are given out at once. They are given in the order in
    /// which they were asked for.
    ///
    /// # Errors
    /// If the line is full.
    pub async fn take(&self, key: String, at_once: usize) -> Result<Turn, LineIsFull> {
        let (mut turn, semaphore) = self.join(key, at_once)?;
        // The semaphore is never closed.
        turn.permit = semaphore.acquire_owned().await.ok();
        Ok(turn)
    }

    fn join(&self, key: String, at_once: usize) -> Result<(Turn, Arc<Semaphore>), LineIsFull> {
        let mut lines = self.lines();
        let new = || Line { turns: Arc::new(Semaphore::new(at_once)), present: 0 };
        let line = lines.entry(key.clone()).or_insert_with(new);
        if line.present >= at_once + self.0.longest_line {
            return Err(LineIsFull);
        }
        line.present += 1;
        Ok((Turn { turns: self.clone(), key, permit: None }, line.turns.clone()))
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        // A panic leaves nothing inconsistent behind this lock.
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many have a turn of this key or wait for one.
    pub fn present(&self, key: &str) -> usize {
        self.lines().get(key).map_or(0, |line| line.present)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.permit = None;
        let mut lines = self.turns.lines();
        let Some(line) = lines.get_mut(&self.key) else { return };
        line.present -= 1;
        if line.present == 0 {
            lines.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn of_one_key_only_so_many_have_a_turn_at_once_and_the_others_wait_in_order() {
        let turns = Turns::new(2);
        let take = |key: &str| turns.take(key.to_owned(), 1);
        let first = take("a").await.expect("the first");
        let (mut second, mut third) = (Box::pin(take("a")), Box::pin(take("a")));
        assert!(second.as_mut().now_or_never().is_none() && third.as_mut().now_or_never().is_none());
        assert_eq!(take("a").await.err(), Some(LineIsFull));
        assert!(take("b").now_or_never().is_some(), "another key does not wait");
        drop(first);
        assert!(third.as_mut().now_or_never().is_none(), "it is the second one's turn");
        assert!(second.now_or_never().is_some());
        assert!(third.now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_the_line_and_an_empty_line_is_forgotten() {
        let turns = Turns::new(1);
        let first = turns.take("a".into(), 1).await.expect("the first");
        assert!(turns.take("a".into(), 1).now_or_never().is_none());
        assert_eq!(turns.present("a"), 1);
        drop(first);
        assert!(turns.lines().is_empty());
    }
}
