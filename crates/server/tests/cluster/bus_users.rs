use testkit::cluster::BusUser;

use crate::{IMPOSTOR, SERVICES, cluster};

/// All events.
const EVENTS: [&str; 10] = [
    "sessions.revoked",
    "tickets.created",
    "tickets.updated",
    "orders.created",
    "orders.cancelled",
    "orders.completed",
    "expiration.completed",
    "payments.created",
    "payments.failed",
    "payments.refunded",
];

/// All durable consumers: the stream, who consumes it, and the consumer's name.
const CONSUMERS: [(&str, &str, &str); 6] = [
    ("orders", "tickets", "tickets-orders"),
    ("tickets", "orders", "orders-tickets"),
    ("expiration", "orders", "orders-expiration"),
    ("payments", "orders", "orders-payments"),
    ("orders", "expiration", "expiration-orders"),
    ("orders", "payments", "payments-orders"),
];

fn teller(event: &str) -> &str {
    match event.split_once('.').expect("a stream and a kind").0 {
        "sessions" => "auth",
        stream => stream,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_tells_its_own_events_and_takes_its_own_messages_only_on_jetstream() {
    let cluster = cluster().await;
    for service in SERVICES {
        let mut user = BusUser::connect(&cluster.variable(service, "NATS_URL")).await.expect("is let in");
        for event in EVENTS.into_iter().filter(|event| teller(event) != service) {
            user.is_refused_to_publish(event).await;
        }
        for (stream, _, consumer) in CONSUMERS.into_iter().filter(|(_, owner, _)| *owner != service) {
            user.is_refused_to_publish(&format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}")).await;
            user.is_refused_to_publish(&format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}")).await;
            user.is_refused_to_publish(&format!("$JS.ACK.{stream}.{consumer}.1.1.1.1.1")).await;
            user.is_refused_to_publish(&format!("dead-letters.{consumer}")).await;
        }
        for stream in ["sessions", "tickets", "orders", "expiration", "payments", "dead-letters"] {
            user.is_refused_to_publish(&format!("$JS.API.STREAM.DELETE.{stream}")).await;
            user.is_refused_to_publish(&format!("$JS.API.STREAM.PURGE.{stream}")).await;
            user.is_refused_to_subscribe(&format!("{stream}.>")).await;
        }
        for other in SERVICES.into_iter().filter(|other| *other != service) {
            user.is_refused_to_subscribe(&format!("_INBOX.{other}.>")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_connects_without_the_password_on_jetstream() {
    let cluster = cluster().await;
    let url = cluster.variable("orders", "NATS_URL");
    let (_, address) = url.split_once('@').expect("a user");
    for wrong in [format!("nats://{address}"), format!("nats://orders:guess@{address}")] {
        assert!(BusUser::connect(&wrong).await.is_none(), "{wrong} is let in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_does_not_start_with_the_bus_user_of_another_on_jetstream() {
    let cluster = cluster().await;
    let program = cluster.program("tickets").env("NATS_URL", cluster.variable("orders", "NATS_URL"));
    let finished = program.env("STARTUP_TIMEOUT", "1s").run().await;
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    let violations = cluster.violations();
    assert!(violations.iter().any(|line| line.contains(IMPOSTOR)), "{violations:#?}");
}
