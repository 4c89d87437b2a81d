//! What streams need not keep, however often an aggregate is edited.
//!
//! An event that says all of its aggregate makes the earlier ones of the same type superfluous for whoever has not begun
//! yet. Both buses remove those in the background ([`Stream::keep_superseded`](ports::bus::Stream::keep_superseded)):
//! they read the stream from its start, up to what is too young or what a durable consumer has not finished, and remove
//! of each aggregate all versions but the latest in that part. So
//!
//! - a consumer that is slow, or away for a week, misses nothing: nothing behind its floor is removed, and what is ahead
//!   of it is whole;
//! - one that is made anew finds gaps, all of them in what was in the stream before it was made: when a message is
//!   removed, the later one is in the stream already. Such deliveries are marked
//!   ([`Delivery::is_history`](ports::bus::Delivery::is_history)), and a replica takes a whole state among them without
//!   its predecessors. Whatever comes after follows versions one by one, as ever;
//! - versions count, not positions: relays may publish out of order, and a replayed dead letter is no newer for being
//!   published last. It names no version, supersedes nothing and stays.
//!
//! A stream that drops the older message by itself as a newer one comes (`max_msgs_per_subject`) would not do: it asks
//! no consumer.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;
use std::time::Duration;

use common::events::aggregate_version;
use common::version::Version;

/// How many messages are read, and at most removed, at once.
pub(crate) const ROUND: usize = 1000;
/// The pause after each round: reading a long stream must not be felt by others.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);

/// The pause between two passes over a stream that keeps what is superseded for `keep`.
pub(crate) fn pause(keep: Duration) -> Duration {
    keep.clamp(Duration::from_millis(100), Duration::from_secs(60 * 60))
}

/// The pause before the first pass: a process that is restarted again and again gets to it, too.
pub(crate) fn first_pause(keep: Duration) -> Duration {
    (keep / 60).clamp(Duration::from_millis(10), Duration::from_secs(60))
}

/// One pass over a stream. It remembers the latest version of each aggregate that it has seen, in some 50 bytes each.
#[derive(Default)]
pub(crate) struct Pass {
    latest: HashMap<[u64; 2], (Version, u64)>,
    hashers: [RandomState; 2],
}

impl Pass {
    /// Takes the next message of the stream, and returns the position of the one that is superseded by now: this one or
    /// an earlier one.
    pub(crate) fn observe(&mut self, kind: &str, id: &str, position: u64) -> Option<u64> {
        let (aggregate, version) = aggregate_version(id)?;
        // 128 bits that nobody can foresee: two aggregates never share them.
        let key = self.hashers.each_ref().map(|hasher| hasher.hash_one((kind, aggregate)));
        match self.latest.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert((version, position));
                None
            }
            Entry::Occupied(seen) if seen.get().0 >= version => Some(position),
            Entry::Occupied(mut seen) => Some(seen.insert((version, position)).1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_latest_version_of_each_aggregate_and_type_are_superseded() {
        let mut pass = Pass::default();
        let mut observe = |kind, id, position| pass.observe(kind, id, position);
        assert_eq!(observe("tickets.created", "a:0", 1), None);
        assert_eq!(observe("tickets.updated", "a:1", 2), None);
        assert_eq!(observe("tickets.updated", "b:1", 3), None);
        assert_eq!(observe("tickets.updated", "a:2", 4), Some(2));
        assert_eq!(observe("tickets.updated", "a:5", 5), Some(4));
        assert_eq!(observe("tickets.updated", "a:4", 6), Some(6), "it was published late");
        assert_eq!(observe("tickets.updated", "a:5/replay-1-1", 7), None, "a replay is for one consumer");
        assert_eq!(observe("tickets.updated", "a:6", 8), Some(5));
    }
}
