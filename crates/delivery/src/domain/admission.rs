use common::delivery::{Seal, SealMode};
use common::id::{OrderId, TicketId};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::{Gaps, Sequence, Version};
use serde::{Deserialize, Serialize};

use super::{Gap, Listing, Mode, PlaceClaim};
use crate::sealing::FileId;

mod issue;
mod sealed;

pub(crate) use issue::{Issue, IssueRefused};
pub(crate) use sealed::{NewSeal, Sealed, SealedCodes, StoredFile, Wrapped};

/// How many of those that a seller gave us are kept at once. What is superseded is cleared away before long.
const MOST_SEALS: usize = 16;

/// The way in that a listing is about: what its seller has given us of it, one replacement after the other, and whom
/// it is sold to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Admission {
    pub(crate) id: TicketId,
    pub(crate) listing: Listing,
    /// For good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sale: Option<Sale>,
    /// What the seller has given us, the latest last, without what nobody needs any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seals: Vec<Sealed>,
    #[serde(default, skip_serializing_if = "Seal::is_none")]
    last_seal: Seal,
    /// When it last changed which of them are needed.
    since: Timestamp,
    /// Whether its seller may sell it, if we issue it, once that is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issue: Option<Issue>,
    /// The place that it is the listing of: no other has that.
    #[serde(rename = "resells", default, skip_serializing_if = "Option::is_none")]
    place_claim: Option<PlaceClaim>,
}

/// That it is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sale {
    order: OrderId,
    /// Whether its time is up: nothing is taken any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_closed: bool,
    /// Whether its buyer is erased, so that nobody sees it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_forgotten: bool,
}

impl Sale {
    fn to(order: OrderId) -> Self {
        Self { order, is_closed: false, is_forgotten: false }
    }
}

/// Why nothing is taken from the seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealRefused {
    /// Somebody is buying what they gave us before.
    #[error("Somebody has reserved this ticket. You can replace it once their time is up, unless they buy it")]
    Reserved,
    /// It is sold.
    #[error("This ticket is sold: it cannot be replaced any more")]
    Sold,
    /// It is not for sale any more.
    #[error("This ticket is not for sale any more")]
    Withdrawn,
    /// The time that they had promised is over.
    #[error("It is too late: the time you had promised is over, and the buyer gets their money back")]
    TooLate,
    /// The listing promises nothing.
    #[error("This listing does not promise a ticket: say first how its buyer gets it")]
    NothingPromised,
    /// The ticket does not come from its seller.
    #[error("This ticket is not one that its seller uploads")]
    NotByUpload,
    /// They have given us too many that have not been cleared away yet.
    #[error("You have replaced this ticket many times lately. Please try again in half an hour")]
    TooMany,
}

/// Another order has bought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ticket is sold to order {0}")]
pub(crate) struct AlreadySold(pub(crate) OrderId);

/// A ticket was sealed, or the listing has to be told once more which one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SealedAgain {
    pub(crate) seal: Seal,
    pub(crate) checked: bool,
    pub(crate) mode: SealMode,
    pub(crate) of_version: Option<Version>,
}

/// What is there when time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// This, which came in time.
    Came(Seal),
    /// Nothing, and nothing will be taken any more.
    Closed,
}

/// How what was given stands to what the listing says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SealStanding {
    /// The listing does not speak of it yet.
    Pending,
    /// It is what a buyer gets.
    Current,
    /// Another one is, or none.
    Superseded,
}

impl Admission {
    /// That of a listing that was heard of just now.
    pub(crate) fn new(id: TicketId, listing: Listing, now: Timestamp) -> Self {
        let sale = Self::sale_of(&listing);
        Self { id, listing, sale, seals: Vec::new(), last_seal: Seal::NONE, since: now, issue: None, place_claim: None }
    }

    /// The listing is like this now. If it asks for a ticket that we have already, it has to be told of it once more.
    pub(crate) fn follow(
        &mut self,
        listing: Listing,
        gaps: Gaps,
        now: Timestamp,
    ) -> Result<Outcome<Option<SealedAgain>>, Gap> {
        match (Sequence::of(listing.version, Some(self.listing.version)), gaps) {
            (Sequence::Duplicate, _) => return Ok(Outcome::Unchanged),
            (Sequence::Gap, Gaps::Awaited) => return Err(Gap),
            (Sequence::Gap, Gaps::Superseded) | (Sequence::Next, _) => {}
        }
        let (before, mode) = (self.listing.mode(), listing.mode());
        if before != mode || self.listing.withdrawn != listing.withdrawn || self.listing.sold != listing.sold {
            self.since = now;
        }
        self.sale = self.sale.or_else(|| Self::sale_of(&listing));
        self.listing = listing;
        if matches!(mode, Mode::Ours { listed: Seal::NONE }) {
            self.issue = None;
        }
        let is_asked_for = matches!(mode, Mode::Sealed { listed: Seal::NONE } | Mode::Later);
        let is_wanted = is_asked_for && before != mode && !self.is_sold() && !self.listing.withdrawn;
        Ok(Outcome::Changed(if is_wanted { self.offer_again() } else { None }))
    }

