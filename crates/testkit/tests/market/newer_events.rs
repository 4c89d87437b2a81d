//! Events of a newer version, in a rolling upgrade: values that a reader does not need stop nobody.

use client::OrderStatus;
use serde_json::json;
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(values_that_are_not_known_yet_stop_nobody_who_does_not_need_them);

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
