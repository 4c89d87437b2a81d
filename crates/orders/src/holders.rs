//! Which orders hold the tickets that are most asked for.
//!
//! Of many who want one ticket, one gets it; the others need no attempt to write something to be told so.
//! What is remembered is only where to look: whether an order still holds its ticket the store says, and
//! who gets a free one the unique index does.

use std::sync::Arc;

use common::id::{OrderId, TicketId};
use common::order_status::OrderStatus;
use common::store::{Condition, Query, Store, StoreError};
use quick_cache::sync::Cache;

use crate::domain::Order;

/// Of how many tickets it is remembered.
const REMEMBERED: usize = 4096;

/// Finds them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Holders {
    orders: Store<Order>,
    remembered: Arc<Cache<TicketId, OrderId>>,
}

impl Holders {
    pub(crate) fn new(orders: Store<Order>) -> Self {
        Self { orders, remembered: Arc::new(Cache::new(REMEMBERED)) }
    }

    /// Remembers the order that has just won its ticket.
    pub(crate) fn remember(&self, order: &Order) {
        self.remembered.insert(order.ticket.id, order.id);
    }

    /// The order that holds the ticket, if it is remembered. There may be one all the same.
    pub(crate) async fn recall(&self, ticket: TicketId) -> Result<Option<Order>, StoreError> {
        let Some(remembered) = self.remembered.get(&ticket) else { return Ok(None) };
        let order = self.orders.get(remembered).await?;
        Ok(order.filter(|order| OrderStatus::ACTIVE.contains(&order.status())))
    }

    /// The order that holds the ticket.
    pub(crate) async fn find(&self, ticket: TicketId) -> Result<Option<Order>, StoreError> {
        let active = OrderStatus::ACTIVE.map(|status| status.as_str().into()).to_vec();
        let conditions =
            vec![Condition::Equals("ticket.id", ticket.to_string().into()), Condition::OneOf("status", active)];
        let query = Query { limit: Some(1), ..Query::all(conditions) };
        let found = self.orders.find(&query).await?.pop();
        if let Some(order) = &found {
            self.remember(order);
        }
        Ok(found)
    }
}