    /// Offers what is there already to a listing that has begun to ask for it, now or for later: as something new, since
    /// the listing does not go back to what it had before.
    fn offer_again(&mut self) -> Option<SealedAgain> {
        let latest = self.seals.last_mut()?;
        self.last_seal = self.last_seal.next();
        latest.seal = self.last_seal;
        Some(latest.news())
    }

    /// Whether something is taken from the seller now.
    pub(crate) fn may_seal(&self) -> Result<(), SealRefused> {
        // A listing is withdrawn when its time is up; that tells its seller why.
        if self.sale.is_some_and(|sale| sale.is_closed) {
            return Err(SealRefused::TooLate);
        }
        if self.listing.withdrawn {
            return Err(SealRefused::Withdrawn);
        }
        if self.seals.len() >= MOST_SEALS {
            return Err(SealRefused::TooMany);
        }
        match (self.listing.mode(), self.sale) {
            (Mode::Nothing, _) => Err(SealRefused::NothingPromised),
            (Mode::Ours { .. } | Mode::NotByUpload, _) => Err(SealRefused::NotByUpload),
            (Mode::Sealed { .. }, Some(_)) => Err(SealRefused::Sold),
            (Mode::Sealed { .. }, None) if self.listing.order.is_some() => Err(SealRefused::Reserved),
            (Mode::Later, Some(_)) if !self.seals.is_empty() => Err(SealRefused::Sold),
            (Mode::Sealed { .. } | Mode::Later, None) | (Mode::Later, Some(_)) => Ok(()),
        }
    }

    /// Takes this from the seller.
    pub(crate) fn seal(&mut self, what: NewSeal, now: Timestamp) -> Result<Outcome<SealedAgain>, SealRefused> {
        self.may_seal()?;
        self.last_seal = self.last_seal.next();
        let sealed = Sealed { seal: self.last_seal, at: now, what };
        let news = sealed.news();
        self.seals.push(sealed);
        self.since = now;
        Ok(Outcome::Changed(news))
    }

    /// This order has bought it, for good.
    pub(crate) fn sell(&mut self, order: OrderId, now: Timestamp) -> Result<Outcome<()>, AlreadySold> {
        match self.sale {
            Some(sale) if sale.order == order => Ok(Outcome::Unchanged),
            Some(sale) => Err(AlreadySold(sale.order)),
            None => {
                self.sale = Some(Sale::to(order));
                self.since = now;
                Ok(Outcome::Changed(()))
            }
        }
    }

    /// The time of this order is up: what has not come by now is not taken any more.
    pub(crate) fn close(&mut self, order: OrderId, now: Timestamp) -> Result<Outcome<()>, AlreadySold> {
        let sold = self.sell(order, now)?;
        let has_come = self.given_later().is_some();
        match &mut self.sale {
            Some(sale) if !sale.is_closed && !has_come => {
                sale.is_closed = true;
                Ok(Outcome::Changed(()))
            }
            Some(_) | None => Ok(sold),
        }
    }

    /// What has come by the time that it is closed.
    pub(crate) fn closing(&self) -> Closing {
        self.given_later().map_or(Closing::Closed, Closing::Came)
    }

    /// What an order whose ticket comes later is given: the latest.
    pub(crate) fn given_later(&self) -> Option<Seal> {
        self.latest().map(|latest| latest.seal)
    }

    /// Forgets these, which nobody needs any more, and says what of them is used by none of the others.
    pub(crate) fn discard(&mut self, unneeded: &[Seal]) -> Outcome<Vec<FileId>> {
        let (gone, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.seals).into_iter().partition(|sealed| unneeded.contains(&sealed.seal));
        self.seals = kept;
        if gone.is_empty() {
            return Outcome::Unchanged;
        }
        let files = gone.iter().filter_map(|sealed| Some(sealed.what.file.as_ref()?.id));
        Outcome::Changed(files.filter(|file| !self.has_file(*file)).collect())
    }

    /// Which of them nobody needs any more, as far as the listing goes: orders may.
    pub(crate) fn superseded(&self) -> Vec<Seal> {
        let is_forgotten = self.sale.is_some_and(|sale| sale.is_forgotten);
        let seals = self.seals.iter().map(|sealed| sealed.seal);
        seals.filter(|seal| is_forgotten || self.standing(*seal) == SealStanding::Superseded).collect()
    }

