//! The one place where time is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::Instant;

use common::time::Timestamp;

/// Reads the time and waits for it. Everything that needs the time is given a clock, so that a test
/// can control it.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Manual(watch::Sender<Timestamp>),
    Running(Arc<Running>),
}

/// Runs with the runtime's time, wrong by `skew`.
struct Running {
    began: Instant,
    began_at: Timestamp,
    /// In milliseconds.
    skew: AtomicI64,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it. Clones move together.
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(watch::Sender::new(start)))
    }

    /// A clock that showed `began_at` when the runtime's time was `began`, and runs with it: in a
    /// simulation that is not the machine's. [`Clock::set_skew`] sets it wrong, with all its clones.
    pub fn running(began: Instant, began_at: Timestamp) -> Self {
        Self(Source::Running(Arc::new(Running { began, began_at, skew: AtomicI64::new(0) })))
    }

    /// The present moment.
    #[allow(clippy::disallowed_methods, reason = "the one reader of the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => {
                let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
            }
            Source::Manual(time) => *time.borrow(),
            Source::Running(running) => running.now(),
        }
    }

    /// Moves a manual clock forward.
    ///
    /// # Panics
    /// If this is not a manual clock.
    pub fn advance(&self, span: Duration) {
        match &self.0 {
            Source::System | Source::Running(_) => panic!("only a manual clock can be advanced"),
            Source::Manual(time) => time.send_modify(|now| *now = *now + span),
        }
    }

    /// Sets a running clock ahead of the true time by `skew` milliseconds, or behind it. Tasks that
    /// sleep are not woken by that, as with the machine's clock.
    ///
    /// # Panics
    /// If this is not a running clock.
    pub fn set_skew(&self, skew: i64) {
        match &self.0 {
            Source::System | Source::Manual(_) => panic!("only a running clock can be set"),
            Source::Running(running) => running.skew.store(skew, Ordering::Relaxed),
        }
    }

    /// How many tasks sleep by this manual clock: a test advances it when those it wants to wake do.
    ///
    /// # Panics
    /// If this is not a manual clock.
    pub fn sleepers(&self) -> usize {
        match &self.0 {
            Source::System | Source::Running(_) => panic!("only a manual clock counts its sleepers"),
            Source::Manual(time) => time.receiver_count(),
        }
    }

    /// Returns after `span` of the runtime's time, whatever the clock is set to meanwhile. With a manual
    /// clock a test can make it return earlier, by advancing the clock by that much.
    pub async fn sleep(&self, span: Duration) {
        match &self.0 {
            Source::System | Source::Running(_) => tokio::time::sleep(span).await,
            Source::Manual(_) => tokio::select! {
                () = tokio::time::sleep(span) => {}
                () = self.sleep_until(self.now() + span) => {}
            },
        }
    }

    /// Returns at `moment`, never before it by this clock.
    pub async fn sleep_until(&self, moment: Timestamp) {
        match &self.0 {
            Source::System | Source::Running(_) => {
                // The clock may be set back while we sleep: check again on waking.
                while self.now() < moment {
                    tokio::time::sleep(moment.since(self.now()).max(Duration::from_millis(1))).await;
                }
            }
            Source::Manual(time) => {
                let mut time = time.subscribe();
                // The sender lives as long as this clock, so waiting cannot fail.
                let _ = time.wait_for(|now| *now >= moment).await;
            }
        }
    }
}

impl Running {
    fn now(&self) -> Timestamp {
        let skew = self.skew.load(Ordering::Relaxed);
        let since = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(self.began_at.as_millis() + since + skew)
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

    #[tokio::test]
    async fn a_manual_clock_counts_its_sleepers() {
        let clock = Clock::manual(Timestamp::from_millis(0));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(1)).await }
        });
        while clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(1));
        sleeper.await.expect("woke");
        assert_eq!(clock.sleepers(), 0);
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_wakes_no_sleeper_too_early() {
        let clock = Clock::running(Instant::now(), Timestamp::from_millis(10_000));
        clock.set_skew(-5_000);
        assert!(clock.now() < Timestamp::from_millis(10_000));
        let moment = clock.now() + Duration::from_millis(20);
        clock.set_skew(-5_030);
        let began = Instant::now();
        clock.sleep_until(moment).await;
        assert!(clock.now() >= moment && began.elapsed() >= Duration::from_millis(45));
    }
}
