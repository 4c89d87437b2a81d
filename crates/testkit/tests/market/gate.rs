//! Orders and their sellers' changes exclude each other (invariant I13), whatever the bus is doing.

use client::{Client, Currency, OrderStatus, Price, Ticket, TicketForm};
use futures::future::join;
use testkit::engines::NatsServer;
use testkit::on_both_engines;
use testkit::world::{Engine, World, WorldSettings};

on_both_engines!(
    a_ticket_ordered_a_moment_ago_cannot_be_edited,
    an_order_after_an_edit_is_made_of_what_it_says,
    of_an_order_and_an_edit_at_once_one_is_refused,
    of_a_payment_and_a_cancellation_at_once_one_is_refused,
);

/// How often each is tried: before there was a gate, one try in four would have been enough.
pub(crate) const TRIES: usize = 40;

fn price(major: i64) -> Price {
    Price::from_minor_units(major * 100).expect("a price")
}

pub(crate) async fn listed(seller: &Client) -> Ticket {
    let form = TicketForm { seat: Some("12".into()), ..TicketForm::new("Row A, seat 12", price(10)) };
    seller.create_ticket(&form).await.expect("lists a ticket")
}

fn dearer() -> TicketForm {
    TicketForm { seat: Some("99".into()), ..TicketForm::new("Row Z, seat 99", price(99)) }
}

pub(crate) fn status<T>(answer: &Result<T, client::Error>) -> u16 {
    answer.as_ref().err().and_then(client::Error::status).map_or(200, |status| status.as_u16())
}

async fn a_ticket_ordered_a_moment_ago_cannot_be_edited(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for _ in 0..TRIES {
        let ticket = listed(&seller).await;
        let order = buyer.create_order(ticket.id).await.expect("reserves");
        let edit = seller.edit_ticket(ticket.id, &dearer()).await.expect_err("it is reserved");
        assert_eq!(edit.to_string(), "400 Bad Request: Cannot edit a reserved ticket");
        buyer.pay(order.id, "tok_visa").await.expect("pays");
        world.settle().await;
        let sold = world.visitor().ticket(ticket.id).await.expect("is there");
        let bought = buyer.order(order.id).await.expect("is there").ticket;
        assert_eq!(bought, order.ticket);
        assert_eq!((sold.price, sold.title, sold.details), (bought.price, bought.title, bought.details));
    }
    world.end().await;
}

async fn an_order_after_an_edit_is_made_of_what_it_says(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for _ in 0..TRIES {
        let ticket = listed(&seller).await;
        seller.edit_ticket(ticket.id, &dearer()).await.expect("edits");
        let order = buyer.create_order(ticket.id).await.expect("waits for what the edit says");
        assert_eq!((order.ticket.price, order.ticket.title), (price(99), dearer().title));
        assert_eq!(order.ticket.details.seat, dearer().seat);
    }
    for _ in 0..TRIES / 4 {
        let ticket = listed(&seller).await;
        seller.edit_ticket(ticket.id, &dearer()).await.expect("edits");
        assert_told_the_new_price(&buyer, &ticket).await;
    }
    world.end().await;
}

/// Who has seen the price before is not sold the ticket without a word, however fresh the edit.
async fn assert_told_the_new_price(buyer: &Client, seen: &Ticket) {
    let refused = buyer.create_order_at(seen.id, seen.price, seen.currency).await.expect_err("it is dearer");
    assert_eq!(refused.to_string(), "409 Conflict: The price is 99.00 USD now");
    let asked = refused.first_entry().expect("says why");
    assert_eq!((asked.price, asked.currency), (Some(price(99)), Some(Currency::Usd)));
    let order = buyer.create_order_at(seen.id, price(99), Currency::Usd).await.expect("reserves");
    assert_eq!(order.ticket.price, price(99));
}

