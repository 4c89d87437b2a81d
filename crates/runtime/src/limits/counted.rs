use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use common::time::Timestamp;
use ports::clock::Clock;

use super::bucket::Bucket;
use super::rate::Rate;

/// The buckets of one service. Clones share them.
#[derive(Clone)]
pub struct Limits {
    buckets: Arc<Mutex<BTreeMap<String, Bucket>>>,
    pub(super) clock: Clock,
    is_on: bool,
}

/// One place in somebody's bucket.
#[derive(Debug, Clone)]
pub struct Claim {
    kind: &'static str,
    key: String,
    rate: Rate,
}

/// A bucket is full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMany {
    /// What it counts.
    pub kind: &'static str,
    /// When there will be room again.
    pub retry_after: Duration,
}

impl Claim {
    /// A place in the bucket in which `kind` of `whom` is counted. All who count the same do so at one rate.
    pub fn new(kind: &'static str, whom: impl Display, rate: Rate) -> Self {
        Self { kind, key: format!("{kind}:{whom}"), rate }
    }
}

impl Limits {
    /// Empty buckets, or buckets without a bottom.
    pub(crate) fn new(clock: Clock, is_on: bool) -> Self {
        Self { buckets: Arc::default(), clock, is_on }
    }

    /// Takes all these places, or none. What is refused does not count, so that hammering on does not prolong
    /// the wait.
    ///
    /// # Errors
    /// If a bucket is full: the one that is so for longest.
    pub fn take(&self, claims: &[Claim]) -> Result<(), TooMany> {
        if !self.is_on {
            return Ok(());
        }
        let (now, mut buckets) = (self.clock.now(), self.buckets());
        look(&buckets, claims, now)?;
        claims.iter().for_each(|claim| pour(&mut buckets, claim, now));
        Ok(())
    }

    /// Gives places back that were taken for something that did not come about.
    pub fn give_back(&self, claims: &[Claim]) {
        if !self.is_on {
            return;
        }
        let (now, mut buckets) = (self.clock.now(), self.buckets());
        for claim in claims {
            if let Some(bucket) = buckets.get_mut(&claim.key) {
                bucket.take_out(claim.rate, now);
            }
        }
    }

    /// Whether there is room, without taking it.
    ///
    /// # Errors
    /// As for [`Limits::take`].
    pub fn check(&self, claims: &[Claim]) -> Result<(), TooMany> {
        look(&self.buckets(), claims, self.clock.now())
    }

    /// Counts what has happened already, whether or not there is room for it. Returns whether there is none left.
    pub fn count(&self, claim: &Claim) -> bool {
        if !self.is_on {
            return false;
        }
        let (now, mut buckets) = (self.clock.now(), self.buckets());
        pour(&mut buckets, claim, now);
        look(&buckets, std::slice::from_ref(claim), now).is_err()
    }

    /// What is to be shared with the other replicas: by how much which bucket has been filled here.
    pub(super) fn to_share(&self) -> Vec<(String, Duration)> {
        let now = self.clock.now();
        let to_share = |(key, bucket): (&String, &Bucket)| Some((key.clone(), bucket.to_share(now)?));
        self.buckets().iter().filter_map(to_share).collect()
    }

    /// `amount` has been shared with them.
    pub(super) fn mark_shared(&self, key: &str, amount: Duration, empties_at: Timestamp) {
        let now = self.clock.now();
        if let Some(bucket) = self.buckets().get_mut(key) {
            bucket.mark_shared(amount, empties_at, now);
        }
    }

    /// What the replicas share about a bucket.
    pub(super) fn apply_shared(&self, key: String, empties_at: Timestamp) {
        let now = self.clock.now();
        self.buckets().entry(key).or_insert_with(|| Bucket::empty(now)).apply_shared(empties_at, now);
    }

    /// Forgets what is empty.
    pub(super) fn forget_empty(&self) {
        let now = self.clock.now();
        self.buckets().retain(|_, bucket| !bucket.is_empty(now));
    }

    fn buckets(&self) -> MutexGuard<'_, BTreeMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(buckets: &BTreeMap<String, Bucket>, claims: &[Claim], now: Timestamp) -> Result<(), TooMany> {
    let full = |claim: &Claim| {
        let retry_after = buckets.get(&claim.key)?.wait(claim.rate, now)?;
        Some(TooMany { kind: claim.kind, retry_after })
    };
    match claims.iter().filter_map(full).max_by_key(|full| full.retry_after) {
        Some(full) => Err(full),
        None => Ok(()),
    }
}

fn pour(buckets: &mut BTreeMap<String, Bucket>, claim: &Claim, now: Timestamp) {
    match buckets.get_mut(&claim.key) {
        Some(bucket) => bucket.pour(claim.rate, now),
        None => buckets.entry(claim.key.clone()).or_insert_with(|| Bucket::empty(now)).pour(claim.rate, now),
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 2, per: Duration::from_secs(20) };

    fn limits() -> Limits {
        Limits::new(Clock::manual(Timestamp::from_millis(1_000_000)), true)
    }

    fn claim(kind: &'static str, rate: Rate) -> Claim {
        Claim::new(kind, "x", rate)
    }

    #[test]
    fn all_places_are_taken_or_none() {
        let (limits, wide) = (limits(), Rate { burst: 3, ..RATE });
        let both = [claim("user", RATE), claim("address", wide)];
        limits.take(&both).expect("room");
        limits.take(&both).expect("room");
        let refused = limits.take(&both).expect_err("the user's is full");
        assert_eq!(refused, TooMany { kind: "user", retry_after: Duration::from_secs(10) });
        limits.take(&both[1..]).expect("what was refused did not count");
        limits.clock.advance(Duration::from_secs(20));
        limits.forget_empty();
        limits.take(&both).expect("it has drained");
    }

    #[test]
    fn what_did_not_come_about_is_given_back() {
        let (limits, both) = (limits(), [claim("user", RATE), claim("address", RATE)]);
        limits.take(&both).expect("room");
        for _ in 0..5 {
            limits.take(&both).expect("room for one");
            limits.give_back(&both);
        }
        limits.take(&both).expect("room for one");
        limits.take(&both[..1]).expect_err("that was the last of the user");
        limits.take(&both[1..]).expect_err("and of the address");
    }

    #[test]
    fn what_has_happened_counts_whether_or_not_there_is_room() {
        let (limits, declines) = (limits(), claim("declines", RATE));
        limits.check(std::slice::from_ref(&declines)).expect("room");
        assert!(!limits.count(&declines) && limits.count(&declines) && limits.count(&declines));
        let refused = limits.check(std::slice::from_ref(&declines)).expect_err("full");
        assert_eq!(refused.retry_after, Duration::from_secs(20));
    }
}
