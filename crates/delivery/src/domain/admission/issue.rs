//! Whether the seller of a ticket that we issue may sell it.

use common::delivery::{Seal, SealMode};
use common::id::{EventId, OrderId, TicketId};
use common::outcome::Outcome;
use common::version::Version;
use serde::{Deserialize, Serialize};

use super::{Admission, Mode, PlaceClaim, SealedAgain};

/// Whether the seller of a ticket that we issue may sell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decided", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Issue {
    /// They may, for this event.
    Granted {
        seal: Seal,
        event: EventId,
        /// The place that its buyer gets.
        place: TicketId,
        /// The order that has the place until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bought_by: Option<OrderId>,
    },
    /// They may not.
    Refused { because: IssueRefused },
}

/// Why somebody may not sell a ticket that we issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub(crate) enum IssueRefused {
    /// They name no order of theirs, and organise nothing.
    #[error("Only the organiser of the event can sell a ticket that is issued here")]
    NotTheOrganiser,
    /// The order that they name is not theirs, or they do not have its ticket.
    #[error("The order that you name has no ticket that you could sell on")]
    NotTheHolder,
    /// What they have bought is to something else.
    #[error("The ticket of the order that you name is to another event")]
    AnotherEvent,
    /// The listing is of another seat, or another kind of ticket.
    #[error("The ticket of the order that you name is for another place than this one")]
    AnotherPlace,
    /// Somebody has gone in with it.
    #[error("The ticket of the order that you name has been used")]
    Used,
    /// They sell it in another listing.
    #[error("This ticket is for sale here already, or was sold here.")]
    ListedTwice,
    /// It is a numbered place, and another listing is of it.
    #[error("This place is for sale here already, or was sold here.")]
    PlaceListed,
}

impl Admission {
    /// Whether it is to be decided whether its seller may sell it: we issue it, and the listing does not say yet that they
    /// may.
    pub(crate) fn awaits_decision(&self) -> bool {
        let is_unsealed = matches!(self.listing.mode(), Mode::Ours { listed: Seal::NONE });
        let is_granted = matches!(self.issue, Some(Issue::Granted { .. }));
        is_unsealed && !is_granted && !self.is_sold() && !self.listing.withdrawn
    }

    /// Its seller may sell this place, if the listing is still what that was decided for. The next who buys it gets the
    /// place.
    pub(crate) fn grant(&mut self, of_version: Version, place: TicketId) -> Outcome<SealedAgain> {
        let (Some(event), bought_by) = (self.listing.event, self.listing.bought_by()) else {
            return Outcome::Unchanged;
        };
        if !self.awaits_decision() || self.listing.version != of_version {
            return Outcome::Unchanged;
        }
        self.last_seal = self.last_seal.next();
        let seal = self.last_seal;
        self.issue = Some(Issue::Granted { seal, event, place, bought_by });
        Outcome::Changed(SealedAgain { seal, checked: true, mode: SealMode::Ours, of_version: Some(of_version) })
    }

    /// They may not, if the listing is still what that was decided for.
    pub(crate) fn refuse_issue(&mut self, of_version: Version, because: IssueRefused) -> Outcome<()> {
        let refused = Some(Issue::Refused { because });
        if !self.awaits_decision() || self.listing.version != of_version || self.issue == refused {
            return Outcome::Unchanged;
        }
        self.issue = refused;
        Outcome::Changed(())
    }

    /// Somebody has gone in with the place that this order has. If it is offered again by this listing, and nobody has bought
    /// it, its seller may not sell it any more, and the listing has to be told.
    pub(crate) fn use_up(&mut self, holder: OrderId) -> Outcome<SealedAgain> {
        let is_offered = matches!(self.issue, Some(Issue::Granted { bought_by: Some(order), .. }) if order == holder);
        if !is_offered || self.is_sold() || self.listing.withdrawn {
            return Outcome::Unchanged;
        }
        self.last_seal = self.last_seal.next();
        self.issue = Some(Issue::Refused { because: IssueRefused::Used });
        Outcome::Changed(SealedAgain { seal: self.last_seal, checked: false, mode: SealMode::Used, of_version: None })
    }

    /// Whether its seller may sell it, as far as that is decided.
    pub(crate) fn issue(&self) -> Option<Issue> {
        self.issue
    }

    /// It is about to be the one listing of this place.
    pub(crate) fn claim_place(&mut self, claim: PlaceClaim) -> Outcome<()> {
        if self.place_claim.as_ref() == Some(&claim) {
            return Outcome::Unchanged;
        }
        self.place_claim = Some(claim);
        Outcome::Changed(())
    }

    /// It is not any more, if it was this place's.
    pub(crate) fn claim_place_no_more(&mut self, claim: &PlaceClaim) -> Outcome<()> {
        if self.place_claim.as_ref() != Some(claim) || !self.gives_up_place() {
            return Outcome::Unchanged;
        }
        self.place_claim = None;
        Outcome::Changed(())
    }

    /// The place that it is the one listing of.
    pub(crate) fn place_claim(&self) -> Option<&PlaceClaim> {
        self.place_claim.as_ref()
    }

    /// Whether another listing may have the place that this one was of.
    pub(crate) fn gives_up_place(&self) -> bool {
        self.listing.withdrawn || (self.place_claim != self.listing.place_claim() && !self.is_sold())
    }
}
