use common::events::{OrderCreated, OrderedTicket};
use runtime::listener::Handled;

use crate::domain::Order;
use crate::state::MailState;

/// Remembers who has ordered what.
pub(super) async fn handle(state: MailState, event: OrderCreated) -> Handled {
    let OrderCreated { id, version, user_id, ticket, .. } = event;
    let OrderedTicket { id: ticket_id, price, currency, title, details, .. } = ticket;
    let order = Order {
        id,
        buyer: Some(user_id),
        ticket: ticket_id,
        title,
        price,
        currency,
        details,
        is_attempted: false,
        end: None,
        refunds: Vec::new(),
    };
    state.orders.replicate(id, version, |_| order.clone()).await?.or_not_yet()
}
