//! Calls whose answer does not say what happened: then Stripe's webhook does, or its list.

use client::OrderStatus::{Cancelled, Complete};
use client::PaymentStatus::{Captured, NotCharged};
use stripe_sim::{Call, Moment, Processed};
use testkit::on_both_engines;
use testkit::world::{Engine, PRICE, World};

use super::{Story, WINDOW};

on_both_engines!(
    a_payment_answered_500_and_done_is_known_by_its_webhook_or_found,
    a_payment_that_was_processed_for_a_while_is_known_by_its_webhook,
);

async fn a_payment_answered_500_and_done_is_known_by_its_webhook_or_found(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let faults = story.world.simulator.faults();
    for (is_in_time, webhooks_come) in [(true, true), (true, false), (false, true)] {
        let order = story.order().await;
        faults.hold_webhooks(true);
        faults.break_down(Call::CreateIntent, Moment::After);
        assert_eq!(story.refusal(order, "tok_visa").await, "payment_unresolved");
        assert_eq!(story.intent(order).await.status, "requires_capture");
        if !is_in_time {
            story.world.advance(WINDOW);
            story.until_cancelled(order).await;
        }
        faults.hold_webhooks(!webhooks_come);
        if is_in_time {
            story.in_time_told(order, (Complete, Captured)).await;
            assert_eq!(story.intent(order).await.captured, PRICE);
        } else {
            story.in_time_given_up(order).await;
            story.in_time_told(order, (Cancelled, NotCharged)).await;
        }
        faults.hold_webhooks(false);
    }
    story.end().await;
}

async fn a_payment_that_was_processed_for_a_while_is_known_by_its_webhook(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let simulator = story.world.simulator.clone();
    for is_in_time in [true, false] {
        let order = story.order().await;
        simulator.faults().next_intent_is_processing();
        assert_eq!(story.refusal(order, "tok_visa").await, "payment_unresolved");
        if !is_in_time {
            story.world.advance(WINDOW);
            story.until_cancelled(order).await;
        }
        let intent = story.intent(order).await;
        assert_eq!(intent.status, "processing");
        simulator.finish_processing(&intent.id, Processed::Granted).await.expect("the bank decides");
        if is_in_time {
            story.in_time_told(order, (Complete, Captured)).await;
        } else {
            story.in_time_given_up(order).await;
            story.in_time_told(order, (Cancelled, NotCharged)).await;
        }
    }
    story.end().await;
}
