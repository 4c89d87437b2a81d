use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use client::Client;
use testkit::process::Server;

use crate::collector::Collector;
use crate::processes::Processes;
use crate::purchase::{BUYER, SECRETS, TRACE, buy_a_ticket, buy_a_ticket_of, in_memory, reserve_a_ticket_of};
use crate::tree::Tree;

const PATIENCE: Duration = Duration::from_secs(30);
/// How long a process may take to end.
const END_WITHIN: Duration = Duration::from_secs(10);

const SIGN_UP: [&str; 2] = ["web: POST /signup", "auth: POST /api/users/signup"];
const ORDER: [&str; 3] = ["web: POST /tickets/{id}/buy", "orders: POST /api/orders", "orders: publish orders.created"];
const PAYMENT: [&str; 2] = ["web: POST /orders/{id}/pay", "payments: POST /api/payments"];
const PAID: [&str; 3] = [
    "payments: publish payments.created",
    "orders: orders-payments payments.created",
    "orders: publish orders.completed",
];

/// The chains of spans in a purchase, from the outermost down.
fn expected() -> Vec<Vec<&'static str>> {
    let paid = [&PAYMENT[..], &PAID].concat();
    let of = |begin: &[&'static str], end: &[&'static str]| [begin, end].concat();
    vec![
        SIGN_UP.to_vec(),
        of(
            &ORDER,
            &[
                "tickets: tickets-orders orders.created",
                "tickets: publish tickets.updated",
                "orders: orders-tickets tickets.updated",
            ],
        ),
        of(&ORDER, &["expiration: expiration-orders orders.created"]),
        of(&ORDER, &["payments: payments-orders orders.created"]),
        of(&ORDER, &["mail: mail-orders orders.created"]),
        of(&ORDER, &["delivery: delivery-orders orders.created"]),
        of(&PAYMENT, &["payments: stripe authorize"]),
        of(&PAYMENT, &["payments: stripe capture"]),
        of(
            &paid,
            &[
                "tickets: tickets-orders orders.completed",
                "tickets: publish tickets.updated",
                "orders: orders-tickets tickets.updated",
            ],
        ),
        of(&paid, &["expiration: expiration-orders orders.completed"]),
        of(&paid, &["payments: payments-orders orders.completed"]),
        of(&paid, &["delivery: delivery-orders orders.completed"]),
        of(&paid, &["mail: mail-orders orders.completed", "auth: POST /internal/users/addressee"]),
        of(
            &paid,
            &[
                "tickets: tickets-orders orders.completed",
                "tickets: publish tickets.updated",
                "mail: mail-tickets tickets.updated",
            ],
        ),
    ]
}

/// The chains of spans of an order that expires, long after it was placed.
fn expected_of_an_expiry() -> Vec<Vec<&'static str>> {
    let end = [
        "expiration: expiration-orders orders.created",
        "expiration: publish expiration.completed",
        "orders: orders-expiration expiration.completed",
        "orders: publish orders.cancelled",
        "tickets: tickets-orders orders.cancelled",
    ];
    vec![[&ORDER[..], &end].concat()]
}

async fn until_traced(collector: &Collector, expected: &[Vec<&str>]) {
    let began = Instant::now();
    loop {
        let tree = Tree::new(BUYER, collector.trace(TRACE));
        let Some(missing) = expected.iter().find(|path| !tree.has(path)) else { return };
        assert!(began.elapsed() < PATIENCE, "{missing:?} is missing in\n{tree}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_follows_a_purchase_through_all_services() {
    let collector = Collector::start().await;
    let program = in_memory().env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()).env("OTEL_BSP_SCHEDULE_DELAY", "50");
    let mut server = Server::launch(program).await;
    buy_a_ticket(&server).await;
    until_traced(&collector, &expected()).await;
    server.stop().await;

    assert_whole(&Tree::new(BUYER, collector.trace(TRACE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_follows_a_purchase_through_eight_processes_on_mongodb_and_jetstream() {
    let collector = Collector::start().await;
    let mut processes = Processes::launch(&collector).await;
    buy_a_ticket_of(processes.api(), &processes.pages).await;
    until_traced(&collector, &expected()).await;
    processes.stop().await;
    assert_whole(&Tree::new(BUYER, collector.trace(TRACE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orders_expiry_is_in_the_trace_of_the_order() {
    let collector = Collector::start().await;
    let program = in_memory().env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()).args(["--reservation", "1s"]);
    let server = Server::launch(program.env("OTEL_BSP_SCHEDULE_DELAY", "50")).await;
    reserve_a_ticket_of(&Client::new(&server.url()).expect("a client"), &server).await;
    until_traced(&collector, &expected_of_an_expiry()).await;
}

/// Every service that takes part is in it and no other, every span has a parent, and none contains a secret.
fn assert_whole(tree: &Tree) {
    println!("{tree}");
    let services: BTreeSet<_> = tree.spans().iter().map(|collected| collected.service.as_str()).collect();
    let expected = expected();
    let taking_part = expected.iter().flatten().filter_map(|step| Some(step.split_once(": ")?.0));
    assert_eq!(services, taking_part.collect::<BTreeSet<_>>());
    let known: BTreeSet<_> = tree.spans().iter().map(|collected| collected.id()).chain([BUYER.to_owned()]).collect();
    for collected in tree.spans() {
        assert!(known.contains(&collected.parent()), "{} is a part of nothing", collected.what());
        for word in collected.words() {
            assert!(!SECRETS.iter().any(|secret| word.contains(secret)), "{} contains {word}", collected.what());
            assert!(!word.contains('?'), "{} contains a query: {word}", collected.what());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_spans_are_exported_before_the_end() {
    let collector = Collector::start().await;
    // Longer than the test: spans are exported at shutdown.
    let program =
        in_memory().env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()).env("OTEL_BSP_SCHEDULE_DELAY", "3600000");
    let mut server = Server::launch(program).await;
    buy_a_ticket(&server).await;
    assert_eq!(collector.trace(TRACE).len(), 0);
    server.stop().await;
    let tree = Tree::new(BUYER, collector.trace(TRACE));
    assert!(tree.has(&SIGN_UP) && tree.has(&ORDER) && tree.has(&PAYMENT), "{tree}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_collector_does_no_harm() {
    let program = in_memory().env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    let mut server = Server::launch(program.env("OTEL_BSP_SCHEDULE_DELAY", "20")).await;
    buy_a_ticket(&server).await;
    let visitor = Client::new(&server.url()).expect("a client");
    let began = Instant::now();
    while !server.stderr().contains("traces are lost") {
        visitor.tickets(&Default::default()).await.expect("the list");
        assert!(began.elapsed() < PATIENCE, "nothing was said about it: {}", server.stderr());
    }
    let finished = server.stop().await;
    assert!(finished.took < END_WITHIN, "it took {:?} to end", finished.took);
    assert_eq!(finished.stderr.matches("traces are lost").count(), 1, "{}", finished.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collectors_address_that_is_none_stops_the_start() {
    let finished = in_memory().args(["--otlp-endpoint", "traces:4318"]).run().await;
    assert_eq!(finished.code, Some(2));
    assert_eq!(finished.stderr.lines().count(), 1, "{}", finished.stderr);
    assert!(
        finished.stderr.contains("--otlp-endpoint") && finished.stderr.contains("traces:4318"),
        "{}",
        finished.stderr
    );
}
