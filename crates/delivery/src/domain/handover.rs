use common::delivery::{DeliveryPromise, Seal};
use common::id::{OrderId, TicketId, UserId};
use common::money::Price;
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::{Sequence, Version};
use serde::{Deserialize, Serialize};

use super::{Gap, Mode};

mod money;

use money::StoredPrice;

/// What an order's buyer gets, as it was promised when they ordered (invariant I14), and what has become of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Handover {
    /// The order.
    pub(crate) id: OrderId,
    /// The version of the order that was heard of last.
    pub(crate) order_version: Version,
    /// Nobody, once they are erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) buyer: Option<UserId>,
    pub(crate) ticket: TicketId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) promise: Option<DeliveryPromise>,
    /// What was to be paid. Of older orders that is not known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<StoredPrice>,
    status: Status,
    /// Whether the money went back although the order stands: for good, whatever becomes of that money.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    money_back: bool,
    #[serde(flatten)]
    given: Given,
}

/// What has become of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Open,
    Complete,
    /// Without having been paid.
    Cancelled,
    /// After it had been paid: the money goes back.
    TakenBack,
}

/// What has become of the promise. One of the last two at most, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "given", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Given {
    Nothing,
    Released {
        seal: Seal,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_viewed_at: Option<Timestamp>,
    },
    Missed {
        at: Timestamp,
    },
}

/// What is heard of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    Completed,
    Cancelled,
}

/// The buyer has it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Released;

/// The buyer does not get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missed;

/// How it stands, for its buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandoverState {
    /// The order is not paid.
    Unpaid,
    /// It is, and the ticket is still to come.
    Waiting,
    /// The buyer has it.
    Released,
    /// It did not come in time.
    Missed,
    /// The order was cancelled after it was paid, or the money went back.
    TakenBack,
    /// Nothing was promised.
    NothingPromised,
}

impl Handover {
    /// That of a new order.
    pub(crate) fn new(
        id: OrderId,
        order_version: Version,
        buyer: UserId,
        (ticket, price): (TicketId, Price),
        promise: Option<DeliveryPromise>,
    ) -> Self {
        let (status, given, price) = (Status::Open, Given::Nothing, Some(price.into()));
        Self { id, order_version, buyer: Some(buyer), ticket, promise, price, status, money_back: false, given }
    }

    /// This has become of the order, in this version of it.
    pub(crate) fn hear(&mut self, version: Version, heard: Heard) -> Result<Outcome<()>, Gap> {
        match Sequence::of(version, Some(self.order_version)) {
            Sequence::Duplicate => return Ok(Outcome::Unchanged),
            Sequence::Gap => return Err(Gap),
            Sequence::Next => self.order_version = version,
        }
        self.status = match (self.status, heard) {
            (Status::Open | Status::Complete, Heard::Completed) => Status::Complete,
            (Status::Open | Status::Cancelled, Heard::Cancelled) => Status::Cancelled,
            (Status::Complete | Status::TakenBack, Heard::Cancelled) => Status::TakenBack,
            // An order that was cancelled never completes.
            (Status::Cancelled | Status::TakenBack, Heard::Completed) => self.status,
        };
        Ok(Outcome::Changed(()))
    }

    /// Which of those that the seller gave us its buyer gets, if `latest` is the latest. None: nothing yet.
    pub(crate) fn due_seal(&self, latest: Option<Seal>) -> Option<Seal> {
        if !self.is_awaited() {
            return None;
        }
        match Mode::of(self.promise.as_ref()) {
            Mode::Sealed { listed } => Some(listed).filter(|seal| !seal.is_none()),
            Mode::Later => latest,
            Mode::Ours { .. } | Mode::NotByUpload | Mode::Nothing => None,
        }
    }

    /// What we issue its buyer, if they are to get that and have not: the seal that it was ordered with.
    pub(crate) fn due_issue(&self) -> Option<Seal> {
        match self.promise {
            Some(DeliveryPromise::Ours { seal, .. }) if self.is_awaited() => Some(seal),
            Some(_) | None => None,
        }
    }