    /// Whom it was sold to by this order is about to be forgotten. Its seller cannot see it either.
    pub(crate) fn forget_buyer(&mut self, order: OrderId, now: Timestamp) -> Outcome<()> {
        match &mut self.sale {
            Some(sale) if sale.order == order && !sale.is_forgotten => {
                sale.is_forgotten = true;
                self.since = now;
                Outcome::Changed(())
            }
            Some(_) | None => Outcome::Unchanged,
        }
    }

    /// How one of them stands to what the listing says.
    pub(crate) fn standing(&self, seal: Seal) -> SealStanding {
        if self.listing.withdrawn {
            return SealStanding::Superseded;
        }
        match self.listing.mode() {
            Mode::Sealed { listed } if seal == listed => SealStanding::Current,
            Mode::Sealed { listed } if seal < listed || self.is_sold() => SealStanding::Superseded,
            Mode::Sealed { .. } => SealStanding::Pending,
            Mode::Later if Some(seal) == self.given_later() => SealStanding::Current,
            Mode::Later | Mode::Ours { .. } | Mode::NotByUpload | Mode::Nothing => SealStanding::Superseded,
        }
    }

    /// Its seller is forgotten.
    pub(crate) fn forget_seller(&mut self) -> Outcome<()> {
        if self.listing.seller.take().is_some() { Outcome::Changed(()) } else { Outcome::Unchanged }
    }

    /// Wraps its keys anew, where `rewrap` says how.
    pub(crate) fn rewrap<E>(
        &mut self,
        mut rewrap: impl FnMut(FileId, &Wrapped) -> Result<Option<Wrapped>, E>,
    ) -> Result<Outcome<()>, E> {
        let mut outcome = Outcome::Unchanged;
        for sealed in &mut self.seals {
            let file = sealed.what.file.as_mut().map(|file| (file.id, &mut file.key));
            let codes = sealed.what.codes.as_mut().map(|codes| (codes.id, &mut codes.key));
            for (id, key) in file.into_iter().chain(codes) {
                if let Some(wrapped) = rewrap(id, key)? {
                    *key = wrapped;
                    outcome = Outcome::Changed(());
                }
            }
        }
        Ok(outcome)
    }

    pub(crate) fn is_sold(&self) -> bool {
        self.sale.is_some()
    }

    pub(crate) fn sold_to(&self) -> Option<OrderId> {
        self.sale.map(|sale| sale.order)
    }

    pub(crate) fn latest(&self) -> Option<&Sealed> {
        self.seals.last()
    }

    pub(crate) fn sealed(&self, seal: Seal) -> Option<&Sealed> {
        self.seals.iter().find(|sealed| sealed.seal == seal)
    }

    pub(crate) fn seals(&self) -> &[Sealed] {
        &self.seals
    }

    pub(crate) fn has_file(&self, file: FileId) -> bool {
        self.seals.iter().any(|sealed| sealed.what.file.as_ref().is_some_and(|stored| stored.id == file))
    }

    /// Whether one of those that are not discarded yet claims this.
    pub(crate) fn has_claim(&self, claim: &str) -> bool {
        self.seals.iter().any(|sealed| sealed.what.has_claim(claim))
    }

    /// Whether one of those that are not superseded does.
    pub(crate) fn holds_claim(&self, claim: &str) -> bool {
        let mut live = self.seals.iter().filter(|sealed| self.standing(sealed.seal) != SealStanding::Superseded);
        live.any(|sealed| sealed.what.has_claim(claim))
    }

    /// What the seller gives us now, with the other half of it that they gave us last: a code that they type in is that
    /// of the file in which none could be read, whichever of the two came first. Who types what was read from their file
    /// gives us nothing else.
    pub(crate) fn complete(&self, given: NewSeal) -> NewSeal {
        let Some(latest) = self.latest() else { return given };
        let NewSeal { file, codes, fingerprints } = latest.what.clone();
        let is_in_file = file.is_some() && given.fingerprints.iter().all(|code| fingerprints.contains(code));
        match (&given.file, given.fingerprints.is_empty()) {
            (None, false) if is_in_file => NewSeal { file, codes, fingerprints },
            (None, false) if !latest.is_checked() => NewSeal { file, ..given },
            (Some(_), true) if file.is_none() => NewSeal { codes, fingerprints, ..given },
            (Some(_) | None, _) => given,
        }
    }

    fn sale_of(listing: &Listing) -> Option<Sale> {
        listing.order.filter(|_| listing.sold).map(Sale::to)
    }
}

#[cfg(test)]
mod tests;
