//! The one place where time is read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use crate::time::Timestamp;

/// Tells the time and waits for it. Everything that needs the time is handed a clock, so that a
/// test can hold the hands.
#[derive(Clone)]
pub struct Clock(Hands);

#[derive(Clone)]
enum Hands {
    System,
    Manual(watch::Sender<Timestamp>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Hands::System)
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it. Clones move together.
    pub fn manual(start: Timestamp) -> Self {
        Self(Hands::Manual(watch::Sender::new(start)))
    }

    /// The present moment.
    #[allow(clippy::disallowed_methods, reason = "the one reader of the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Hands::System => {
                let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
            }
            Hands::Manual(hands) => *hands.borrow(),
        }
    }

    /// Moves a manual clock forward. The machine's clock is nobody's to move.
    ///
    /// # Panics
    /// If this is the machine's clock.
    pub fn advance(&self, span: Duration) {
        match &self.0 {
            Hands::System => panic!("only a manual clock can be advanced"),
            Hands::Manual(hands) => hands.send_modify(|now| *now = *now + span),
        }
    }

    /// Returns at `moment`, never before it by this clock.
    pub async fn sleep_until(&self, moment: Timestamp) {
        match &self.0 {
            Hands::System => {
                // The machine's clock may be set back while we sleep: look again on waking.
                while self.now() < moment {
                    tokio::time::sleep(moment.since(self.now()).max(Duration::from_millis(1))).await;
                }
            }
            Hands::Manual(hands) => {
                let mut hands = hands.subscribe();
                // The sender lives as long as this clock, so waiting cannot fail.
                let _ = hands.wait_for(|now| *now >= moment).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_sleepers_when_it_is_advanced() {
        let clock = Clock::manual(Timestamp::from_millis(0));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(Timestamp::from_millis(1000)).await;
                clock.now()
            }
        });
        clock.advance(Duration::from_millis(999));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_millis(1));
        assert_eq!(sleeper.await.expect("woke"), Timestamp::from_millis(1000));
    }
}
