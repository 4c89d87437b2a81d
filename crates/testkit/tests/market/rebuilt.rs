//! A replica made anew from a stream of which superseded events are gone.

use std::time::Duration;

use client::{Price, TicketForm};
use testkit::world::{Engine, World, WorldSettings};

const EDITS: u32 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn orders_learns_anew_of_tickets_that_were_edited_on_mongodb_and_jetstream() {
    let settings = WorldSettings { keep_superseded: Some(Duration::ZERO), ..WorldSettings::default() };
    let world = World::start_with(Engine::Real, settings).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await.id;
    for minor in 1..=EDITS {
        let price = Price::from_minor_units(i64::from(1000 + minor)).expect("a price");
        seller.edit_ticket(ticket, &TicketForm::new("Row A, seat 12", price)).await.expect("edits");
    }
    world.settle().await;
    world.until_tickets_stream_has_at_most(2).await;

    world.forget_tickets_in_orders().await;
    world.settle().await;
    let order = buyer.create_order(ticket).await.expect("the ticket is for sale");
    assert_eq!(order.ticket.price.minor_units(), 1000 + EDITS);
    world.settle().await;
    // And what happens from then on is heard of: the lock, the payment.
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    assert!(buyer.ticket(ticket).await.expect("is there").sold);
    assert_eq!(world.dead_letters().await, vec![]);
    world.end().await;
}
