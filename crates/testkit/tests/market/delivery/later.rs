//! What is given to us once it is sold.

use std::time::Duration;

use client::{CancelReason, DeliveryState, RefundState, SealingState};
use futures::future::{join, join_all};
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, PRICE, World, within};

use super::{HOUR, bought, later, listed, refusal, texts, until_cancelled, whole};

on_both_engines!(
    what_comes_after_the_sale_is_released_when_it_comes,
    what_never_comes_is_cancelled_and_refunded_once_and_off_the_market,
    what_comes_at_the_last_moment_is_released_or_refunded_and_never_both,
    what_nobody_has_bought_in_time_is_not_for_sale_any_more,
    what_came_before_it_was_bought_stays_for_sale_and_is_there_at_once,
);

async fn what_comes_after_the_sale_is_released_when_it_comes(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = listed(&world, &seller, later(&world)).await;
    let order = bought(&world, &buyer, ticket.id).await;
    let waiting = buyer.delivery(order.id).await.expect("is there");
    assert_eq!((waiting.state, waiting.until), (DeliveryState::Waiting, Some(world.clock.now() + HOUR)));
    let file = pass("ROW A/12");
    seller.seal_file(ticket.id, file.clone()).await.expect("is taken");
    world.settle().await;
    let delivery = buyer.delivery(order.id).await.expect("is there");
    assert_eq!((delivery.state, texts(&delivery)), (DeliveryState::Released, vec!["ROW A/12"]));
    assert_eq!(whole(buyer.delivered_file(order.id).await.expect("is the buyer's")).await, file);
    assert_eq!(refusal(seller.sealed_file(ticket.id).await).0, 404);
    // Its time is up, and it has come.
    world.advance(HOUR * 2);
    world.settle().await;
    assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::Released);
    assert_eq!(world.simulator.ledger().await.expect("a ledger").refunds(), 0);
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn what_never_comes_is_cancelled_and_refunded_once_and_off_the_market(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = listed(&world, &seller, later(&world)).await;
    let order = bought(&world, &buyer, ticket.id).await;
    world.advance(HOUR - Duration::from_millis(1));
    world.settle().await;
    assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::Waiting);
    world.advance(Duration::from_millis(1));
    let cancelled = until_cancelled(&world, &buyer, &order).await;
    assert_eq!(cancelled.reason, Some(CancelReason::NotDelivered));
    let cancelled = buyer.order(order.id).await.expect("is there");
    assert_eq!(cancelled.refund.map(|refund| refund.state), Some(RefundState::Refunded));
    assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::Missed);
    let left = world.visitor().ticket(ticket.id).await.expect("is there");
    assert!(left.withdrawn && !left.sold, "{left:?}");
    assert_eq!(seller.sealing(ticket.id).await.expect("is there").state, SealingState::Withdrawn);
    assert_eq!(refusal(seller.seal_file(ticket.id, pass("ROW A/12")).await), (400, "delivery_overdue".into()));
    assert_eq!(refusal(buyer.create_order(ticket.id).await).0, 400);
    world.advance(HOUR * 2);
    world.settle().await;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.charges(), ledger.captured(), ledger.refunds(), ledger.kept()), (1, PRICE, 1, 0));
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn what_comes_at_the_last_moment_is_released_or_refunded_and_never_both(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let mut sales = Vec::new();
    for _ in 0..12 {
        let ticket = listed(&world, &seller, later(&world)).await;
        sales.push((ticket.id, bought(&world, &buyer, ticket.id).await));
    }
    let uploads = sales.iter().enumerate().map(|(number, (ticket, _))| {
        let (seller, code) = (&seller, format!("ROW A/{number}"));
        async move {
            tokio::time::sleep(Duration::from_millis(number as u64 % 4)).await;
            seller.seal_code(*ticket, &code, None).await
        }
    });
    let time = async { world.advance(HOUR) };
    let (given, ()) = join(join_all(uploads), time).await;
    let mut refunded = 0;
    for ((ticket, order), given) in sales.iter().zip(given) {
        if given.is_ok() {
            world.settle().await;
            assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::Released);
        } else {
            until_cancelled(&world, &buyer, order).await;
            assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::Missed);
            assert!(world.visitor().ticket(*ticket).await.expect("is there").withdrawn);
            refunded += 1;
        }
    }
    world.settle().await;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.charges(), ledger.refunds()), (sales.len(), refunded));
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn what_nobody_has_bought_in_time_is_not_for_sale_any_more(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = listed(&world, &seller, later(&world)).await;
    // Word of what comes in time may be on its way for a minute.
    world.advance(HOUR + Duration::from_secs(60));
    let refused = refusal(buyer.create_order(ticket.id).await);
    assert!(["delivery_overdue", "ticket_withdrawn", "not_for_sale"].contains(&refused.1.as_str()), "{refused:?}");
    within(async {
        while !world.visitor().ticket(ticket.id).await.expect("is there").withdrawn {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    world.end().await;
}

async fn what_came_before_it_was_bought_stays_for_sale_and_is_there_at_once(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, ada, bob) = (world.user("seller").await, world.user("ada").await, world.user("bob").await);
    let [first, second] = [listed(&world, &seller, later(&world)).await, listed(&world, &seller, later(&world)).await];
    for (ticket, code) in [(&first, "ROW A/1"), (&second, "ROW A/2")] {
        seller.seal_file(ticket.id, pass(code)).await.expect("is taken");
    }
    world.settle().await;
    // One is reserved before its moment and paid after it, the other is ordered after it.
    world.advance(HOUR - Duration::from_secs(60));
    let order = ada.create_order(first.id).await.expect("reserves");
    world.advance(Duration::from_secs(180));
    world.settle().await;
    ada.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    assert_eq!(texts(&ada.delivery(order.id).await.expect("is there")), ["ROW A/1"]);
    let order = bought(&world, &bob, second.id).await;
    assert_eq!(texts(&bob.delivery(order.id).await.expect("is there")), ["ROW A/2"]);
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}
