//! Races: of concurrent requests one wins, and the others get the right error.

use std::collections::HashSet;
use std::time::Duration;

use client::{Client, Error, Order, OrderStatus, Ticket};
use futures::StreamExt;
use futures::future::join_all;
use testkit::on_both_engines;
use testkit::world::{Engine, PRICE, World};

on_both_engines!(
    of_200_buyers_each_of_50_tickets_has_one,
    of_10_sign_ups_with_one_address_one_succeeds,
    of_5_payments_for_one_order_one_is_charged,
    payment_against_expiry_ends_captured_or_cancelled_but_never_both,
    an_old_timer_does_not_free_the_next_buyers_lock,
    an_order_right_after_its_ticket_was_listed_finds_it,
    edits_against_orders_never_change_what_the_buyer_pays,
);

fn status(error: &Error) -> u16 {
    error.status().map_or(0, |status| status.as_u16())
}

async fn of_200_buyers_each_of_50_tickets_has_one(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let buyers = world.users("buyer", 200).await;
    let tickets = join_all((0..50).map(|_| world.listed(&seller))).await;
    world.settle().await;

    for ticket in &tickets {
        let results = join_all(buyers.iter().map(|buyer| buyer.create_order(ticket.id))).await;
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "one buyer has the ticket");
        for error in lost.into_iter().filter_map(Result::err) {
            assert_eq!(error.to_string(), "400 Bad Request: Ticket is already reserved");
        }
    }
    world.settle().await;

    let mut held = HashSet::new();
    for buyer in &buyers {
        for order in buyer.orders().await.expect("lists").items {
            assert!(held.insert(order.ticket.id), "a ticket was reserved twice");
        }
    }
    assert_eq!(held, tickets.iter().map(|ticket| ticket.id).collect::<HashSet<_>>());
    for ticket in &tickets {
        assert!(world.visitor().ticket(ticket.id).await.expect("is there").order_id.is_some());
    }
    world.end().await;
}

async fn of_10_sign_ups_with_one_address_one_succeeds(engine: Engine) {
    let world = World::start(engine).await;
    let visitors: Vec<Client> = (0..10).map(|_| world.visitor()).collect();
    let results = join_all(visitors.iter().enumerate().map(|(number, visitor)| {
        // The same address in different spellings.
        let email = if number % 2 == 0 { "Same@Example.com" } else { "same@example.com" };
        visitor.sign_up(email, "correct horse battery")
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert_eq!(error.to_string(), "400 Bad Request: Email in use");
    }
    world.end().await;
}

async fn of_5_payments_for_one_order_one_is_charged(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    let results = join_all((0..5).map(|_| buyer.pay(order.id, "tok_visa"))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert_eq!(status(error), 400, "{error}");
    }
    world.settle().await;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.charges(), ledger.captured(), ledger.refunded()), (1, PRICE, 0));
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Complete);
    world.end().await;
}

async fn payment_against_expiry_ends_captured_or_cancelled_but_never_both(engine: Engine) {
    const RACES: usize = 200;
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let tickets = join_all((0..RACES).map(|_| world.listed(&seller))).await;
    let orders: Vec<Order> = futures::stream::iter(&tickets)
        .map(|ticket| async { buyer.create_order(ticket.id).await.expect("reserves") })
        .buffered(16)
        .collect()
        .await;
    world.settle().await;
    world.advance(Duration::from_secs(15 * 60) - Duration::from_millis(RACES as u64 / 4));

    // The payments are made around the deadline: some well before it, some after it.
    let pay = futures::stream::iter(&orders).map(|order| buyer.pay(order.id, "tok_visa")).buffer_unordered(8);
    let mut paid = std::pin::pin!(pay);
    while let Some(result) = paid.next().await {
        if let Err(error) = result {
            assert_eq!(status(&error), 400, "{error}");
        }
        world.advance(Duration::from_millis(1));
    }
    world.settle().await;

    let mut complete = 0;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    for order in &orders {
        let now = buyer.order(order.id).await.expect("is there");
        let key = order.id.to_string();
        let captured: i64 = ledger.with_metadata("order_id", &key).map(|intent| intent.captured).sum();
        let refunded: i64 =
            ledger.with_metadata("order_id", &key).flat_map(|intent| &intent.refunds).map(|refund| refund.amount).sum();
        match now.status {
            OrderStatus::Complete => {
                complete += 1;
                assert_eq!((captured, refunded), (PRICE, 0), "a complete order is paid");
            }
            OrderStatus::Cancelled => assert_eq!(captured - refunded, 0, "a cancelled order costs nothing"),
            other => panic!("order {key} is still {}", other.as_str()),
        }
        let ticket = world.visitor().ticket(order.ticket.id).await.expect("is there");
        assert_eq!(ticket.sold, now.status == OrderStatus::Complete);
        assert_eq!(ticket.order_id, ticket.sold.then_some(order.id));
    }
    assert!((1..RACES).contains(&complete), "the race was no race: {complete} of {RACES} were paid");
    assert_eq!(ledger.captured() - ledger.refunded(), complete as i64 * PRICE);
    world.end().await;
}

async fn an_old_timer_does_not_free_the_next_buyers_lock(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let ticket = world.listed(&seller).await;
    let first = ada.create_order(ticket.id).await.expect("reserves");
    world.advance(Duration::from_secs(60));
    ada.cancel_order(first.id).await.expect("cancels");
    let second = bob.create_order(ticket.id).await.expect("reserves what is free again");
    world.settle().await;

    // Ada's order expires now; Bob has a minute left.
    world.advance(Duration::from_secs(14 * 60));
    world.settle().await;
    assert_eq!(holder(&world, &ticket).await, Some(second.id));
    assert_eq!(bob.order(second.id).await.expect("is there").status, OrderStatus::Created);
    world.advance(Duration::from_secs(60));
    world.settle().await;
    assert_eq!(holder(&world, &ticket).await, None);
    assert_eq!(bob.order(second.id).await.expect("is there").status, OrderStatus::Cancelled);
    world.end().await;
}

async fn holder(world: &World, ticket: &Ticket) -> Option<client::OrderId> {
    world.visitor().ticket(ticket.id).await.expect("is there").order_id
}

async fn an_order_right_after_its_ticket_was_listed_finds_it(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for number in 0..200 {
        let ticket = world.listed(&seller).await;
        if let Err(error) = buyer.create_order(ticket.id).await {
            panic!("ticket {number}: {error}");
        }
    }
    world.end().await;
}

async fn edits_against_orders_never_change_what_the_buyer_pays(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for _ in 0..30 {
        let ticket = world.listed(&seller).await;
        let dearer = client::TicketForm::new("Dearer", client::Price::from_minor_units(99_00).expect("a price"));
        let (order, edit) = futures::join!(buyer.create_order(ticket.id), seller.edit_ticket(ticket.id, &dearer));
        if let Err(error) = edit {
            assert_eq!(error.to_string(), "400 Bad Request: Cannot edit a reserved ticket");
        }
        let promised = order.expect("reserves").ticket.price;
        let order = buyer.orders().await.expect("lists").items.remove(0);
        buyer.pay(order.id, "tok_visa").await.expect("pays");
        world.settle().await;
        assert_eq!(buyer.order(order.id).await.expect("is there").ticket.price, promised);
        let ledger = world.simulator.ledger().await.expect("a ledger");
        let captured: i64 = ledger.with_metadata("order_id", &order.id.to_string()).map(|intent| intent.captured).sum();
        assert_eq!(captured, i64::from(promised.minor_units()));
    }
    world.end().await;
}
