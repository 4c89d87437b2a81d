//! What a seller promises about how the ticket comes to its buyer.

use std::time::Duration;

use common::delivery::{DeliveryPromise, Seal};
use common::events::EventDetails;
use common::id::OrderId;
use common::time::Timestamp;

use super::Edit;

/// How long before its event a ticket is delivered at the latest.
const BEFORE_THE_EVENT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long after the moment of a promise word may come of what was given to us before: by then nobody buys the ticket, but
/// it is not withdrawn yet.
pub(crate) const HEARD_WITHIN: Duration = Duration::from_secs(60);

/// What a seller says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SentDelivery {
    /// They give us the ticket before it is for sale.
    Sealed,
    /// They give it to us once it is sold: before this moment, or else as late as they may.
    Later { until: Option<Timestamp> },
    /// We issue it; this is the order by which they have bought it here, if they have.
    Ours { bought_by: Option<OrderId> },
}

/// Why a promise cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidDelivery {
    /// Nobody knows what is later.
    #[error("Start is required for a ticket that is delivered later")]
    NoStart,
    /// We issue tickets to known events alone.
    #[error("Delivery by us needs an event: eventId is required")]
    NoEvent,
    /// The buyer would have it too late.
    #[error("A later delivery must be at least a day before the event starts")]
    TooLate,
    /// It would be missed from the first moment.
    #[error("A later delivery must be in the future, and at least a day before the event starts")]
    Past,
}

impl InvalidDelivery {
    /// The field that is at fault.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::NoStart => "startsAt",
            Self::NoEvent => "eventId",
            Self::TooLate | Self::Past => "delivery",
        }
    }
}

/// What is promised after a seller's words about a ticket that was to `before` and is to `after`.
pub(super) fn promise(
    sent: &Edit<SentDelivery>,
    before: &EventDetails,
    after: &EventDetails,
    now: Timestamp,
) -> Result<Option<DeliveryPromise>, InvalidDelivery> {
    let promise = match sent {
        Edit::Set(sent) => Some(sent.promise(before, after)?),
        Edit::Clear => usual(after.starts_at, now),
        Edit::Keep => kept(before, after, now),
    };
    check(promise, after, now)?;
    Ok(promise)
}

/// What is promised when nobody says anything, and the ticket is to something else than before. A moment that nobody has
/// chosen follows the event; one that was chosen is moved only as far as it has to be.
pub(super) fn kept(before: &EventDetails, after: &EventDetails, now: Timestamp) -> Option<DeliveryPromise> {
    let is_unmoved = before.starts_at == after.starts_at;
    match before.delivery {
        promise @ (None | Some(DeliveryPromise::Later { .. })) if is_unmoved => promise,
        None => usual(after.starts_at, now),
        Some(DeliveryPromise::Later { until }) if Some(until) == latest(before.starts_at) => {
            usual(after.starts_at, now)
        }
        Some(DeliveryPromise::Later { until }) => {
            let until = latest(after.starts_at).map_or(until, |latest| until.min(latest));
            Some(DeliveryPromise::Later { until })
        }
        Some(DeliveryPromise::Ours { bought_by, .. }) if place(before) != place(after) => {
            Some(DeliveryPromise::Ours { seal: Seal::NONE, bought_by })
        }
        promise => promise,
    }
}

/// What a seller's words make of a promise, as far as it says which admission they sell.
pub(super) fn named(sent: &Edit<SentDelivery>, before: Option<DeliveryPromise>) -> Option<DeliveryPromise> {
    match *sent {
        Edit::Keep => before,
        Edit::Set(SentDelivery::Ours { bought_by }) => Some(DeliveryPromise::Ours { seal: Seal::NONE, bought_by }),
        Edit::Set(SentDelivery::Sealed | SentDelivery::Later { .. }) | Edit::Clear => None,
    }
}

/// What we issue is issued for this, and for nothing else.
pub(super) fn place(details: &EventDetails) -> impl PartialEq + use<> {
    let EventDetails { event_id, tier, section, row, seat, .. } = details;
    (*event_id, [tier, section, row, seat].map(Clone::clone))
}

/// Whether somebody has to give us something before the ticket is for sale, and has not yet.
pub(super) fn awaits_seal(promise: Option<DeliveryPromise>) -> bool {
    match promise {
        Some(promise @ (DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. })) => promise.seal().is_none(),
        Some(DeliveryPromise::Later { .. } | DeliveryPromise::Other) | None => false,
    }
}

/// Whether something is given to us before the ticket is sold, or may be.
pub(super) fn can_be_sealed(promise: DeliveryPromise) -> bool {
    match promise {
        DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. } | DeliveryPromise::Later { .. } => true,
        DeliveryPromise::Other => false,
    }
}

/// What is promised after this was given to us; `None` if nothing was to be. What was to come later is there now: from
/// then on its moment ends nothing.
pub(super) fn sealed(promise: DeliveryPromise, given: Seal, is_checked: bool) -> Option<DeliveryPromise> {
    match promise {
        DeliveryPromise::Sealed { .. } | DeliveryPromise::Later { .. } => {
            Some(DeliveryPromise::Sealed { seal: given, checked: is_checked })
        }
        DeliveryPromise::Ours { bought_by, .. } => Some(DeliveryPromise::Ours { seal: given, bought_by }),
        DeliveryPromise::Other => None,
    }
}

/// The latest moment at which a ticket is delivered.
fn latest(starts_at: Option<Timestamp>) -> Option<Timestamp> {
    starts_at.map(|starts_at| starts_at - BEFORE_THE_EVENT)
}

/// What is promised if nobody says anything: nothing, where nobody knows when the event is, or it is too soon.
fn usual(starts_at: Option<Timestamp>, now: Timestamp) -> Option<DeliveryPromise> {
    latest(starts_at).filter(|until| now < *until).map(|until| DeliveryPromise::Later { until })
}

fn check(promise: Option<DeliveryPromise>, details: &EventDetails, now: Timestamp) -> Result<(), InvalidDelivery> {
    match promise {
        Some(DeliveryPromise::Later { until }) => {
            let latest = latest(details.starts_at).ok_or(InvalidDelivery::NoStart)?;
            if until <= now {
                Err(InvalidDelivery::Past)
            } else if until > latest {
                Err(InvalidDelivery::TooLate)
            } else {
                Ok(())
            }
        }
        Some(DeliveryPromise::Ours { .. }) if details.event_id.is_none() => Err(InvalidDelivery::NoEvent),
        Some(DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. } | DeliveryPromise::Other) | None => Ok(()),
    }
}

impl SentDelivery {
    /// What was given to us stays given, unless the seller promises something else.
    fn promise(self, before: &EventDetails, after: &EventDetails) -> Result<DeliveryPromise, InvalidDelivery> {
        match (self, before.delivery) {
            (Self::Sealed, Some(present @ DeliveryPromise::Sealed { .. })) => Ok(present),
            (Self::Sealed, _) => Ok(DeliveryPromise::Sealed { seal: Seal::NONE, checked: false }),
            (Self::Later { until }, _) => {
                let latest = latest(after.starts_at).ok_or(InvalidDelivery::NoStart)?;
                Ok(DeliveryPromise::Later { until: until.unwrap_or(latest) })
            }
            (Self::Ours { bought_by }, Some(present @ DeliveryPromise::Ours { bought_by: named, .. }))
                if bought_by == named && place(before) == place(after) =>
            {
                Ok(present)
            }
            (Self::Ours { bought_by }, _) => Ok(DeliveryPromise::Ours { seal: Seal::NONE, bought_by }),
        }
    }
}

#[cfg(test)]
mod tests;
