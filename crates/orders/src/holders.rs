//! Which orders hold the tickets that are most asked for.
//!
//! Of many buyers who want one ticket, one gets it; the others can be refused without an attempt to
//! write. What is remembered is only where to look: whether an order still holds its ticket is for the
//! store to say, and who gets a free one is for the unique index to decide.

use std::sync::Arc;

use common::id::{OrderId, TicketId};
use common::order_status::OrderStatus;
use common::version::Versioned;
use ports::store::{Condition, Query, StoreError};
use quick_cache::sync::Cache;
use runtime::store::Store;

use crate::domain::Order;
use crate::store::fields;

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
    pub(crate) async fn recall(&self, ticket: TicketId) -> Result<Option<Versioned<Order>>, StoreError> {
        let Some(remembered) = self.remembered.get(&ticket) else { return Ok(None) };
        let order = self.orders.get(remembered).await?;
        Ok(order.filter(|order| OrderStatus::ACTIVE.contains(&order.status())))
    }

    /// The order that holds the ticket.
    pub(crate) async fn find(&self, ticket: TicketId) -> Result<Option<Versioned<Order>>, StoreError> {
        let active = OrderStatus::ACTIVE.map(|status| status.as_str().into()).to_vec();
        let conditions = vec![
            Condition::Equals(fields::TICKET_ID, ticket.to_string().into()),
            Condition::OneOf(fields::STATUS, active),
        ];
        let query = Query { limit: Some(1), ..Query::all(conditions) };
        let found = self.orders.find(&query).await?.pop();
        if let Some(order) = &found {
            self.remember(order);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use runtime::store::UpdateContext;

    use crate::domain::Order;
    use crate::error::OrdersError;
    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_holder_of_a_ticket_is_remembered_once_it_was_seen() {
        let app = start().await;
        let (_, id) = app.placed_order().await;
        // The state made here shares the store with the service, but not its memory.
        let (order, holders) = (app.stored(id).await, app.state().holders.clone());
        assert_eq!(holders.recall(order.ticket.id).await.expect("reads"), None);
        assert_eq!(holders.find(order.ticket.id).await.expect("reads"), Some(order.clone()));
        assert_eq!(holders.recall(order.ticket.id).await.expect("reads"), Some(order));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_ended_in_another_process_holds_nothing_any_more() {
        let app = start().await;
        let (_, id) = app.placed_order().await;
        let ticket = app.stored(id).await.ticket.id;
        let elsewhere = app.state();
        let cancel = |order: &mut Order, cx: UpdateContext| Ok::<_, OrdersError>(order.cancel(cx.now)?);
        elsewhere.orders.update(id, cancel).await.expect("cancels").expect("is there");
        assert_eq!(app.order(&app.user(), ticket).await.status, 201);
    }
}
