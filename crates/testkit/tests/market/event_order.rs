//! Every event delivered twice and out of order gives the same result as events in order.

use std::time::Duration;

use client::{CancelReason, Client, OrderId, OrderStatus, Price, TicketForm, TicketId};
use futures::StreamExt;
use testkit::world::{Engine, World, WorldSettings};

const WINDOW: Duration = Duration::from_secs(15 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn duplicated_and_shuffled_events_give_the_same_result_embedded() {
    compare(Engine::Embedded, 100, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicated_and_shuffled_events_give_the_same_result_on_mongodb_and_jetstream() {
    compare(Engine::Real, 5, 1).await;
}

async fn compare(engine: Engine, seeds: u64, at_once: usize) {
    let ordered = play(engine, None).await;
    let sold = ordered.tickets.iter().filter(|ticket| ticket.sold).count();
    assert_eq!((sold, ordered.captured - ordered.refunded), (3, 19_99 + 19_99 + 25_00), "{ordered:?}");
    futures::stream::iter(0..seeds)
        .map(|seed| async move { (seed, play(engine, Some(seed)).await) })
        .buffer_unordered(at_once)
        .for_each(async |(seed, shuffled)| assert_eq!(shuffled, ordered, "seed {seed}"))
        .await;
}

/// The state when everything has been processed.
#[derive(Debug, PartialEq)]
struct FinalState {
    tickets: Vec<FinalTicket>,
    orders: Vec<(OrderStatus, Option<CancelReason>)>,
    captured: i64,
    refunded: i64,
    dead_letters: usize,
}

#[derive(Debug, PartialEq)]
struct FinalTicket {
    title: String,
    price: u32,
    sold: bool,
    /// The position of the order that holds it.
    order: Option<usize>,
}

/// The same scenario each time: four tickets and seven orders with every outcome.
async fn play(engine: Engine, shuffle: Option<u64>) -> FinalState {
    let world = World::start_with(engine, WorldSettings { shuffle, ..WorldSettings::default() }).await;
    let (seller, ada, bob) = (world.user("seller").await, world.user("ada").await, world.user("bob").await);
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(world.listed(&seller).await.id);
    }
    for minor in [10_00, 15_00, 25_00] {
        let price = Price::from_minor_units(minor).expect("a price");
        seller.edit_ticket(tickets[3], &TicketForm::new(format!("Now {minor}"), price)).await.expect("edits");
    }
    world.settle().await;

    let mut orders = Vec::new();
    let bought = reserve(&ada, tickets[0], &mut orders).await;
    ada.pay(bought, "tok_visa").await.expect("pays");
    let dropped = reserve(&ada, tickets[1], &mut orders).await;
    ada.cancel_order(dropped).await.expect("cancels");
    let taken_over = reserve(&bob, tickets[1], &mut orders).await;
    bob.pay(taken_over, "tok_visa").await.expect("pays");
    let declined = reserve(&ada, tickets[2], &mut orders).await;
    ada.pay(declined, "tok_chargeDeclined").await.expect_err("is declined");
    let wavering = reserve(&bob, tickets[3], &mut orders).await;
    bob.cancel_order(wavering).await.expect("cancels");
    let decided = reserve(&bob, tickets[3], &mut orders).await;
    bob.pay(decided, "tok_visa").await.expect("pays");
    world.settle().await;
    let _forgotten = reserve(&bob, tickets[2], &mut orders).await;
    world.settle().await;
    world.advance(WINDOW);
    world.settle().await;

    let end = end_of(&world, &tickets, &orders, [&ada, &bob]).await;
    world.end().await;
    end
}

/// Reserves the ticket as soon as the previous order has ended.
async fn reserve(buyer: &Client, ticket: TicketId, orders: &mut Vec<OrderId>) -> OrderId {
    let order = buyer.create_order(ticket).await.expect("reserves").id;
    orders.push(order);
    order
}

async fn end_of(world: &World, tickets: &[TicketId], orders: &[OrderId], buyers: [&Client; 2]) -> FinalState {
    let mut ends = Vec::new();
    for id in tickets {
        let ticket = world.visitor().ticket(*id).await.expect("is there");
        let order = ticket.order_id.and_then(|holder| orders.iter().position(|order| *order == holder));
        ends.push(FinalTicket { title: ticket.title, price: ticket.price.minor_units(), sold: ticket.sold, order });
    }
    let mut ended = Vec::new();
    for id in orders {
        for buyer in buyers {
            if let Ok(order) = buyer.order(*id).await {
                ended.push((order.status, order.reason));
            }
        }
    }
    let ledger = world.simulator.ledger().await.expect("a ledger");
    FinalState {
        tickets: ends,
        orders: ended,
        captured: ledger.captured(),
        refunded: ledger.refunded(),
        dead_letters: world.dead_letters().await.len(),
    }
}
