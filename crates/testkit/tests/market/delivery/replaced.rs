//! A seller has given us the wrong one.

use std::time::Duration;

use client::{DeliveryForm, DeliveryPromise, Seal, SealingState};
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, World, within};

use super::{bought, listed, refusal, sealed, texts};

on_both_engines!(
    what_is_replaced_before_the_sale_is_what_the_next_buyer_gets,
    what_somebody_is_buying_cannot_be_replaced,
    a_buyer_gets_what_they_ordered_whatever_has_replaced_it_unheard,
);

const MOMENT: Duration = Duration::from_secs(3);

async fn what_is_replaced_before_the_sale_is_what_the_next_buyer_gets(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = sealed(&world, &seller, "WRONG").await;
    seller.seal_file(ticket.id, pass("RIGHT")).await.expect("is taken");
    world.settle().await;
    let order = bought(&world, &buyer, ticket.id).await;
    assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), ["RIGHT"]);
    world.end().await;
}

async fn what_somebody_is_buying_cannot_be_replaced(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = sealed(&world, &seller, "FIRST").await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    world.settle().await;
    assert_eq!(refusal(seller.seal_file(ticket.id, pass("SECOND")).await), (400, "ticket_reserved".into()));
    assert_eq!(refusal(seller.seal_code(ticket.id, "SECOND", None).await), (400, "ticket_reserved".into()));
    buyer.cancel_order(order.id).await.expect("cancels");
    world.settle().await;
    seller.seal_file(ticket.id, pass("SECOND")).await.expect("nobody is buying it any more");
    world.settle().await;
    let order = bought(&world, &buyer, ticket.id).await;
    assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), ["SECOND"]);
    // What was refused is nobody's.
    let another = listed(&world, &seller, DeliveryForm::Sealed).await;
    seller.seal_code(another.id, "THIRD", None).await.expect("is taken");
    world.settle().await;
    world.end().await;
}

/// Delivery cannot know of an order of which no word has come.
async fn a_buyer_gets_what_they_ordered_whatever_has_replaced_it_unheard(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, ada, bob) = (world.user("seller").await, world.user("ada").await, world.user("bob").await);
    let (kept, given_up) = (sealed(&world, &seller, "A1").await, sealed(&world, &seller, "B1").await);
    world.set_bus_away(true);
    let bought = ada.create_order(kept.id).await.expect("reserves");
    let cancelled = ada.create_order(given_up.id).await.expect("reserves");
    for (ticket, code) in [(&kept, "A2"), (&given_up, "B2")] {
        let sealing = seller.seal_code(ticket.id, code, None).await.expect("is taken");
        assert_eq!((sealing.state, sealing.seal, sealing.pending_seal), (SealingState::Pending, 1, Some(2)));
    }
    world.set_bus_away(false);
    world.settle().await;
    ada.pay(bought.id, "tok_visa").await.expect("pays");
    ada.cancel_order(cancelled.id).await.expect("cancels");
    world.settle().await;
    assert_eq!(texts(&ada.delivery(bought.id).await.expect("is there")), ["A1"]);
    assert_eq!(refusal(seller.sealed_file(kept.id).await).0, 404);

    // What nobody has any more says what has replaced it, as soon as it is looked at again.
    let second = DeliveryPromise::Sealed { seal: Seal(2), checked: true };
    within(async {
        while world.visitor().ticket(given_up.id).await.expect("is there").details.delivery != Some(second) {
            world.advance(MOMENT);
            world.settle().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let order = super::bought(&world, &bob, given_up.id).await;
    assert_eq!(texts(&bob.delivery(order.id).await.expect("is there")), ["B2"]);
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}
