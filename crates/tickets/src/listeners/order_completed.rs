use common::events::OrderCompleted;
use common::order_status::OrderStatus;
use runtime::listener::Handled;

use super::follow_order::OrderFollower;
use crate::domain::Order;

/// The ticket is the buyer's.
pub(super) async fn sell_ticket(follower: OrderFollower, event: OrderCompleted) -> Handled {
    let OrderCompleted { id, version, ticket } = event;
    follower.follow(Order { id, version, ticket_id: ticket.id, status: OrderStatus::Complete }).await
}
