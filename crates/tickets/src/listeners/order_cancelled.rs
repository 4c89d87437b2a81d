use common::events::OrderCancelled;
use common::order_status::OrderStatus;
use runtime::listener::Handled;

use super::follow_order::OrderFollower;
use crate::domain::Order;

/// The ticket is free again, if it is still this order that holds it. An order that is off can
/// be cancelled once more, to have a late payment refunded; that does nothing to the ticket.
pub(super) async fn free_ticket(follower: OrderFollower, event: OrderCancelled) -> Handled {
    let OrderCancelled { id, version, ticket, reason: _ } = event;
    follower.follow(Order { id, version, ticket_id: ticket.id, status: OrderStatus::Cancelled }).await
}
