//! The life of a ticket from listing to sale, with every outcome.

use std::time::{Duration, Instant};

use client::{CancelReason, Client, Order, OrderStatus, RefundState, TicketChange, TicketFilter, TicketForm, TicketId};
use futures::StreamExt;
use stripe_sim::{Call, Moment};
use testkit::on_both_engines;
use testkit::world::{Engine, PATIENCE, PRICE, World, within};

on_both_engines!(
    a_ticket_is_listed_reserved_paid_and_sold,
    a_declined_card_cancels_the_order_and_frees_the_ticket,
    an_unpaid_order_expires_when_its_time_is_up_and_not_before,
    a_payment_answered_after_expiry_is_refunded_once_and_the_next_buyer_keeps_the_ticket,
    every_watcher_of_the_live_feed_sees_every_change,
    signing_out_and_changing_the_password_end_sessions_everywhere,
);

const WINDOW: Duration = Duration::from_secs(15 * 60);

async fn a_ticket_is_listed_reserved_paid_and_sold(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    let for_sale = || async { world.visitor().tickets(&TicketFilter::default()).await.expect("lists").items };
    assert_eq!(for_sale().await, std::slice::from_ref(&ticket));

    let order = buyer.create_order(ticket.id).await.expect("reserves");
    assert_eq!((order.status, order.expires_at), (OrderStatus::Created, world.clock.now() + WINDOW));
    world.settle().await;
    assert_eq!(for_sale().await, []);
    let locked = world.visitor().ticket(ticket.id).await.expect("is there");
    assert_eq!((locked.order_id, locked.sold), (Some(order.id), false));
    let refused = seller.edit_ticket(ticket.id, &TicketForm::new("Dearer", ticket.price)).await.expect_err("is locked");
    assert_eq!(refused.to_string(), "400 Bad Request: Cannot edit a reserved ticket");

    // What a webhook tells before the answer is stored is news, which is asked about.
    world.simulator.faults().hold_webhooks(true);
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.simulator.faults().hold_webhooks(false);
    world.settle().await;
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Complete);
    assert!(world.visitor().ticket(ticket.id).await.expect("is there").sold);
    world.advance(WINDOW * 2);
    world.settle().await;
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Complete);
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.charges(), ledger.captured(), ledger.refunds()), (1, PRICE, 0));
    assert_eq!(world.simulator.pending_webhooks().await.expect("counts"), 0);
    let calls = |call| world.simulator.faults().calls(call);
    let (made, asked) = (calls(Call::CreateIntent) + calls(Call::Capture), calls(Call::RetrieveIntent));
    assert_eq!((made, asked), (2, 0), "webhooks say what is known");
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn a_declined_card_cancels_the_order_and_frees_the_ticket(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    let declined = buyer.pay(order.id, "tok_chargeDeclined").await.expect_err("is declined");
    assert_eq!(declined.to_string(), "402 Payment Required: Your card was declined. Please use another card.");
    world.settle().await;
    let order = buyer.order(order.id).await.expect("is there");
    assert_eq!((order.status, order.reason), (OrderStatus::Cancelled, Some(CancelReason::PaymentFailed)));
    assert_eq!(world.visitor().ticket(ticket.id).await.expect("is there").order_id, None);
    assert_eq!(world.simulator.ledger().await.expect("a ledger").captured(), 0);
    world.end().await;
}

async fn an_unpaid_order_expires_when_its_time_is_up_and_not_before(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    world.settle().await;
    world.advance(WINDOW - Duration::from_millis(1));
    world.settle().await;
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Created);
    world.advance(Duration::from_millis(1));
    world.settle().await;
    let order = buyer.order(order.id).await.expect("is there");
    assert_eq!((order.status, order.reason), (OrderStatus::Cancelled, Some(CancelReason::Expired)));
    assert_eq!(world.visitor().ticket(ticket.id).await.expect("is there").order_id, None);
    let late = buyer.pay(order.id, "tok_visa").await.expect_err("too late");
    assert_eq!(late.status().map(|status| status.as_u16()), Some(400));
    world.end().await;
}

