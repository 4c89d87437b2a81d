//! The world itself: it must detect what a test leaves unfinished.

use std::panic::{AssertUnwindSafe, catch_unwind};

use stripe_sim::{Call, Moment};
use testkit::world::{Engine, World, within};

#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_world_with_work_under_way_fails_the_test() {
    let world = World::start(Engine::Embedded).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    let held = world.simulator.faults().hold(Call::Capture, Moment::Before);
    let paying = tokio::spawn(async move { buyer.pay(order.id, "tok_visa").await });
    within(held.reached()).await;
    let panic = catch_unwind(AssertUnwindSafe(|| drop(world))).expect_err("the drop panics");
    let message = panic.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(message.contains("undelivered events"), "{message}");
    held.release();
    // The outcome of the request does not matter: its world is gone.
    paying.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_settled_world_is_fine() {
    let world = World::start(Engine::Embedded).await;
    let seller = world.user("seller").await;
    world.listed(&seller).await;
    world.settle().await;
    drop(world);
}
