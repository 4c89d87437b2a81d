use common::delivery::{DeliveryPromise, Seal};
use common::events::TicketSnapshot;
use common::id::{EventId, OrderId, UserId};
use common::version::Version;
use serde::{Deserialize, Serialize};

use super::{PlaceClaim, Seat};

/// What delivery knows of a listing, from the tickets service's events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listing {
    /// The version of the ticket that says so.
    pub(crate) version: Version,
    /// Nobody, once they are erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seller: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) promise: Option<DeliveryPromise>,
    /// The order that holds it, paid or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<OrderId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) sold: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) withdrawn: bool,
    /// The event, where it is one that is known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<EventId>,
    #[serde(default, skip_serializing_if = "Seat::is_none")]
    pub(crate) seat: Seat,
}

/// How a ticket comes to its buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The seller gives us the ticket first; the listing says which of those that they gave us is for sale.
    Sealed {
        /// None of them, as yet, if it is [`Seal::NONE`].
        listed: Seal,
    },
    /// The seller gives it to us later.
    Later,
    /// We issue it; the listing says whether we have found that its seller may sell it.
    Ours {
        /// Not yet, if it is [`Seal::NONE`].
        listed: Seal,
    },
    /// It comes in a way that was added after this was built.
    NotByUpload,
    /// Nothing is promised.
    Nothing,
}

impl Mode {
    /// That of a promise.
    pub(crate) fn of(promise: Option<&DeliveryPromise>) -> Self {
        match promise {
            Some(DeliveryPromise::Sealed { seal, .. }) => Self::Sealed { listed: *seal },
            Some(DeliveryPromise::Later { .. }) => Self::Later,
            Some(DeliveryPromise::Ours { seal, .. }) => Self::Ours { listed: *seal },
            Some(DeliveryPromise::Other) => Self::NotByUpload,
            None => Self::Nothing,
        }
    }
}

impl Listing {
    /// The seller's own order, if they sell a ticket on that we have issued.
    pub(crate) fn bought_by(&self) -> Option<OrderId> {
        match self.promise {
            Some(DeliveryPromise::Ours { bought_by, .. }) => bought_by,
            Some(_) | None => None,
        }
    }

    /// The place that it may be the only listing of, if it is of such a one.
    pub(crate) fn place_claim(&self) -> Option<PlaceClaim> {
        match self.promise {
            Some(DeliveryPromise::Ours { bought_by: Some(order), .. }) => Some(PlaceClaim::OfOrder(order)),
            Some(DeliveryPromise::Ours { bought_by: None, .. }) => PlaceClaim::numbered(self.event?, &self.seat),
            Some(_) | None => None,
        }
    }

    /// How it comes to its buyer.
    pub(crate) fn mode(&self) -> Mode {
        Mode::of(self.promise.as_ref())
    }
}

impl From<&TicketSnapshot> for Listing {
    fn from(ticket: &TicketSnapshot) -> Self {
        Self {
            version: ticket.version,
            seller: Some(ticket.user_id).filter(|seller| *seller != UserId::NOBODY),
            promise: ticket.details.delivery,
            order: ticket.order_id,
            sold: ticket.sold,
            withdrawn: ticket.withdrawn,
            event: ticket.details.event_id,
            seat: Seat::from(&ticket.details),
        }
    }
}
