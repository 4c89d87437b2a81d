//! One attempt to reserve a ticket.

use common::money::{Currency, Price};
use common::version::Versioned;
use ports::store::{Conflict, StoreError};

use crate::budget::Buyer;
use crate::domain::{NotForSale, Order, OrderReserved, Ticket, TicketEdition};
use crate::error::OrdersError;
use crate::state::OrdersState;
use crate::store::ONE_ORDER_PER_SLOT;

/// How often another slot is tried because one that was free has just been taken: by so many other orders of the
/// same buyer, of which there are at most 16.
const MAX_SLOTS_TRIED: usize = 32;

/// The outcome of an attempt.
pub(crate) enum Reserved {
    /// The buyer has it.
    Now(Versioned<Order>),
    /// This order has had it before.
    Before(Versioned<Order>),
    /// The order would be made of an edition that is not for sale any more (invariant I13).
    EditionClosed,
    /// The order that was in the way has just ended.
    JustFreed,
}

/// The price that a buyer has seen, as far as they say so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenPrice {
    pub(crate) price: Option<Price>,
    pub(crate) currency: Option<Currency>,
}

impl SeenPrice {
    fn is_of(self, ticket: &Ticket) -> bool {
        self.price.is_none_or(|seen| seen == ticket.price) && self.currency.is_none_or(|seen| seen == ticket.currency)
    }
}

/// Makes an order of the ticket as it is known here. Whether it can be, one insert decides, under the
/// unique indexes of the orders (invariants I1 and I13).
pub(crate) async fn reserve(
    state: &OrdersState,
    ticket: &Versioned<Ticket>,
    buyer: Buyer,
    seen: SeenPrice,
) -> Result<Reserved, OrdersError> {
    let now = state.clock.now();
    let order = match Order::reserve(state.ids.next(now), ticket, buyer.user, now, state.settings.reservation) {
        // The buyer may have seen a newer promise than we have.
        Err(NotForSale::Unsealed | NotForSale::Overdue) if is_closed(state, ticket).await? => {
            return Ok(Reserved::EditionClosed);
        }
        order => order?,
    };
    if let Some(held) = state.holders.recall(ticket.id).await? {
        return Ok(Reserved::Before(held));
    }
    if state.is_called_off(&ticket.details).await? {
        return Err(NotForSale::EventCancelled.into());
    }
    if !seen.is_of(ticket) {
        // The buyer may have seen a newer price than we have.
        return if is_closed(state, ticket).await? {
            Ok(Reserved::EditionClosed)
        } else {
            Err(OrdersError::PriceChanged { price: ticket.price, currency: ticket.currency })
        };
    }
    state.quota.check_cool_down(ticket, buyer.user, now).await?;
    let counted = state.budget.take(buyer)?;
    let placed = place(state, ticket, order, buyer).await;
    if !matches!(placed, Ok(Reserved::Now(_))) {
        state.budget.give_back(&counted);
    }
    placed
}

/// Stores the order in one of its buyer's slots.
async fn place(state: &OrdersState, ticket: &Ticket, order: Order, buyer: Buyer) -> Result<Reserved, OrdersError> {
    let mut slot = state.quota.first_slot(ticket.id, buyer);
    for _ in 0..MAX_SLOTS_TRIED {
        let index = match state.orders.insert(order.clone().in_slot(slot), &OrderReserved).await {
            Ok(placed) => {
                state.holders.remember(&placed);
                return Ok(Reserved::Now(placed));
            }
            Err(StoreError::Conflict(Conflict::Unique(index))) => index,
            Err(error) => return Err(error.into()),
        };
        match find_claim(state, ticket).await? {
            Reserved::JustFreed if index == ONE_ORDER_PER_SLOT => {
                slot = Some(state.quota.free_slot(buyer, order.created_at).await?);
            }
            claim => return Ok(claim),
        }
    }
    Err(OrdersError::Store(StoreError::Conflict(Conflict::Unique(ONE_ORDER_PER_SLOT))))
}

/// What had the ticket before.
async fn find_claim(state: &OrdersState, ticket: &Ticket) -> Result<Reserved, OrdersError> {
    if let Some(held) = state.holders.find(ticket.id).await? {
        return Ok(Reserved::Before(held));
    }
    Ok(if is_closed(state, ticket).await? { Reserved::EditionClosed } else { Reserved::JustFreed })
}

async fn is_closed(state: &OrdersState, ticket: &Ticket) -> Result<bool, StoreError> {
    let edition = TicketEdition { id: ticket.id, edition: ticket.edition };
    Ok(state.closed.get(edition.record_id()).await?.is_some())
}
