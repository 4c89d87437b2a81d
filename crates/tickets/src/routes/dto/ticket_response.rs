use common::delivery::DeliveryPromise;
use common::events::{EventDetails, TicketSnapshot};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::version::{Version, Versioned};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Ticket;
use crate::store::snapshot;

/// A ticket as clients see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Ticket)]
pub(crate) struct TicketResponse {
    /// Its id.
    id: TicketId,
    /// What it is called.
    #[schema(example = "Hamilton, two seats together")]
    title: String,
    /// What it costs, in whole units of the currency.
    price: Price,
    /// The currency of the price.
    currency: Currency,
    /// Its seller.
    user_id: UserId,
    /// How often it has changed.
    version: Version,
    /// The order that holds or has bought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    order_id: Option<OrderId>,
    /// Present, and true, once it is sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sold: Option<bool>,
    /// Present, and true, once its seller has taken it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withdrawn: Option<bool>,
    /// How often somebody reserved it and did not buy it, if that has happened. Only its seller is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reserved_not_bought: Option<u32>,
    /// Present, and true, if another seller has the same seat of the same event for sale, or has sold it. Told only where
    /// one ticket is shown that is not sold or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    also_offered: Option<bool>,
    /// Present, and true, if we issue the ticket and its seller has bought it here: they do not organise the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sold_on: Option<bool>,
    #[serde(flatten)]
    details: EventDetails,
}

impl TicketResponse {
    /// The ticket as its seller sees it.
    pub(crate) fn for_seller(ticket: Versioned<Ticket>) -> Self {
        let reserved_not_bought = Some(ticket.reserved_not_bought).filter(|times| *times > 0);
        let details = ticket.details.clone();
        Self { reserved_not_bought, details, ..ticket.into() }
    }

    /// The same, with whether another seller offers the same seat.
    #[must_use]
    pub(crate) fn also_offered(self, also_offered: bool) -> Self {
        Self { also_offered: also_offered.then_some(true), ..self }
    }
}

/// The ticket as everybody sees it.
impl From<TicketSnapshot> for TicketResponse {
    fn from(snapshot: TicketSnapshot) -> Self {
        let TicketSnapshot { id, version, title, price, currency, user_id, order_id, details, .. } = snapshot;
        let (sold, withdrawn) = (snapshot.sold.then_some(true), snapshot.withdrawn.then_some(true));
        // No order has what is withdrawn.
        let order_id = order_id.filter(|_| !snapshot.withdrawn);
        let is_sold_on = matches!(details.delivery, Some(DeliveryPromise::Ours { bought_by: Some(_), .. }));
        let delivery = details.delivery.map(DeliveryPromise::without_order);
        Self {
            id,
            title,
            price,
            currency,
            user_id,
            version,
            order_id,
            sold,
            withdrawn,
            reserved_not_bought: None,
            also_offered: None,
            sold_on: is_sold_on.then_some(true),
            details: EventDetails { delivery, ..details },
        }
    }
}

impl From<Versioned<Ticket>> for TicketResponse {
    fn from(ticket: Versioned<Ticket>) -> Self {
        snapshot(&ticket).into()
    }
}