async fn of_an_order_and_an_edit_at_once_one_is_refused(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for _ in 0..TRIES {
        let ticket = listed(&seller).await;
        let (order, edit) = join(buyer.create_order(ticket.id), seller.edit_ticket(ticket.id, &dearer())).await;
        match (order, status(&edit)) {
            (Ok(order), 200) => assert_eq!(order.ticket.price, price(99), "made of the edit before it"),
            (Ok(order), refused) => assert_eq!((order.ticket.price, refused), (price(10), 400)),
            (Err(error), edited) => panic!("the order was refused ({error}), the edit answered {edited}"),
        }
        world.settle().await;
    }
    world.end().await;
}

/// More than half of such payments were captured and then refunded, which costs fees, and most others set aside and
/// given up.
async fn of_a_payment_and_a_cancellation_at_once_one_is_refused(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for _ in 0..TRIES {
        let ticket = listed(&seller).await;
        let order = buyer.create_order(ticket.id).await.expect("reserves");
        let (paid, cancelled) = join(buyer.pay(order.id, "tok_visa"), buyer.cancel_order(order.id)).await;
        world.settle().await;
        let (paid, cancelled) = (status(&paid) == 200, status(&cancelled) == 200);
        assert_ne!(paid, cancelled, "one of them");
        let order = buyer.order(order.id).await.expect("is there");
        assert_eq!(order.status == OrderStatus::Complete, paid);
    }
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!(ledger.refunds(), 0, "nothing was taken that had to go back");
    assert!(ledger.intents.iter().all(|intent| intent.status == "succeeded"), "nothing was set aside in vain");
    world.end().await;
}

/// A stopped process is the worst kind of outage: connections stay open, and nothing fails at once.
#[tokio::test(flavor = "multi_thread")]
async fn neither_gets_past_the_other_while_nats_is_frozen() {
    let nats = NatsServer::launch_temporary().await;
    let settings = WorldSettings { nats_url: Some(nats.url()), ..WorldSettings::default() };
    let world = World::start_with(Engine::Real, settings).await;
    neither_gets_past_the_other(&world, |is_away| if is_away { nats.freeze() } else { nats.thaw() }).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_gets_past_the_other_while_the_local_bus_is_away() {
    let world = World::start(Engine::Embedded).await;
    neither_gets_past_the_other(&world, |is_away| world.set_bus_away(is_away)).await;
    world.end().await;
}

async fn neither_gets_past_the_other(world: &World, set_bus_away: impl Fn(bool)) {
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let [reserved, edited, withdrawn] = [listed(&seller).await, listed(&seller).await, listed(&seller).await];
    world.settle().await;

    set_bus_away(true);
    let order = buyer.create_order(reserved.id).await.expect("reserves");
    assert_eq!(status(&seller.withdraw_ticket(reserved.id).await), 400);
    assert_eq!(status(&seller.edit_ticket(reserved.id, &dearer()).await), 400);
    seller.edit_ticket(edited.id, &dearer()).await.expect("edits");
    seller.withdraw_ticket(withdrawn.id).await.expect("withdraws");
    // What they are now cannot be known, so nobody can order them.
    let (of_edited, of_withdrawn) = join(buyer.create_order(edited.id), buyer.create_order(withdrawn.id)).await;
    assert_eq!((status(&of_edited), status(&of_withdrawn)), (503, 503));
    set_bus_away(false);

    world.settle().await;
    let order_of_edited = buyer.create_order(edited.id).await.expect("reserves");
    assert_eq!(order_of_edited.ticket.price, price(99));
    let of_withdrawn = buyer.create_order(withdrawn.id).await.expect_err("it is withdrawn");
    assert_eq!(of_withdrawn.to_string(), "400 Bad Request: This ticket is not for sale any more");
    let reserved = world.visitor().ticket(reserved.id).await.expect("is there");
    assert_eq!((reserved.order_id, reserved.price, reserved.withdrawn), (Some(order.id), price(10), false));
}
