//! Unpaid orders expire at their deadline: never before, at most two seconds late, and also if the process
//! was down at that time.

mod program;

use std::time::Duration;

use client::{CancelReason, Client, Order, OrderStatus, Price, TicketFilter, TicketForm, Timestamp};
use ports::clock::Clock;
use program::ticketing;
use tempfile::TempDir;
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::{Program, Server};

/// The allowed delay after the deadline.
const LATENESS: Duration = Duration::from_secs(2);
const WINDOW: Duration = Duration::from_secs(3);

fn quick() -> Program {
    ticketing().args(["--reservation", "3s"])
}

fn on_embedded_engines(data: &TempDir) -> Program {
    quick().arg("--data").arg(data.path())
}

async fn on_mongodb_and_jetstream(namespace: &str) -> Program {
    let program = quick().env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats_url().await);
    program.args(["--namespace", namespace])
}

fn new_namespace() -> String {
    format!("t{:016x}", rand::random::<u64>())
}

fn now() -> Timestamp {
    Clock::system().now()
}

async fn user(server: &Server, name: &str) -> Client {
    let client = Client::new(&server.url()).expect("a client");
    client.sign_up(&format!("{name}@example.com"), "correct horse battery").await.expect("signs up");
    client
}

/// An order of `buyer` for a new ticket.
async fn unpaid_order(server: &Server, buyer: &Client) -> Order {
    let form = TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"));
    let ticket = user(server, "seller").await.create_ticket(&form).await.expect("lists");
    let began = now();
    let order = buyer.create_order(ticket.id).await.expect("orders");
    assert!(
        order.expires_at >= began + WINDOW && order.expires_at <= now() + WINDOW,
        "{order:?} is due at another time"
    );
    order
}

/// Polls the order until it is cancelled. Fails if that happens before `due`, or has not happened two
/// seconds after.
async fn assert_expires(buyer: &Client, order: &Order, due: Timestamp) {
    loop {
        let asked = now();
        let seen = buyer.order(order.id).await.expect("the order");
        let answered = now();
        if seen.status == OrderStatus::Cancelled {
            assert!(answered >= order.expires_at, "it expired early, by {answered}");
            assert_eq!(seen.reason, Some(CancelReason::Expired));
            return;
        }
        assert_eq!(seen.status, OrderStatus::Created);
        assert!(asked < due + LATENESS, "it was still open at {asked}, and should have ended at {due}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The ticket is listed again and another buyer can reserve it.
async fn assert_ticket_is_free(server: &Server, order: &Order) {
    let next = user(server, "next").await;
    let patience = now() + LATENESS;
    loop {
        let listed = next.tickets(&TicketFilter::default()).await.expect("the list");
        if listed.items.iter().any(|ticket| ticket.id == order.ticket.id) {
            break;
        }
        assert!(now() < patience, "the ticket is not for sale again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let order = next.create_order(order.ticket.id).await.expect("the next buyer gets it");
    assert_eq!(order.status, OrderStatus::Created);
}

async fn expires_when_due(program: Program) {
    let mut server = Server::launch(program).await;
    let buyer = user(&server, "buyer").await;
    let order = unpaid_order(&server, &buyer).await;
    assert_expires(&buyer, &order, order.expires_at).await;
    assert_ticket_is_free(&server, &order).await;
    server.stop().await;
}

/// The process is killed as soon as it has acknowledged the order, whether or not other services know of it.
async fn expires_after_the_restart(program: Program) {
    let mut server = Server::launch(program).await;
    let buyer = user(&server, "buyer").await;
    let order = unpaid_order(&server, &buyer).await;
    server.kill().await;
    Clock::system().sleep_until(order.expires_at).await;
    server.restart().await;
    assert_expires(&buyer, &order, now()).await;
    assert_ticket_is_free(&server, &order).await;
    server.stop().await;
}

async fn stays_when_it_is_paid(program: Program) {
    let mut server = Server::launch(program).await;
    let buyer = user(&server, "buyer").await;
    let order = unpaid_order(&server, &buyer).await;
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    Clock::system().sleep_until(order.expires_at + LATENESS).await;
    assert_eq!(buyer.order(order.id).await.expect("the order").status, OrderStatus::Complete);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_order_ends_when_it_is_due_and_frees_its_ticket_on_sqlite_and_the_local_bus() {
    let data = tempfile::tempdir().expect("a directory");
    expires_when_due(on_embedded_engines(&data)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_order_ends_when_it_is_due_and_frees_its_ticket_on_mongodb_and_jetstream() {
    expires_when_due(on_mongodb_and_jetstream(&new_namespace()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_due_during_downtime_expire_after_the_restart_on_sqlite_and_the_local_bus() {
    let data = tempfile::tempdir().expect("a directory");
    expires_after_the_restart(on_embedded_engines(&data)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_due_during_downtime_expire_after_the_restart_on_mongodb_and_jetstream() {
    expires_after_the_restart(on_mongodb_and_jetstream(&new_namespace()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_never_ends() {
    let data = tempfile::tempdir().expect("a directory");
    stays_when_it_is_paid(on_embedded_engines(&data)).await;
}
