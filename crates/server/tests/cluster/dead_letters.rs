use std::time::{Duration, Instant};

use testkit::cluster::BusUser;

use crate::program::ticketing;
use crate::{PATIENCE, cluster};

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_event_becomes_a_dead_letter_that_the_operator_sees_on_jetstream() {
    let cluster = cluster().await;
    let tickets = BusUser::connect(&cluster.variable("tickets", "NATS_URL")).await.expect("is let in");
    tickets.publish("tickets.created", "nonsense").await;
    let list = ticketing().args(["dead-letters", "list"]);
    let (list, began) = (list.env("NATS_URL", cluster.operator_url()), Instant::now());
    loop {
        let listed = list.run().await;
        assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""), "{listed:?}");
        if listed.stdout.contains("orders-tickets") {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "it does not become a dead letter: {}", listed.stdout);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
