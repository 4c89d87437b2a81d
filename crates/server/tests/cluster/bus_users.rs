use common::events::{EVENT_TYPES, streams};
use ports::bus::Consumer;
use server::services::ServiceName;
use testkit::cluster::BusUser;
use testkit::world::{Engine, World};

use crate::{IMPOSTOR, cluster};

/// The durable consumers of all services, as the services themselves make them.
async fn consumers() -> Vec<Consumer> {
    let world = World::start(Engine::Embedded).await;
    let consumers = world.consumers().to_vec();
    world.end().await;
    consumers
}

fn belongs_to(consumer: &Consumer, service: ServiceName) -> bool {
    consumer.name == format!("{service}-{}", consumer.stream)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_publishes_its_own_events_and_takes_its_own_messages_only_on_jetstream() {
    let (cluster, consumers) = tokio::join!(cluster(), consumers());
    assert!(consumers.len() > 5, "{consumers:?}");
    for service in ServiceName::ALL {
        let name = service.as_str();
        let mut user = BusUser::connect(&cluster.variable(name, "NATS_URL")).await.expect("is let in");
        for event in EVENT_TYPES.iter().filter(|event| event.owner() != name) {
            user.is_refused_to_publish(event.name).await;
        }
        for Consumer { stream, name: consumer, .. } in consumers.iter().filter(|other| !belongs_to(other, service)) {
            user.is_refused_to_publish(&format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}")).await;
            user.is_refused_to_publish(&format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}")).await;
            user.is_refused_to_publish(&format!("$JS.ACK.{stream}.{consumer}.1.1.1.1.1")).await;
            user.is_refused_to_publish(&format!("dead-letters.{consumer}")).await;
        }
        for stream in streams().into_iter().chain(["dead-letters"]) {
            user.is_refused_to_publish(&format!("$JS.API.STREAM.DELETE.{stream}")).await;
            user.is_refused_to_publish(&format!("$JS.API.STREAM.PURGE.{stream}")).await;
            // Only tickets has events that supersede others.
            if (name, stream) != ("tickets", "tickets") {
                user.is_refused_to_publish(&format!("$JS.API.STREAM.MSG.DELETE.{stream}")).await;
            }
            user.is_refused_to_subscribe(&format!("{stream}.>")).await;
        }
        for other in ServiceName::ALL.into_iter().filter(|other| *other != service) {
            user.is_refused_to_subscribe(&format!("_INBOX.{other}.>")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_needs_the_password_on_jetstream() {
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
