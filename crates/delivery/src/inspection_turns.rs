//! Whose file is looked at next. Most take a moment, and some as long as they may: a few accounts with such files would
//! keep everybody else waiting. So of each seller one is looked at at once; and what a brief look is not enough for waits
//! in a line of its own, as does, from then on, whatever its seller sends, until that takes a moment again.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use common::id::UserId;
use runtime::limits::{LineIsFull, Turn, Turns};

use crate::intake::OF_ONE_SELLER;

/// What takes longer is slow: an ordinary ticket takes a tenth of it.
const SLOW: Duration = Duration::from_secs(3);
/// How many files that take long wait at most: the last waits for half a minute if two are looked at at once.
const LONGEST_SLOW_LINE: usize = 5;
/// How many sellers are remembered. If there are more, all of them may try again.
const MOST_REMEMBERED: usize = 1_000;

/// The lines in which sellers wait for their files to be looked at.
pub(crate) struct InspectionTurns {
    of_sellers: Turns,
    of_slow: Turns,
    slow_at_once: usize,
    slow: Mutex<HashSet<UserId>>,
}

/// One seller's turn, which ends when it is dropped.
pub(crate) struct InspectionTurn<'a> {
    turns: &'a InspectionTurns,
    seller: UserId,
    _own: Turn,
}

/// The turn of a file that takes long, likewise.
pub(crate) struct SlowTurn<'a> {
    of_seller: &'a InspectionTurn<'a>,
    _among_slow: Turn,
}

impl InspectionTurns {
    /// So many files that take long are looked at at once.
    pub(crate) fn new(slow_at_once: usize) -> Self {
        let (of_sellers, of_slow) = (Turns::new(OF_ONE_SELLER), Turns::new(LONGEST_SLOW_LINE));
        Self { of_sellers, of_slow, slow_at_once, slow: Mutex::default() }
    }

    /// A turn of this seller.
    ///
    /// # Errors
    /// If too many wait already.
    pub(crate) async fn take(&self, seller: UserId) -> Result<InspectionTurn<'_>, LineIsFull> {
        let own = self.of_sellers.take(seller.to_string(), 1).await?;
        Ok(InspectionTurn { turns: self, seller, _own: own })
    }

    fn slow(&self) -> MutexGuard<'_, HashSet<UserId>> {
        // A panic leaves nothing inconsistent behind this lock.
        self.slow.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InspectionTurn<'_> {
    /// Whether the last file of this seller took long: so will this one, as far as anybody knows.
    pub(crate) fn is_of_slow(&self) -> bool {
        self.turns.slow().contains(&self.seller)
    }

    /// The turn of a file that a brief look was not enough for, or is not to be spent on.
    ///
    /// # Errors
    /// If too many wait already.
    pub(crate) async fn among_slow(&self) -> Result<SlowTurn<'_>, LineIsFull> {
        {
            let mut slow = self.turns.slow();
            if slow.len() >= MOST_REMEMBERED {
                slow.clear();
            }
            slow.insert(self.seller);
        }
        let among_slow = self.turns.of_slow.take(String::new(), self.turns.slow_at_once).await?;
        Ok(SlowTurn { of_seller: self, _among_slow: among_slow })
    }
}

impl SlowTurn<'_> {
    /// So long the file was looked at.
    pub(crate) fn took(self, time: Duration) {
        if time < SLOW {
            self.of_seller.turns.slow().remove(&self.of_seller.seller);
        }
    }
}

#[cfg(test)]
mod tests {
    use common::id::Id;
    use futures_util::FutureExt;

    use super::*;

    fn sellers(count: u8) -> Vec<UserId> {
        (1..=count).map(|number| Id::from_bytes([number; 12])).collect()
    }

    #[tokio::test]
    async fn of_one_seller_one_file_is_looked_at_at_once() {
        let (turns, sellers) = (InspectionTurns::new(2), sellers(2));
        let first = turns.take(sellers[0]).await.expect("a turn");
        assert!(turns.take(sellers[0]).now_or_never().is_none());
        assert!(turns.take(sellers[1]).now_or_never().is_some(), "another does not wait");
        drop(first);
        assert!(turns.take(sellers[0]).now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_was_slow_is_taken_for_slow_until_a_file_takes_a_moment() {
        let (turns, sellers) = (InspectionTurns::new(2), sellers(2));
        for (time, is_slow) in [(SLOW, true), (Duration::from_millis(100), false), (SLOW * 2, true)] {
            let turn = turns.take(sellers[0]).await.expect("a turn");
            turn.among_slow().await.expect("a turn").took(time);
            drop(turn);
            assert_eq!(turns.take(sellers[0]).await.expect("a turn").is_of_slow(), is_slow, "{time:?}");
            assert!(!turns.take(sellers[1]).await.expect("a turn").is_of_slow(), "another is not");
        }
    }

    #[tokio::test]
    async fn of_what_is_slow_only_so_much_is_looked_at_at_once_and_who_would_wait_too_long_is_told_so() {
        let (turns, sellers) = (InspectionTurns::new(2), sellers(8));
        let mut of_sellers = Vec::new();
        for seller in &sellers {
            of_sellers.push(turns.take(*seller).await.expect("a turn"));
        }
        let first = of_sellers[0].among_slow().await.expect("a turn");
        let _second = of_sellers[1].among_slow().await.expect("a turn");
        let mut waiting: Vec<_> = of_sellers[2..7].iter().map(|turn| Box::pin(turn.among_slow())).collect();
        assert!(waiting.iter_mut().all(|turn| turn.now_or_never().is_none()));
        assert_eq!(of_sellers[7].among_slow().await.err(), Some(LineIsFull));
        drop(first);
        assert!(
            waiting.iter_mut().next().is_some_and(|turn| turn.now_or_never().is_some()),
            "it is the next one's turn"
        );
    }
}
