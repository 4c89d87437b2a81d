//! Whose file is looked at next. Most take a moment, and some as long as they may: a few accounts with such files would
//! keep everybody else waiting. So of each seller one is looked at at once, and those whose last one took long share one
//! place, whatever they are called: the others are free for everybody else.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use common::id::UserId;
use runtime::limits::{LineIsFull, Turn, Turns};

use crate::intake::OF_ONE_SELLER;

/// What takes longer is slow: an ordinary ticket takes a tenth of it.
const SLOW: Duration = Duration::from_secs(3);
/// How many of those who are slow wait at most: the last waits for a minute.
const LONGEST_SLOW_LINE: usize = 5;
/// How many of them are remembered. If there are more, all of them may try again.
const MOST_REMEMBERED: usize = 1_000;

/// The lines in which sellers wait for their files to be looked at.
pub(crate) struct InspectionTurns {
    of_sellers: Turns,
    of_slow: Turns,
    slow: Mutex<HashSet<UserId>>,
}

/// One seller's turn, which ends when it is dropped.
pub(crate) struct InspectionTurn<'a> {
    turns: &'a InspectionTurns,
    seller: UserId,
    _own: Turn,
    _among_slow: Option<Turn>,
}

impl Default for InspectionTurns {
    fn default() -> Self {
        Self { of_sellers: Turns::new(OF_ONE_SELLER), of_slow: Turns::new(LONGEST_SLOW_LINE), slow: Mutex::default() }
    }
}

impl InspectionTurns {
    /// A turn of this seller.
    ///
    /// # Errors
    /// If too many wait already.
    pub(crate) async fn take(&self, seller: UserId) -> Result<InspectionTurn<'_>, LineIsFull> {
        let own = self.of_sellers.take(seller.to_string(), 1).await?;
        let is_slow = self.slow().contains(&seller);
        let among_slow = if is_slow { Some(self.of_slow.take(String::new(), 1).await?) } else { None };
        Ok(InspectionTurn { turns: self, seller, _own: own, _among_slow: among_slow })
    }

    fn slow(&self) -> MutexGuard<'_, HashSet<UserId>> {
        // A panic leaves nothing inconsistent behind this lock.
        self.slow.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InspectionTurn<'_> {
    /// So long the file was looked at.
    pub(crate) fn took(self, time: Duration) {
        let mut slow = self.turns.slow();
        if time < SLOW {
            slow.remove(&self.seller);
            return;
        }
        if slow.len() >= MOST_REMEMBERED {
            slow.clear();
        }
        slow.insert(self.seller);
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

    async fn after(turns: &InspectionTurns, seller: UserId, time: Duration) {
        turns.take(seller).await.expect("a turn").took(time);
    }

    #[tokio::test]
    async fn of_one_seller_one_file_is_looked_at_at_once() {
        let (turns, sellers) = (InspectionTurns::default(), sellers(2));
        let first = turns.take(sellers[0]).await.expect("a turn");
        assert!(turns.take(sellers[0]).now_or_never().is_none());
        assert!(turns.take(sellers[1]).now_or_never().is_some(), "another does not wait");
        drop(first);
        assert!(turns.take(sellers[0]).now_or_never().is_some());
    }

    #[tokio::test]
    async fn those_whose_files_took_long_share_one_place_until_one_takes_a_moment() {
        let (turns, sellers) = (InspectionTurns::default(), sellers(3));
        for seller in &sellers[..2] {
            after(&turns, *seller, SLOW).await;
        }
        let slow = turns.take(sellers[0]).await.expect("a turn");
        assert!(turns.take(sellers[1]).now_or_never().is_none(), "the place is taken");
        assert!(turns.take(sellers[2]).now_or_never().is_some(), "who was not slow does not wait");
        slow.took(Duration::from_millis(100));
        let _slow = turns.take(sellers[1]).await.expect("a turn");
        assert!(turns.take(sellers[0]).now_or_never().is_some(), "who is not slow any more does not wait");
    }

    #[tokio::test]
    async fn who_would_wait_too_long_is_told_so() {
        let (turns, sellers) = (InspectionTurns::default(), sellers(7));
        for seller in &sellers {
            after(&turns, *seller, SLOW).await;
        }
        let _first = turns.take(sellers[0]).await.expect("a turn");
        let mut waiting: Vec<_> = sellers[1..6].iter().map(|seller| Box::pin(turns.take(*seller))).collect();
        assert!(waiting.iter_mut().all(|turn| turn.now_or_never().is_none()));
        assert_eq!(turns.take(sellers[6]).await.err(), Some(LineIsFull));
    }
}
