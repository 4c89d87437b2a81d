use std::time::Duration;

use common::id::TicketId;
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a claim holds that nobody has confirmed: far longer than it takes to. What is sealed must have claimed its
/// codes less than half of that before.
pub(crate) const GRACE: Duration = Duration::from_secs(10 * 60);
/// How often what nobody needs any more is cleared away.
pub(crate) const CLEARED_EVERY: Duration = Duration::from_secs(10 * 60);
/// How long after it was replaced a code is free again, at the latest.
pub(crate) const FREED_WITHIN: Duration = GRACE.saturating_add(CLEARED_EVERY);

/// That a code belongs to one listing (invariant I17): there is one of these for each code. It is made before the
/// ticket with the code is sealed, so that of two who have the same code one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeClaim {
    /// What the code is recognised by.
    pub(crate) id: String,
    pub(crate) ticket: TicketId,
    state: ClaimState,
    claimed_at: Timestamp,
    /// How often it was claimed again: tells two claims of one moment apart.
    #[serde(default, skip_serializing_if = "is_zero")]
    again: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ClaimState {
    /// The ticket with the code is about to be sealed.
    Claimed,
    /// It is.
    Held,
    /// Nobody has the code: this can go.
    Free,
}

/// That a code was claimed for a listing, and how it stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claimed {
    /// Nobody had it.
    Anew(ClaimedAnew),
    /// It was the listing's already.
    Again,
}

/// Which claim it was of a code that nobody had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClaimedAnew {
    at: Timestamp,
    again: u32,
}

/// Another listing has the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken(pub(crate) TicketId);

impl CodeClaim {
    /// A listing is about to have this code.
    pub(crate) fn new(id: String, ticket: TicketId, now: Timestamp) -> Self {
        Self { id, ticket, state: ClaimState::Claimed, claimed_at: now, again: 0 }
    }

    /// The listing that has the code, or is about to.
    pub(crate) fn holder(&self) -> Option<TicketId> {
        match self.state {
            ClaimState::Claimed | ClaimState::Held => Some(self.ticket),
            ClaimState::Free => None,
        }
    }

    /// This claim, of a code that nobody had before it.
    pub(crate) fn claimed_anew(&self) -> ClaimedAnew {
        ClaimedAnew { at: self.claimed_at, again: self.again }
    }

    /// A listing is about to have the code, once more or after another.
    pub(crate) fn claim(&mut self, ticket: TicketId, now: Timestamp) -> Result<Outcome<Claimed>, Taken> {
        let was_free = match self.state {
            ClaimState::Claimed | ClaimState::Held if self.ticket != ticket => return Err(Taken(self.ticket)),
            ClaimState::Claimed | ClaimState::Held => false,
            ClaimState::Free => true,
        };
        let again = self.again.wrapping_add(1);
        *self = Self { again, ..Self::new(std::mem::take(&mut self.id), ticket, now) };
        Ok(Outcome::Changed(if was_free { Claimed::Anew(self.claimed_anew()) } else { Claimed::Again }))
    }

    /// What had claimed it has come to nothing. It is free again, unless it was claimed once more since.
    pub(crate) fn undo(&mut self, ticket: TicketId, claimed: ClaimedAnew) -> Outcome<()> {
        if self.claimed_anew() == claimed { self.free(ticket, claimed.at) } else { Outcome::Unchanged }
    }

    /// The listing has the code.
    pub(crate) fn hold(&mut self, ticket: TicketId) -> Outcome<()> {
        match self.state {
            ClaimState::Claimed if self.ticket == ticket => {
                self.state = ClaimState::Held;
                Outcome::Changed(())
            }
            ClaimState::Claimed | ClaimState::Held | ClaimState::Free => Outcome::Unchanged,
        }
    }

    /// The listing does not have the code any more, if nobody has claimed it for the listing after `before`.
    pub(crate) fn free(&mut self, ticket: TicketId, before: Timestamp) -> Outcome<()> {
        match self.state {
            ClaimState::Claimed | ClaimState::Held if self.ticket == ticket && self.claimed_at <= before => {
                self.state = ClaimState::Free;
                Outcome::Changed(())
            }
            ClaimState::Claimed | ClaimState::Held | ClaimState::Free => Outcome::Unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_code_belongs_to_one_listing_until_that_gives_it_up() {
        let (mine, other): (TicketId, TicketId) = (id(1), id(2));
        let mut claim = CodeClaim::new("hash".into(), mine, at(0));
        assert_eq!(claim.claim(other, at(1)), Err(Taken(mine)));
        assert!(claim.claim(mine, at(2)).expect("is mine").is_changed());
        assert!(!claim.hold(other).is_changed() && claim.hold(mine).is_changed());
        assert_eq!(claim.claim(other, at(3)), Err(Taken(mine)));
        assert!(!claim.free(other, at(9)).is_changed() && claim.free(mine, at(9)).is_changed());
        assert!(claim.claim(other, at(10)).expect("is free").is_changed());
        assert_eq!((claim.ticket, claim.claim(mine, at(11))), (other, Err(Taken(other))));
    }

    #[test]
    fn what_one_attempt_claimed_it_frees_unless_another_has_claimed_it_within_the_same_moment() {
        let mut claim = CodeClaim::new("hash".into(), id(1), at(0));
        let first = claim.claimed_anew();
        assert_eq!(claim.claim(id(1), at(0)), Ok(Outcome::Changed(Claimed::Again)));
        assert!(!claim.undo(id(1), first).is_changed(), "the second is about to be sealed");
        assert!(claim.free(id(1), at(0)).is_changed());
        let Ok(Outcome::Changed(Claimed::Anew(mine))) = claim.claim(id(1), at(0)) else { panic!("nobody has it") };
        assert!(!claim.clone().undo(id(2), mine).is_changed());
        assert!(claim.clone().undo(id(1), mine).is_changed());
        assert!(claim.hold(id(1)).is_changed());
        assert_eq!(claim.claim(id(1), at(0)), Ok(Outcome::Changed(Claimed::Again)));
        assert!(!claim.undo(id(1), mine).is_changed());
    }

    #[test]
    fn what_was_claimed_again_since_is_not_freed() {
        let mut claim = CodeClaim::new("hash".into(), id(1), at(0));
        assert!(claim.hold(id(1)).is_changed());
        assert!(claim.claim(id(1), at(20)).expect("is mine").is_changed());
        assert!(!claim.free(id(1), at(19)).is_changed(), "it is about to be sealed");
        assert!(claim.free(id(1), at(20)).is_changed());
    }
}