    /// Whether its ticket is one that we issue.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.promise, Some(DeliveryPromise::Ours { .. }))
    }

    /// Whether it may have been issued to an order that was cancelled since, or whose money went back.
    pub(crate) fn is_ended(&self) -> bool {
        matches!(self.standing(), Status::Cancelled | Status::TakenBack)
    }

    /// What its buyer has paid for cannot be issued any more: they get their money back.
    pub(crate) fn give_up(&mut self, now: Timestamp) -> Outcome<Missed> {
        if self.due_issue().is_none() {
            return Outcome::Unchanged;
        }
        self.given = Given::Missed { at: now };
        Outcome::Changed(Missed)
    }

    /// Gives the buyer this, if they are to get something and have not.
    pub(crate) fn release(&mut self, seal: Seal, now: Timestamp) -> Outcome<Released> {
        if !self.is_awaited() {
            return Outcome::Unchanged;
        }
        self.given = Given::Released { seal, at: now, first_viewed_at: None };
        Outcome::Changed(Released)
    }

    /// Nothing has come, and time is up.
    pub(crate) fn miss(&mut self, now: Timestamp) -> Outcome<Missed> {
        if !self.is_due(now) {
            return Outcome::Unchanged;
        }
        self.given = Given::Missed { at: now };
        Outcome::Changed(Missed)
    }

    /// The buyer looks at it.
    pub(crate) fn view(&mut self, now: Timestamp) -> Outcome<()> {
        let standing = self.standing();
        match (&mut self.given, standing) {
            (Given::Released { first_viewed_at: first @ None, .. }, Status::Complete) => {
                *first = Some(now);
                Outcome::Changed(())
            }
            (Given::Released { .. } | Given::Nothing | Given::Missed { .. }, _) => Outcome::Unchanged,
        }
    }

    /// Its buyer is forgotten.
    pub(crate) fn forget_buyer(&mut self) -> Outcome<()> {
        if self.buyer.take().is_some() { Outcome::Changed(()) } else { Outcome::Unchanged }
    }

    /// How it stands.
    pub(crate) fn state(&self) -> HandoverState {
        match (self.given, self.standing()) {
            (Given::Missed { .. }, _) => HandoverState::Missed,
            (Given::Nothing | Given::Released { .. }, Status::TakenBack) => HandoverState::TakenBack,
            (Given::Nothing | Given::Released { .. }, Status::Open | Status::Cancelled) => HandoverState::Unpaid,
            (Given::Released { .. }, Status::Complete) => HandoverState::Released,
            (Given::Nothing, Status::Complete) if self.promise.is_none() => HandoverState::NothingPromised,
            (Given::Nothing, Status::Complete) => HandoverState::Waiting,
        }
    }

    /// What the buyer has, now.
    pub(crate) fn released(&self) -> Option<Seal> {
        match (self.given, self.standing()) {
            (Given::Released { seal, .. }, Status::Complete) => Some(seal),
            (Given::Released { .. } | Given::Nothing | Given::Missed { .. }, _) => None,
        }
    }

    /// When it was released, and when the buyer first looked at it.
    pub(crate) fn released_at(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        match self.given {
            Given::Released { at, first_viewed_at, .. } => (Some(at), first_viewed_at),
            Given::Nothing | Given::Missed { .. } => (None, None),
        }
    }

    /// Whether the order is paid, and not cancelled since. Then its ticket is sold, also where the money went back.
    pub(crate) fn is_complete(&self) -> bool {
        self.status == Status::Complete
    }

    /// How the order stands, for what its buyer may have.
    fn standing(&self) -> Status {
        match self.status {
            Status::Complete if self.money_back => Status::TakenBack,
            status => status,
        }
    }

    /// Whether the buyer has paid and is to get something still.
    pub(crate) fn is_awaited(&self) -> bool {
        self.promise.is_some() && self.state() == HandoverState::Waiting
    }

    /// By when it must have come, if it is awaited, and was promised for some time.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        match self.promise {
            Some(DeliveryPromise::Later { until }) if self.is_awaited() => Some(until),
            Some(_) | None => None,
        }
    }

    /// Whether it is awaited and its time is up.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.due_at().is_some_and(|until| until <= now)
    }

    /// Whether this one may have to be there for it.
    pub(crate) fn needs(&self, seal: Seal) -> bool {
        self.may_sell(seal) && !self.is_forgotten()
    }

    /// Whether nobody is to see any more what was sold by it: its buyer is erased, and waits for nothing.
    fn is_forgotten(&self) -> bool {
        self.buyer.is_none() && self.is_complete() && !self.is_awaited()
    }

    /// Whether this one is sold by it, or may be still. Then its codes are nobody else's to sell, also once it is gone.
    pub(crate) fn may_sell(&self, seal: Seal) -> bool {
        let may_need = match Mode::of(self.promise.as_ref()) {
            Mode::Sealed { listed } => listed == seal,
            Mode::Later | Mode::NotByUpload => true,
            Mode::Ours { .. } | Mode::Nothing => false,
        };
        match (self.status, self.given) {
            (Status::Open, _) | (Status::Complete, Given::Nothing) => may_need,
            // Also where the money went back: its codes stay sold.
            (Status::Complete, Given::Released { seal: released, .. }) => released == seal,
            (Status::Complete, Given::Missed { .. }) | (Status::Cancelled | Status::TakenBack, _) => false,
        }
    }
}

#[cfg(test)]
mod tests;
