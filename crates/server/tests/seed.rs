//! `ticketing seed` fills a running instance, or reports in one line why it cannot.

mod program;

use std::net::TcpListener;

use client::{CancelReason, Client, Order, OrderStatus, Page, Seller, Ticket, TicketFilter};
use program::ticketing;
use testkit::process::{Finished, Server};

const PASSWORD: &str = "please take your seats";

async fn seed(url: &str, tickets: u32) -> Finished {
    let tickets = tickets.to_string();
    ticketing().args(["seed", "--url", url, "--users", "6", "--tickets", &tickets, "--seed", "7"]).run().await
}

async fn signed_in(visitor: &Client, email: &str) -> Client {
    let person = visitor.anonymous();
    person.sign_in(email, PASSWORD).await.expect("the seeded account");
    person
}

async fn all<T: serde::de::DeserializeOwned>(person: &Client, first: Page<T>) -> Vec<T> {
    let (mut page, mut items) = (Some(first), Vec::new());
    while let Some(present) = page {
        page = person.next_page(&present).await.expect("a page");
        items.extend(present.items);
    }
    items
}

/// The tickets of the only seller among six people.
async fn tickets(visitor: &Client) -> Vec<Ticket> {
    let seller = signed_in(visitor, "seller-1@example.com").await;
    let mine = TicketFilter { seller: Some(Seller::Me), ..TicketFilter::default() };
    all(&seller, seller.tickets(&mine).await.expect("a page")).await
}

async fn orders(visitor: &Client) -> Vec<Order> {
    let mut orders = Vec::new();
    for number in 1..=5 {
        let buyer = signed_in(visitor, &format!("buyer-{number}@example.com")).await;
        orders.extend(all(&buyer, buyer.orders().await.expect("a page")).await);
    }
    orders
}

fn count(orders: &[Order], status: OrderStatus, reason: Option<CancelReason>) -> usize {
    orders.iter().filter(|order| (order.status, order.reason) == (status, reason)).count()
}

/// The number of something in the summary.
fn number_of(finished: &Finished, what: &str) -> usize {
    let line = finished.stdout.lines().find_map(|line| line.trim().strip_prefix(what));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_else(|| panic!("nothing is said about {what:?} in\n{}", finished.stdout))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seeded_instance_has_tickets_and_orders_in_every_state() {
    let server = Server::launch(ticketing().args(["--memory", "--limits", "off"])).await;
    let visitor = Client::new(&server.url()).expect("a client");

    let finished = seed(&server.url(), 20).await;
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let (listed, placed) = (tickets(&visitor).await, orders(&visitor).await);
    assert_eq!(listed.len(), 20);
    assert_eq!(count(&placed, OrderStatus::Created, None), 2);
    assert_eq!(count(&placed, OrderStatus::Complete, None), 5);
    assert_eq!(count(&placed, OrderStatus::Cancelled, Some(CancelReason::ByBuyer)), 2);
    assert_eq!(count(&placed, OrderStatus::Cancelled, Some(CancelReason::PaymentFailed)), 1);
    let sold = listed.iter().filter(|ticket| ticket.sold).count();
    let locked = listed.iter().filter(|ticket| !ticket.sold && ticket.order_id.is_some()).count();
    assert_eq!((sold, locked), (5, 2));
    assert!(listed.iter().all(|ticket| ticket.details.event_id.is_some() && ticket.details.starts_there().is_some()));
    let summary = ["users", "tickets for sale", "tickets locked", "tickets sold", "orders cancelled"];
    assert_eq!(summary.map(|what| number_of(&finished, what)), [6, 13, 2, 5, 3]);
    assert!(finished.stdout.contains(PASSWORD), "{}", finished.stdout);
    assert_eq!(finished.stderr, "Users: 6\nEvents: 3\nTickets: 20\nOrders: 10\n");

    let again = seed(&server.url(), 5).await;
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(again.stdout.contains("0 of them new"), "{}", again.stdout);
    assert_eq!(tickets(&visitor).await.len(), 25);

    let once_more = seed(&server.url(), 5).await;
    assert_eq!(once_more.code, Some(0), "its seats are listed already: {}", once_more.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_order_is_paid_where_money_is_real() {
    let keys = ["--stripe-secret-key", "sk_live_none", "--stripe-webhook-secret", "whsec_none"];
    let server = Server::launch(ticketing().args(["--memory", "--limits", "off"]).args(keys)).await;
    let finished = seed(&server.url(), 5).await;
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stdout.contains("no order was paid"), "{}", finished.stdout);
    let placed = orders(&Client::new(&server.url()).expect("a client")).await;
    assert_eq!(count(&placed, OrderStatus::Created, None), 3);
    assert_eq!(count(&placed, OrderStatus::Cancelled, Some(CancelReason::ByBuyer)), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_address_is_reported_in_one_line() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let url = format!("http://{free}");
    let finished = seed(&url, 5).await;
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(1), ""));
    assert_eq!(finished.stderr, format!("error: no marketplace answers at {url}: Connection refused (os error 111)\n"));
}