async fn a_payment_answered_after_expiry_is_refunded_once_and_the_next_buyer_keeps_the_ticket(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, slow, next) = (world.user("seller").await, world.user("slow").await, world.user("next").await);
    let ticket = world.listed(&seller).await;
    let order = slow.create_order(ticket.id).await.expect("reserves");
    world.settle().await;

    // Stripe captures the money, but nobody learns of it until the order has expired and another buyer has the ticket.
    let faults = world.simulator.faults();
    faults.hold_webhooks(true);
    let (question, capture) =
        (faults.hold(Call::RetrieveIntent, Moment::Before), faults.hold(Call::Capture, Moment::After));
    let paying = tokio::spawn({
        let (slow, order) = (slow.clone(), order.id);
        async move { slow.pay(order, "tok_visa").await }
    });
    within(capture.reached()).await;
    world.advance(WINDOW);
    let second = order_once_expired(&world, &next, ticket.id).await;
    capture.release();
    question.release();
    faults.hold_webhooks(false);
    // The response to the buyer depends on whether payments has already processed the cancellation; the
    // refund does not.
    let _ = within(paying).await.expect("the request ends");
    world.settle().await;

    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.captured(), ledger.refunded(), ledger.refunds()), (PRICE, PRICE, 1));
    let order = slow.order(order.id).await.expect("is there");
    assert_eq!(order.status, OrderStatus::Cancelled);
    assert_eq!(order.refund.expect("is refunded").state, RefundState::Refunded);
    assert_eq!(world.visitor().ticket(ticket.id).await.expect("is there").order_id, Some(second.id));
    next.pay(second.id, "tok_visa").await.expect("pays");
    world.settle().await;
    assert_eq!(next.order(second.id).await.expect("is there").status, OrderStatus::Complete);
    world.end().await;
}

/// The order of the next buyer, once that of the first has expired: it waits a moment for news of its payment.
async fn order_once_expired(world: &World, next: &Client, ticket: TicketId) -> Order {
    let began = Instant::now();
    loop {
        match within(next.create_order(ticket)).await {
            Ok(order) => return order,
            Err(refused) => assert!(began.elapsed() < PATIENCE, "it is never free: {refused}"),
        }
        world.advance(Duration::from_millis(100));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn every_watcher_of_the_live_feed_sees_every_change(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let live = world.visitor().live().await.expect("watches");
    let mut live = std::pin::pin!(live);
    let ticket = world.listed(&seller).await;
    seller.edit_ticket(ticket.id, &TicketForm::new("Better title", ticket.price)).await.expect("edits");
    let first = buyer.create_order(ticket.id).await.expect("reserves");
    world.settle().await;
    buyer.cancel_order(first.id).await.expect("cancels");
    let second = buyer.create_order(ticket.id).await.expect("reserves again");
    buyer.pay(second.id, "tok_visa").await.expect("pays");

    let expected = [
        TicketChange::Created,
        TicketChange::Updated,
        TicketChange::Locked,
        TicketChange::Unlocked,
        TicketChange::Locked,
        TicketChange::Sold,
    ];
    for change in expected {
        match within(live.next()).await.expect("goes on").expect("is readable") {
            client::LiveEvent::Changed { change: seen, ticket: changed } => {
                assert_eq!((seen, changed.id), (change, ticket.id));
            }
            client::LiveEvent::Resync => panic!("nothing was missed"),
        }
    }
    world.end().await;
}

async fn signing_out_and_changing_the_password_end_sessions_everywhere(engine: Engine) {
    let world = World::start(engine).await;
    let phone = world.user("ada").await;
    let laptop = world.visitor();
    laptop.sign_in("ada@example.com", "correct horse battery").await.expect("signs in");
    let stolen = phone.with_session(&phone.token().expect("is signed in"));
    phone.sign_out().await.expect("signs out");
    world.settle().await;
    let refused = stolen.orders().await.expect_err("the session has ended");
    assert_eq!(refused.to_string(), "401 Unauthorized: Not authorized");
    laptop.orders().await.expect("the other session goes on");

    let other = world.visitor();
    other.sign_in("ada@example.com", "correct horse battery").await.expect("signs in");
    laptop.change_password("correct horse battery", "battery staple horse").await.expect("changes it");
    world.settle().await;
    assert!(other.orders().await.is_err());
    laptop.orders().await.expect("the session that changed it stays signed in");
    assert!(world.visitor().sign_in("ada@example.com", "correct horse battery").await.is_err());
    world.end().await;
}
