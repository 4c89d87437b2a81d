//! What was made a moment ago while the bus is away: whoever asks for it is told to ask again.

use client::Error;
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(
    a_ticket_just_listed_is_never_unknown_to_its_buyer,
    an_order_just_placed_is_never_unknown_to_its_payer
);

/// The status and the code of a refusal.
fn refusal<T>(result: Result<T, Error>) -> (u16, String) {
    let Err(error) = result else { panic!("it was not refused") };
    (error.status().map_or(0, |status| status.as_u16()), error.code().unwrap_or_default().to_owned())
}

fn not_heard_yet() -> (u16, String) {
    (503, "not_heard_yet".to_owned())
}

async fn a_ticket_just_listed_is_never_unknown_to_its_buyer(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    world.set_bus_away(true);
    let ticket = world.listed(&seller).await;
    assert_eq!(refusal(buyer.create_order(ticket.id).await), not_heard_yet());
    world.set_bus_away(false);
    world.settle().await;
    buyer.create_order(ticket.id).await.expect("reserves");
    world.end().await;
}

async fn an_order_just_placed_is_never_unknown_to_its_payer(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    world.settle().await;
    world.set_bus_away(true);
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    assert_eq!(refusal(buyer.pay(order.id, "tok_visa").await), not_heard_yet());
    world.set_bus_away(false);
    world.settle().await;
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.end().await;
}
