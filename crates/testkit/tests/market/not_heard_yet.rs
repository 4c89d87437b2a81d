//! What was made a moment ago while the bus is away: whoever asks for it is told to ask again.

use std::time::Duration;

use client::Error;
use testkit::on_both_engines;
use testkit::world::{Engine, PRICE, Page, World};

on_both_engines!(
    a_ticket_just_listed_is_never_unknown_to_its_buyer,
    an_order_just_placed_is_never_unknown_to_its_payer
);

/// The status and the code of a refusal, and when to try again.
fn refusal<T>(result: Result<T, Error>) -> (u16, String, Option<Duration>) {
    let Err(error) = result else { panic!("it was not refused") };
    let (status, code) = (error.status(), error.code().unwrap_or_default().to_owned());
    let Error::Api { retry_after, .. } = error else { panic!("{error}") };
    (status.map_or(0, |status| status.as_u16()), code, retry_after)
}

fn not_heard_yet() -> (u16, String, Option<Duration>) {
    (503, "not_heard_yet".to_owned(), Some(Duration::from_secs(1)))
}

/// A page that sends this form again by itself, or by its button.
fn assert_tries_again(page: &Page, action: &str, fields: &[(&str, &str)]) {
    assert_eq!((page.status, page.retry_after.as_str()), (503, "1"), "{page:?}");
    let form = format!(r#"<form method="post" action="{action}" data-again="#);
    let fields = fields.iter().map(|(name, value)| format!(r#"<input type="hidden" name="{name}" value="{value}">"#));
    for part in fields.chain([form, ">Try again</button>".to_owned()]) {
        assert!(page.html.contains(&part), "{part} is missing in {page:?}");
    }
}

async fn a_ticket_just_listed_is_never_unknown_to_its_buyer(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let pages = world.pages().await;
    world.set_bus_away(true);
    let ticket = world.listed(&seller).await;
    let (buy, seen) = (format!("/tickets/{}/buy", ticket.id), [("price", "19.99"), ("currency", "usd")]);
    let (ordered, page) = tokio::join!(buyer.create_order(ticket.id), pages.post(&buyer, &buy, &seen));
    assert_eq!(refusal(ordered), not_heard_yet());
    assert_tries_again(&page, &buy, &seen);
    world.set_bus_away(false);
    world.settle().await;
    let page = pages.post(&buyer, &buy, &seen).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    assert_eq!((page.status, page.location), (303, format!("/orders/{}", order.id)));
    world.settle().await;
    world.end().await;
}

async fn an_order_just_placed_is_never_unknown_to_its_payer(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let pages = world.pages().await;
    let (ticket, other) = (world.listed(&seller).await, world.listed(&seller).await);
    world.settle().await;
    world.set_bus_away(true);
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    let by_page = buyer.create_order(other.id).await.expect("reserves");
    let (pay, card) = (format!("/orders/{}/pay", by_page.id), [("token", "tok_visa")]);
    let (paid, page) = tokio::join!(buyer.pay(order.id, "tok_visa"), pages.post(&buyer, &pay, &card));
    assert_eq!(refusal(paid), not_heard_yet());
    assert_tries_again(&page, &pay, &card);
    world.set_bus_away(false);
    world.settle().await;
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    let page = pages.post(&buyer, &pay, &card).await;
    let leads_there = page.location.starts_with(&format!("/orders/{}", by_page.id));
    assert!(page.status == 303 && leads_there, "{page:?}");
    world.settle().await;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.charges(), ledger.captured()), (2, 2 * PRICE));
    world.end().await;
}
