use std::time::Duration;

use common::time::Timestamp;

use super::rate::Rate;

/// How much of a rate has been used lately: a leaky bucket. What is done pours in its share of the period, and the
/// bucket empties at the speed of the clock, so one moment describes it: when it will be empty (the generic cell
/// rate algorithm).
///
/// Beside what is known of all replicas, it knows what of it has not been shared with the others yet. Times are
/// microseconds, because a share may be less than a millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket {
    empties_at: i64,
    unshared: i64,
    /// Whether it was more than half full, so that the others have to know of it.
    is_of_interest: bool,
}

impl Bucket {
    /// An empty one.
    pub(super) fn empty(now: Timestamp) -> Self {
        Self { empties_at: micros(now), unshared: 0, is_of_interest: false }
    }

    /// How long it takes until one more fits in; `None` if one fits now.
    pub(super) fn wait(&self, rate: Rate, now: Timestamp) -> Option<Duration> {
        let excess = self.level(now).saturating_add(rate.cost()) - rate.capacity();
        u64::try_from(excess).ok().filter(|excess| *excess > 0).map(Duration::from_micros)
    }

    /// Pours one in, whether or not it fits.
    pub(super) fn pour(&mut self, rate: Rate, now: Timestamp) {
        let level = self.level(now).saturating_add(rate.cost());
        self.unshared = self.unshared(now).saturating_add(rate.cost());
        self.empties_at = micros(now).saturating_add(level);
        self.is_of_interest |= level > rate.capacity() / 2;
    }

    /// Takes one out again. What the others have heard of already, they keep.
    pub(super) fn take_out(&mut self, rate: Rate, now: Timestamp) {
        let level = self.level(now).saturating_sub(rate.cost()).max(0);
        self.unshared = self.unshared(now).saturating_sub(rate.cost()).max(0);
        self.empties_at = micros(now).saturating_add(level);
    }

    /// What is to be shared with the others: how much was poured in here since it was shared last.
    pub(super) fn to_share(self, now: Timestamp) -> Option<Duration> {
        let unshared = u64::try_from(self.unshared(now)).unwrap_or(0);
        (self.is_of_interest && unshared > 0).then(|| Duration::from_micros(unshared))
    }

    /// `amount` has been shared with the others; with it the bucket that all share empties at `empties_at`.
    pub(super) fn mark_shared(&mut self, amount: Duration, empties_at: Timestamp, now: Timestamp) {
        let amount = i64::try_from(amount.as_micros()).unwrap_or(i64::MAX);
        self.unshared = self.unshared(now).saturating_sub(amount).max(0);
        self.apply_shared(empties_at, now);
    }

    /// The bucket that all share empties at `empties_at`, without what is poured in here and not shared yet.
    pub(super) fn apply_shared(&mut self, empties_at: Timestamp, now: Timestamp) {
        self.unshared = self.unshared(now);
        let shared = micros(empties_at).max(micros(now)).saturating_add(self.unshared);
        self.empties_at = shared;
    }

    /// Whether nothing is in it any more.
    pub(super) fn is_empty(&self, now: Timestamp) -> bool {
        self.level(now) == 0
    }

    fn level(&self, now: Timestamp) -> i64 {
        self.empties_at.saturating_sub(micros(now)).max(0)
    }

    /// What was poured in here drains, too.
    fn unshared(&self, now: Timestamp) -> i64 {
        self.unshared.min(self.level(now))
    }
}

fn micros(moment: Timestamp) -> i64 {
    moment.as_millis().saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 4, per: Duration::from_secs(40) };
    const TEN: Duration = Duration::from_secs(10);

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    fn with(count: usize) -> Bucket {
        let mut bucket = Bucket::empty(now());
        (0..count).for_each(|_| bucket.pour(RATE, now()));
        bucket
    }

    #[test]
    fn a_burst_fits_in_and_then_one_for_each_share_of_the_period() {
        assert_eq!(with(3).wait(RATE, now()), None);
        let mut bucket = with(4);
        assert_eq!(bucket.wait(RATE, now()), Some(TEN));
        assert_eq!(bucket.wait(RATE, now() + Duration::from_secs(9)), Some(Duration::from_secs(1)));
        assert_eq!(bucket.wait(RATE, now() + TEN), None);
        bucket.pour(RATE, now() + TEN);
        assert_eq!(bucket.wait(RATE, now() + TEN), Some(TEN));
        assert!(bucket.is_empty(now() + TEN * 5) && !bucket.is_empty(now() + TEN * 4));
    }

    #[test]
    fn only_what_is_more_than_half_used_is_shared_and_once() {
        assert_eq!(with(2).to_share(now()), None);
        let mut bucket = with(3);
        assert_eq!(bucket.to_share(now()), Some(TEN * 3));
        // Meanwhile one more; the others have put in one, too.
        bucket.pour(RATE, now());
        bucket.mark_shared(TEN * 3, now() + TEN * 4, now());
        assert_eq!(bucket.to_share(now()), Some(TEN));
        assert_eq!(bucket.wait(RATE, now()), Some(TEN * 2));
    }

    #[test]
    fn what_is_taken_out_again_is_not_in_it_and_not_shared() {
        let mut bucket = with(4);
        bucket.take_out(RATE, now());
        assert_eq!((bucket.wait(RATE, now()), bucket.to_share(now())), (None, Some(TEN * 3)));
        let mut empty = with(0);
        empty.take_out(RATE, now());
        assert!(empty.is_empty(now()) && empty.wait(RATE, now()).is_none(), "nothing is owed to it");
    }

    #[test]
    fn what_others_put_in_counts_beside_what_they_do_not_know_of() {
        let mut bucket = with(1);
        bucket.apply_shared(now() + TEN * 3, now());
        assert_eq!(bucket.wait(RATE, now()), Some(TEN));
        bucket.apply_shared(now() + TEN * 3, now());
        assert_eq!(bucket.wait(RATE, now()), Some(TEN), "to hear it again changes nothing");
        let later = now() + TEN * 4;
        assert!(bucket.is_empty(later) && bucket.to_share(later).is_none());
    }
}
