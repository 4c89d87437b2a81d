use common::time::Timestamp;
use ports::clock::Clock;
use tokio::sync::watch;

/// Knows when something is due next, as far as this process knows. Clones share it.
///
/// It makes work punctual, not certain: that is the part of the search through the store.
#[derive(Clone)]
pub struct Timer {
    next: watch::Sender<Timestamp>,
}

impl Default for Timer {
    fn default() -> Self {
        Self { next: watch::Sender::new(Timestamp::MAX) }
    }
}

impl Timer {
    /// Something is due at this moment.
    pub fn wake_by(&self, due_at: Timestamp) {
        self.next.send_if_modified(|next| {
            let is_earlier = due_at < *next;
            *next = due_at.min(*next);
            is_earlier
        });
    }

    /// Forgets everything. Only what it learns after that counts.
    pub fn reset(&self) {
        self.next.send_replace(Timestamp::MAX);
    }

    /// Returns when something is due, never before.
    pub async fn wait(&self, clock: &Clock) {
        let mut next = self.next.subscribe();
        loop {
            let due_at = *next.borrow_and_update();
            tokio::select! {
                () = clock.sleep_until(due_at) => return,
                // The sender lives as long as this timer, so this is always a new moment.
                _ = next.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::time::Duration;

    const START: Duration = Duration::from_secs(1_000);

    #[tokio::test]
    async fn it_wakes_at_the_earliest_moment_even_if_that_is_set_while_it_waits() {
        let start = Timestamp::from_millis(0) + START;
        let clock = Clock::manual(start);
        let timer = Timer::default();
        timer.wake_by(start + Duration::from_secs(9));
        let mut wait = Box::pin(timer.wait(&clock));
        assert_eq!((&mut wait).now_or_never(), None);
        timer.wake_by(start + Duration::from_secs(5));
        timer.wake_by(start + Duration::from_secs(7));
        clock.advance(Duration::from_secs(4));
        assert_eq!((&mut wait).now_or_never(), None, "it woke early");
        clock.advance(Duration::from_secs(1));
        assert_eq!((&mut wait).now_or_never(), Some(()));
    }

    #[tokio::test]
    async fn what_was_set_before_a_reset_is_forgotten() {
        let clock = Clock::manual(Timestamp::from_millis(0));
        let timer = Timer::default();
        timer.wake_by(Timestamp::from_millis(0));
        timer.reset();
        assert_eq!(timer.wait(&clock).now_or_never(), None);
    }
}
