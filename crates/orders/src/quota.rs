//! How much one buyer may hold: so many orders at once that are not paid yet, and one ticket not over and over.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::time::Duration;

use common::id::{TicketId, UserId};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::{Version, Versioned};
use ports::store::{Condition, Direction, Query, StoreError};
use runtime::store::Store;

use crate::Settings;
use crate::budget::Buyer;
use crate::domain::{Order, Ticket, reservable_from};
use crate::error::OrdersError;
use crate::store::{SLOT_HELD, fields};

/// How many ended orders of one ticket are looked at: more of them make no wait any longer.
const LOOKED_AT: usize = 16;

/// Knows what a buyer holds and held. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Quota {
    orders: Store<Order>,
    at_once: Option<u8>,
    cool_down: Duration,
}

impl Quota {
    pub(crate) fn new(orders: Store<Order>, settings: &Settings) -> Self {
        Self { orders, at_once: settings.reservations, cool_down: settings.cool_down }
    }

    /// The slot to try first for an order of this ticket; `None` if buyers may have any number of orders. Those of
    /// one buyer are seldom the same, so that an attempt seldom fails while slots are free.
    pub(crate) fn first_slot(&self, ticket: TicketId, buyer: Buyer) -> Option<u8> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(ticket);
        let slots = self.slots(buyer).map(u64::from)?.max(1);
        u8::try_from(hash % slots).ok()
    }

    /// How many orders the buyer may have that are not paid yet: one until their address is confirmed.
    fn slots(&self, buyer: Buyer) -> Option<u8> {
        if buyer.is_confirmed { self.at_once } else { Some(1) }
    }

    /// A slot that is free at this moment.
    pub(crate) async fn free_slot(&self, buyer: Buyer, now: Timestamp) -> Result<u8, OrdersError> {
        let conditions = vec![
            Condition::Equals(fields::SLOT_STATE, SLOT_HELD.into()),
            Condition::Equals(fields::SLOT_BUYER, buyer.user.to_string().into()),
        ];
        let held = self.orders.find(&Query::all(conditions)).await?;
        let slots = self.slots(buyer).unwrap_or(u8::MAX);
        let is_free = |number: &u8| held.iter().all(|order| order.slot() != Some(*number));
        let free = (0..slots).find(is_free).filter(|_| held.len() < usize::from(slots));
        free.ok_or_else(|| {
            if !buyer.is_confirmed {
                return OrdersError::AddressNotConfirmed;
            }
            let soonest = held.iter().map(|order| order.expires_at).min().unwrap_or(now);
            OrdersError::TooManyReservations { held: held.len(), retry_after: soonest.since(now) }
        })
    }

    /// Whether the buyer may reserve this ticket, having done so before without buying it.
    pub(crate) async fn check_cool_down(
        &self,
        ticket: &Versioned<Ticket>,
        buyer: UserId,
        now: Timestamp,
    ) -> Result<(), OrdersError> {
        // A ticket that has never changed has never been reserved: most orders cost no question.
        if self.cool_down.is_zero() || ticket.version == Version::FIRST {
            return Ok(());
        }
        let ended = self.ended(ticket.id, buyer).await?;
        match reservable_from(&ended, self.cool_down).filter(|from| now < *from) {
            Some(from) => Err(OrdersError::ReservedTooOften { retry_after: from.since(now) }),
            None => Ok(()),
        }
    }

    /// When the buyer's latest reservations of the ticket ended without a sale.
    async fn ended(&self, ticket: TicketId, buyer: UserId) -> Result<Vec<Timestamp>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::STATUS, OrderStatus::Cancelled.as_str().into()),
            Condition::Equals(fields::USER_ID, buyer.to_string().into()),
            Condition::Equals(fields::TICKET_ID, ticket.to_string().into()),
        ];
        let query = Query {
            sort: Some(fields::CREATED_AT),
            direction: Direction::Descending,
            limit: Some(LOOKED_AT),
            ..Query::all(conditions)
        };
        let orders = self.orders.find(&query).await?;
        Ok(orders.iter().filter_map(|order| order.given_up_at()).collect())
    }
}

#[cfg(test)]
mod tests;
