use std::time::Duration;

use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// So many attempts at once, and in the long run so many in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many attempts; 1 at least.
    pub burst: u32,
    /// The period.
    pub per: Duration,
}

impl Rate {
    /// How many may be under way at once: as many as may fail.
    pub(crate) fn at_once(&self) -> usize {
        self.burst.max(1) as usize
    }

    /// The share of the period that one attempt takes.
    fn cost(&self) -> Duration {
        self.per / self.burst.max(1)
    }
}

/// How often something has been tried lately: a leaky bucket. Each attempt pours in its share of
/// the period, and the bucket empties at the speed of the clock, so one moment describes it: when
/// it will be empty (the generic cell rate algorithm).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempts {
    pub(crate) id: String,
    empties_at: Timestamp,
    /// When the record says nothing any more.
    expires_at: Timestamp,
}

/// The limit is reached.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooManyAttempts {
    /// When another attempt will be allowed.
    pub(crate) retry_after: Duration,
}

impl Attempts {
    /// No attempts so far.
    pub(crate) fn none(id: String, now: Timestamp) -> Self {
        Self { id, empties_at: now, expires_at: now }
    }

    /// Counts one attempt, unless there have been too many: those that are refused do not count,
    /// so that hammering on does not prolong the wait.
    pub(crate) fn count(&mut self, rate: &Rate, now: Timestamp) -> Result<(), TooManyAttempts> {
        let level = self.level_with_one_more(rate, now)?;
        self.empty_at(now + level);
        Ok(())
    }

    /// Whether one more attempt would be refused now, and for how long.
    pub(crate) fn check(&self, rate: &Rate, now: Timestamp) -> Result<(), TooManyAttempts> {
        self.level_with_one_more(rate, now).map(|_| ())
    }

    /// Takes one attempt back: it was a good one.
    pub(crate) fn forgive(&mut self, rate: &Rate) {
        self.empty_at(self.empties_at - rate.cost());
    }

    /// Takes all attempts back.
    pub(crate) fn clear(&mut self, now: Timestamp) {
        self.empty_at(now);
    }

    fn level_with_one_more(&self, rate: &Rate, now: Timestamp) -> Result<Duration, TooManyAttempts> {
        let level = self.empties_at.since(now) + rate.cost();
        if level > rate.per { Err(TooManyAttempts { retry_after: level - rate.per }) } else { Ok(level) }
    }

    fn empty_at(&mut self, moment: Timestamp) {
        self.empties_at = moment;
        self.expires_at = moment;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, per: Duration::from_secs(30) };
    const START: Timestamp = Timestamp::MAX;

    fn start() -> (Attempts, Timestamp) {
        let now = START - Duration::from_secs(100_000);
        (Attempts::none("id".into(), now), now)
    }

    #[test]
    fn a_burst_is_allowed_and_then_one_attempt_per_share_of_the_period() {
        let (mut attempts, now) = start();
        for _ in 0..3 {
            attempts.count(&RATE, now).expect("within the burst");
        }
        assert_eq!(attempts.count(&RATE, now), Err(TooManyAttempts { retry_after: Duration::from_secs(10) }));
        let later = now + Duration::from_secs(9);
        assert_eq!(attempts.count(&RATE, later), Err(TooManyAttempts { retry_after: Duration::from_secs(1) }));
        let later = now + Duration::from_secs(10);
        attempts.count(&RATE, later).expect("one has leaked out");
        attempts.count(&RATE, later).expect_err("only one has");
    }

    #[test]
    fn a_good_attempt_is_taken_back_and_success_clears_all() {
        let (mut attempts, now) = start();
        for _ in 0..100 {
            attempts.count(&RATE, now).expect("never more than one in it");
            attempts.forgive(&RATE);
        }
        for _ in 0..3 {
            attempts.count(&RATE, now).expect("within the burst");
        }
        attempts.clear(now);
        attempts.count(&RATE, now).expect("it is empty again");
    }

    #[test]
    fn the_record_lasts_as_long_as_it_says_something() {
        let (mut attempts, now) = start();
        attempts.count(&RATE, now).expect("the first");
        assert_eq!(attempts.expires_at, now + Duration::from_secs(10));
        attempts.clear(now);
        assert_eq!(attempts.expires_at, now);
    }
}
