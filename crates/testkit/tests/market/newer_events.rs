//! Events of a newer version, in a rolling upgrade: values that a reader does not need stop nobody.

use std::time::Duration;

use client::{OrderId, OrderStatus};
use serde_json::json;
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(
    values_that_are_not_known_yet_stop_nobody_who_does_not_need_them,
    a_currency_that_is_not_known_yet_stops_only_who_takes_money_in_it,
);

async fn values_that_are_not_known_yet_stop_nobody_who_does_not_need_them(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    world.settle().await;
    let id = order.id.to_string();
    let cancelled = json!({"id": id, "version": 1, "reason": "invented-later", "ticket": {"id": ticket.id}});
    world.publish("orders.cancelled", &id, cancelled).await;
    world.settle().await;
    assert_eq!(world.dead_letters().await, []);
    assert_eq!(world.visitor().ticket(ticket.id).await.expect("is there").order_id, None, "the ticket is free");
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Created, "orders knows better");
    world.end().await;
}

async fn a_currency_that_is_not_known_yet_stops_only_who_takes_money_in_it(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let (ticket, other) = (world.listed(&seller).await, world.listed(&seller).await);
    let id: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    let window = Duration::from_secs(15 * 60);
    let created = json!({
        "id": id, "version": 0, "status": "invented-later", "userId": "5f1f77bcf86cd799439011bb",
        "expiresAt": world.clock.now() + window,
        "ticket": {"id": ticket.id, "version": 0, "price": 1999, "currency": "jpy", "title": ticket.title},
    });
    world.publish("orders.created", &id.to_string(), created).await;
    world.settle().await;
    assert_eq!(world.visitor().ticket(ticket.id).await.expect("is there").order_id, Some(id), "it is locked");
    let letters = async || {
        let letters = world.dead_letters().await;
        letters.into_iter().map(|letter| (letter.consumer, letter.reason)).collect::<Vec<_>>()
    };
    let unpayable = ("payments-orders".to_owned(), "\"jpy\" is not known here".to_owned());
    assert_eq!(letters().await, std::slice::from_ref(&unpayable));
    // It is scheduled: its time comes. This version of orders has never heard of it.
    world.advance(window);
    world.settle().await;
    assert_eq!(letters().await, [unpayable, ("orders-expiration".to_owned(), format!("there is no order {id}"))]);
    // Meanwhile the market goes on.
    let order = buyer.create_order(other.id).await.expect("reserves").id;
    world.settle().await;
    buyer.pay(order, "tok_visa").await.expect("pays");
    world.settle().await;
    assert_eq!(buyer.order(order).await.expect("is there").status, OrderStatus::Complete);
    world.end().await;
}
