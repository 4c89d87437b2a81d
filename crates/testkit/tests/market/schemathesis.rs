//! The whole API, checked against its OpenAPI document by schemathesis.

use testkit::on_both_engines;
use testkit::schemathesis::Subject;
use testkit::world::{Engine, World};

on_both_engines!(every_answer_is_as_documented);

async fn every_answer_is_as_documented(engine: Engine) {
    let world = World::start(engine).await;
    let excluded = [
        // Its response never ends, and schemathesis would wait for it.
        "--exclude-operation-id=liveTickets",
        // They end the session that all other operations need.
        "--exclude-operation-id=signOut",
        "--exclude-operation-id=signOutEverywhere",
        "--exclude-operation-id=endSession",
        "--exclude-operation-id=eraseAccount",
    ];
    subject(&world, "ada").await.test(&excluded).await;
    for operation in ["signOut", "signOutEverywhere", "endSession", "eraseAccount"] {
        let filter = format!("--include-operation-id={operation}");
        // All phases but the one that needs several operations.
        subject(&world, operation).await.test(&[&filter, "--phases=examples,coverage,fuzzing"]).await;
    }
    world.settle().await;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn subject(world: &World, name: &str) -> Subject {
    let (seller, buyer) = (world.user(&format!("{name}-seller")).await, world.user(name).await);
    let (ticket, ordered) = (world.listed(&seller).await, world.listed(&seller).await);
    let order = buyer.create_order(ordered.id).await.expect("reserves");
    Subject {
        address: world.address,
        session: buyer.token().expect("is signed in"),
        ticket: ticket.id.to_string(),
        order: order.id.to_string(),
    }
}
