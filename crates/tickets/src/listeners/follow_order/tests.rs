use common::events::{CancelReason, OrderCancelled, OrderCreated, TicketUpdated};
use common::id::OrderId;
use common::listener::ListenError;
use common::order_status::OrderStatus;
use common::ticket_lock::TicketLock;
use common::version::Version;
use harness::Harness;
use serde_json::{Value, json};

use super::*;
use crate::state::Tickets;
use crate::testing::{cancelled, completed, draft, listed, order_created, shown, start};

async fn with_ticket() -> (Harness, Value) {
    let app = start().await;
    let ticket = listed(&app, &app.user(), draft("Concert", json!(20))).await;
    (app, ticket)
}

/// The order that has the ticket, whether it has bought it, and the ticket's version.
async fn state(app: &Harness, ticket: &Value) -> (Option<OrderId>, bool, u64) {
    let ticket = shown(app, ticket).await;
    let order = ticket.get("orderId").map(|id| id.as_str().expect("an id").parse().expect("an id"));
    (order, ticket.get("sold").is_some(), ticket["version"].as_u64().expect("a version"))
}

/// The follower by itself, so that a test can stop between its steps as a crash would.
fn follower(app: &Harness) -> OrderFollower {
    OrderFollower::new(Tickets::new(&app.deps).store, app.deps.store())
}

fn order(event: &OrderCreated, version: u64, status: OrderStatus) -> Order {
    Order { id: event.id, version: Version(version), ticket_id: event.ticket.id, status }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_locks_its_ticket_and_its_end_frees_it() {
    let (app, ticket) = with_ticket().await;
    let order = order_created(&app, &ticket);
    app.publish("orders", &order).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(order.id), false, 1));
    app.publish("orders", &cancelled(&order)).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (None, false, 2));
    let told = app.told::<TicketUpdated>().await;
    let told: Vec<_> = told.iter().map(|event| (event.0.version.0, event.0.order_id)).collect();
    assert_eq!(told, [(1, Some(order.id)), (2, None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_has_its_ticket_for_good() {
    let (app, ticket) = with_ticket().await;
    let order = order_created(&app, &ticket);
    app.publish("orders", &order).await;
    app.publish("orders", &completed(&order)).await;
    app.publish("orders", &OrderCancelled { version: Version(2), ..cancelled(&order) }).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(order.id), true, 2));
    let told = app.told::<TicketUpdated>().await;
    let told: Vec<_> = told.iter().map(|event| (event.0.order_id, event.0.sold)).collect();
    assert_eq!(told, [(Some(order.id), false), (Some(order.id), true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_change_nothing() {
    let (app, ticket) = with_ticket().await;
    let order = order_created(&app, &ticket);
    for _ in 0..3 {
        app.publish("orders", &order).await;
    }
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(order.id), false, 1));
    for _ in 0..2 {
        app.publish("orders", &cancelled(&order)).await;
        app.publish("orders", &order).await;
    }
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (None, false, 2));
    assert_eq!(app.told::<TicketUpdated>().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_comes_first_waits_for_its_order() {
    let (app, ticket) = with_ticket().await;
    let created = order_created(&app, &ticket);
    let gap = follower(&app).follow(order(&created, 1, OrderStatus::Cancelled)).await;
    assert!(matches!(gap, Err(ListenError::NotYet(_))), "{gap:?}");
    app.publish("orders", &cancelled(&created)).await;
    app.publish("orders", &created).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (None, false, 2));
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_orders_end_does_not_free_a_newer_orders_lock() {
    let (app, ticket) = with_ticket().await;
    let (old, new) = (order_created(&app, &ticket), order_created(&app, &ticket));
    app.publish("orders", &old).await;
    app.publish("orders", &cancelled(&old)).await;
    app.publish("orders", &new).await;
    app.settle().await;
    let late = OrderCancelled { version: Version(2), reason: CancelReason::LatePayment, ..cancelled(&old) };
    app.publish("orders", &late).await;
    app.publish("orders", &cancelled(&old)).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(new.id), false, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_order_waits_until_the_old_one_is_known_to_have_ended() {
    let (app, ticket) = with_ticket().await;
    let (old, new) = (order_created(&app, &ticket), order_created(&app, &ticket));
    app.publish("orders", &old).await;
    app.settle().await;
    let early = follower(&app).follow(order(&new, 0, OrderStatus::Created)).await;
    assert!(matches!(early, Err(ListenError::NotYet(_))), "{early:?}");
    app.publish("orders", &new).await;
    app.publish("orders", &cancelled(&old)).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(new.id), false, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_delivered_again_after_a_crash_between_its_steps_is_finished_once() {
    let (app, ticket) = with_ticket().await;
    let follower = follower(&app);
    let created = order_created(&app, &ticket);
    let placed = order(&created, 0, OrderStatus::Created);
    follower.apply(&placed).await.expect("locks the ticket, and then the crash");
    follower.follow(placed).await.expect("finishes");
    assert_eq!(state(&app, &ticket).await, (Some(created.id), false, 1));
    let ended = order(&created, 1, OrderStatus::Cancelled);
    follower.apply(&ended).await.expect("frees the ticket, and then the crash");
    follower.follow(ended).await.expect("finishes");
    assert_eq!(state(&app, &ticket).await, (None, false, 2));
    app.settle().await;
    assert_eq!(app.told::<TicketUpdated>().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_was_overtaken_sets_its_late_change_right() {
    let (app, ticket) = with_ticket().await;
    let follower = follower(&app);
    let created = order_created(&app, &ticket);
    let placed = order(&created, 0, OrderStatus::Created);
    follower.follow(placed.clone()).await.expect("the faster replica locks the ticket");
    follower.follow(order(&created, 1, OrderStatus::Cancelled)).await.expect("and frees it");
    follower.finish(&placed).await.expect("the slower replica goes on where it was");
    assert_eq!(state(&app, &ticket).await.0, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_be_done_is_a_dead_letter() {
    let (app, ticket) = with_ticket().await;
    let missing = order_created(&app, &json!({"id": "5f1f77bcf86cd799439011aa", "price": 20}));
    app.publish("orders", &missing).await;
    app.settle().await;
    assert_eq!(app.dead_letters().await, ["there is no ticket 5f1f77bcf86cd799439011aa"]);
    let (buyer, late) = (order_created(&app, &ticket), order_created(&app, &ticket));
    app.publish("orders", &buyer).await;
    app.publish("orders", &completed(&buyer)).await;
    app.settle().await;
    app.publish("orders", &late).await;
    app.settle().await;
    assert_eq!(app.dead_letters().await.last().map(String::as_str), Some("another order has bought the ticket"));
    let stored =
        app.deps.store::<Ticket>().get(late.ticket.id).await.expect("the store answers").expect("it is stored");
    assert_eq!(stored.lock, TicketLock::Sold { order_id: buyer.id });
}
