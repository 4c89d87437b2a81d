//! What the tests of the routes and listeners share.

use common::events::{CancelReason, OrderCancelled, OrderCompleted, OrderCreated, OrderedTicket, TicketRef};
use common::order_status::OrderStatus;
use common::version::Version;
use harness::{Harness, TestUser};
use serde_json::{Value, json};

use crate::Settings;

pub(crate) async fn start() -> Harness {
    Harness::start(crate::NAME, crate::COLLECTIONS, |deps| crate::service(deps, Settings::default())).await
}

/// The body of a request that lists a ticket.
pub(crate) fn draft(title: &str, price: Value) -> Value {
    json!({"title": title, "price": price})
}

/// A ticket listed by `seller`, as the answer shows it.
pub(crate) async fn listed(app: &Harness, seller: &TestUser, body: Value) -> Value {
    let reply = app.post("/api/tickets").by(seller).json(body).await;
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    reply.body
}

/// The ticket as it is shown now.
pub(crate) async fn shown(app: &Harness, ticket: &Value) -> Value {
    app.get(&path_of(ticket)).send().await.body
}

pub(crate) fn path_of(ticket: &Value) -> String {
    format!("/api/tickets/{}", ticket["id"].as_str().expect("an id"))
}

/// A new order for a ticket.
pub(crate) fn order_created(app: &Harness, ticket: &Value) -> OrderCreated {
    let now = app.clock.now();
    let id = ticket["id"].as_str().expect("an id").parse().expect("an id");
    OrderCreated {
        id: app.deps.platform.ids.next(now),
        version: Version::FIRST,
        status: OrderStatus::Created,
        user_id: app.deps.platform.ids.next(now),
        expires_at: now,
        ticket: OrderedTicket {
            id,
            price: common::money::Price::parse(&ticket["price"]).expect("a price"),
            currency: common::money::Currency::Usd,
            title: "as it was".into(),
        },
    }
}

/// The order, called off at its version 1.
pub(crate) fn cancelled(order: &OrderCreated) -> OrderCancelled {
    let ticket = TicketRef { id: order.ticket.id };
    OrderCancelled { id: order.id, version: Version(1), reason: CancelReason::ByBuyer, ticket }
}

/// The order, paid at its version 1.
pub(crate) fn completed(order: &OrderCreated) -> OrderCompleted {
    OrderCompleted { id: order.id, version: Version(1), ticket: TicketRef { id: order.ticket.id } }
}
