use common::events::OrderCreated;
use common::order_status::OrderStatus;
use runtime::listener::Handled;

use super::follow_order::OrderFollower;
use crate::domain::Order;

/// The order holds the ticket from now on.
pub(super) async fn lock_ticket(follower: OrderFollower, event: OrderCreated) -> Handled {
    let OrderCreated { id, version, ticket, .. } = event;
    follower.follow(Order { id, version, ticket_id: ticket.id, status: OrderStatus::Created }).await
}
