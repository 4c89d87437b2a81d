use std::sync::Arc;

mod arrivals;
mod crashes;
mod store;

use common::events::{CancelReason, TicketUpdated};
use common::version::Version;
use harness::Harness;
use runtime::Deps;
use serde_json::{Value, json};

use super::*;
use crate::Settings;
use crate::testing::{cancelled, draft, listed, order_completed, order_created, shown, start};

use store::WatchedStore;

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

/// The state of another process on the same database, so that a test can stop between two writes
/// as a crash would.
fn process(app: &Harness) -> TicketsState {
    TicketsState::new(&app.deps, Settings::default())
}

/// The same, with a store that is watched.
fn watched_process(app: &Harness) -> (TicketsState, Arc<WatchedStore>) {
    let store = Arc::new(WatchedStore::new(app.deps.records.clone()));
    let deps = Deps { records: store.clone(), ..app.deps.clone() };
    (TicketsState::new(&deps, Settings::default()), store)
}

fn order(event: &OrderCreated, version: u64, status: OrderStatus) -> Versioned<Order> {
    let order = Order::of(event.id, event.ticket.id, status);
    Versioned { version: Version(version), value: order }
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
    let published = app.published::<TicketUpdated>().await;
    let published: Vec<_> = published.iter().map(|event| (event.0.version.0, event.0.order_id)).collect();
    assert_eq!(published, [(1, Some(order.id)), (2, None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_keeps_its_ticket() {
    let (app, ticket) = with_ticket().await;
    let order = order_created(&app, &ticket);
    app.publish("orders", &order).await;
    app.publish("orders", &order_completed(&order)).await;
    app.publish("orders", &OrderCancelled { version: Version(2), ..cancelled(&order) }).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(order.id), true, 2));
    let published = app.published::<TicketUpdated>().await;
    let published: Vec<_> = published.iter().map(|event| (event.0.order_id, event.0.sold)).collect();
    assert_eq!(published, [(Some(order.id), false), (Some(order.id), true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_are_not_known_here_neither_lock_nor_free_less() {
    for field in ["/status", "/ticket/currency"] {
        let (app, ticket) = with_ticket().await;
        let order = order_created(&app, &ticket);
        app.publish_newer("orders", &order, field).await;
        app.settle().await;
        assert_eq!(state(&app, &ticket).await, (Some(order.id), false, 1), "{field}");
        app.publish_newer("orders", &cancelled(&order), "/reason").await;
        app.settle().await;
        assert_eq!(state(&app, &ticket).await, (None, false, 2));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
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
    assert_eq!(app.published::<TicketUpdated>().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_comes_first_waits_for_its_order() {
    let (app, ticket) = with_ticket().await;
    let created = order_created(&app, &ticket);
    let gap = follow(&process(&app), order(&created, 1, OrderStatus::Cancelled)).await;
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
    let (holder, sold, _) = state(&app, &ticket).await;
    assert_eq!((holder, sold), (Some(new.id), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_order_waits_until_the_old_one_is_known_to_have_ended() {
    let (app, ticket) = with_ticket().await;
    let (old, new) = (order_created(&app, &ticket), order_created(&app, &ticket));
    app.publish("orders", &old).await;
    app.settle().await;
    let early = follow(&process(&app), order(&new, 0, OrderStatus::Created)).await;
    assert!(matches!(early, Err(ListenError::NotYet(_))), "{early:?}");
    app.publish("orders", &new).await;
    app.publish("orders", &cancelled(&old)).await;
    app.settle().await;
    assert_eq!(state(&app, &ticket).await, (Some(new.id), false, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_come_all_at_once_leave_the_ticket_to_the_last() {
    let app = start().await;
    let seller = app.user();
    let mut expected = Vec::new();
    for round in 0..10 {
        let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
        for _ in 0..4 {
            let old = order_created(&app, &ticket);
            app.publish("orders", &old).await;
            app.publish("orders", &cancelled(&old)).await;
        }
        let last = order_created(&app, &ticket);
        app.publish("orders", &last).await;
        let is_paid = round % 2 == 0;
        if is_paid {
            app.publish("orders", &order_completed(&last)).await;
        }
        expected.push((ticket, last.id, is_paid));
    }
    app.settle().await;
    for (ticket, last, is_paid) in expected {
        let (holder, sold, _) = state(&app, &ticket).await;
        assert_eq!((holder, sold), (Some(last), is_paid));
    }
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_order_that_comes_late_does_not_wait_for_a_newer_one() {
    let (app, ticket) = with_ticket().await;
    let process = process(&app);
    let (old, new) = (order_created(&app, &ticket), order_created(&app, &ticket));
    follow(&process, order(&new, 0, OrderStatus::Created)).await.expect("locks");
    let late = follow(&process, order(&old, 0, OrderStatus::Created)).await;
    assert!(matches!(late, Err(ListenError::NotYet(_))), "{late:?}");
    follow(&process, order(&old, 1, OrderStatus::Cancelled)).await.expect("frees nothing");
    follow(&process, order(&old, 0, OrderStatus::Created)).await.expect("does not ask for the ticket any more");
    assert_eq!(state(&app, &ticket).await, (Some(new.id), false, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_delivered_again_after_a_crash_between_its_two_writes_is_finished_once() {
    let (app, ticket) = with_ticket().await;
    let process = process(&app);
    let created = order_created(&app, &ticket);
    for known in [order(&created, 0, OrderStatus::Created), order(&created, 1, OrderStatus::Cancelled)] {
        let crashed = process.orders.replicate(known.id, known.version, |_| known.value.clone()).await;
        assert!(matches!(crashed, Ok(Applied::Now)), "{crashed:?}");
        for _ in 0..2 {
            follow(&process, known.clone()).await.expect("finishes");
        }
        let holder = (known.status == OrderStatus::Created).then_some(created.id);
        assert_eq!(state(&app, &ticket).await, (holder, false, known.version.0 + 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_overtaken_by_the_next_event_is_corrected() {
    let (app, ticket) = with_ticket().await;
    let process = process(&app);
    let created = order_created(&app, &ticket);
    let placed = order(&created, 0, OrderStatus::Created);
    follow(&process, placed.clone()).await.expect("locks the ticket");
    follow(&process, order(&created, 1, OrderStatus::Cancelled)).await.expect("frees it");
    align_ticket(&process, placed).await.expect("another process had stalled on the first event");
    assert_eq!(state(&app, &ticket).await.0, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_for_no_ticket_of_ours_is_a_dead_letter() {
    let app = start().await;
    let missing = order_created(&app, &json!({"id": "5f1f77bcf86cd799439011aa", "price": 20}));
    app.publish("orders", &missing).await;
    app.settle().await;
    assert_eq!(app.dead_letters().await, ["there is no ticket 5f1f77bcf86cd799439011aa"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_ticket_is_not_locked_by_another_order() {
    let (app, ticket) = with_ticket().await;
    let process = process(&app);
    let (buyer, other) = (order_created(&app, &ticket), order_created(&app, &ticket));
    follow(&process, order(&buyer, 0, OrderStatus::Created)).await.expect("locks");
    follow(&process, order(&buyer, 1, OrderStatus::Complete)).await.expect("sells");
    for (version, status) in [(0, OrderStatus::Created), (1, OrderStatus::Complete)] {
        let refused = follow(&process, order(&other, version, status)).await;
        assert!(matches!(refused, Err(ListenError::NotYet(_))), "{refused:?}");
    }
    assert_eq!(state(&app, &ticket).await, (Some(buyer.id), true, 2));
}

/// Cancelled, after it was complete, because the ticket never came.
fn never_came(event: &OrderCreated) -> OrderCancelled {
    OrderCancelled { version: Version(2), reason: CancelReason::NotDelivered, ..cancelled(event) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_came_to_its_buyer_is_withdrawn_for_good() {
    let (app, ticket) = with_ticket().await;
    let order = order_created(&app, &ticket);
    // In the worst sequence, and each of them twice.
    for _ in 0..2 {
        app.publish("orders", &never_came(&order)).await;
        app.publish("orders", &order_completed(&order)).await;
        app.publish("orders", &order).await;
    }
    app.settle().await;
    let now = shown(&app, &ticket).await;
    assert_eq!((&now["withdrawn"], now.get("sold"), now.get("orderId")), (&json!(true), None, None));
    let published = app.published::<TicketUpdated>().await;
    let published: Vec<_> = published.iter().map(|event| (event.0.order_id, event.0.sold, event.0.withdrawn)).collect();
    let held = Some(order.id);
    assert_eq!(published, [(held, false, false), (held, true, false), (held, false, true)]);
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_write_a_crash_comes_before_a_ticket_that_never_came_is_withdrawn_once() {
    for written in 0..3 {
        let (app, ticket) = with_ticket().await;
        let created = order_created(&app, &ticket);
        let last = Order { is_undelivered: true, ..order(&created, 2, OrderStatus::Cancelled).value };
        let last = Versioned { version: Version(2), value: last };
        let versions = [order(&created, 0, OrderStatus::Created), order(&created, 1, OrderStatus::Complete), last];
        for version in &versions {
            let (dying, store) = watched_process(&app);
            store.die_after(written);
            let _ = follow(&dying, version.clone()).await;
            for _ in 0..2 {
                follow(&process(&app), version.clone()).await.expect("is finished");
            }
        }
        for version in &versions {
            follow(&process(&app), version.clone()).await.expect("is a duplicate");
        }
        let now = shown(&app, &ticket).await;
        assert_eq!((&now["withdrawn"], &now["version"]), (&json!(true), &json!(3)), "after {written} writes");
    }
}
