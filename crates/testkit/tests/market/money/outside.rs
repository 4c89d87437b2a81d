//! What others do with the money: people in Stripe's dashboard, and the buyer's bank.

use std::time::Duration;

use client::OrderStatus::{Cancelled, Complete};
use client::PaymentStatus::{Captured, Disputed, Refunded};
use client::{DisputeStatus, RefundState};
use stripe_sim::{Call, DisputeOutcome};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

use super::Story;
use super::refunds::taken_unheard;

on_both_engines!(
    a_refund_in_the_dashboard_is_shown_on_the_order,
    a_dispute_is_shown_on_the_order,
    a_dispute_about_an_order_that_has_ended_is_left_to_the_bank,
);

async fn a_refund_in_the_dashboard_is_shown_on_the_order(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let order = story.paid().await;
    let intent = story.intent(order).await.id;
    let refund = story.world.simulator.refund_in_dashboard(&intent).await.expect("refunds");
    story.until_told(order, (Complete, Refunded)).await;
    story.world.settle().await;
    let shown = story.buyer.order(order).await.expect("is there").refund.expect("a refund");
    assert_eq!(shown.state, RefundState::Refunded);
    let payment = story.buyer.payment(order).await.expect("an answer").expect("a payment");
    assert_eq!(payment.stripe_refund_id, Some(refund));
    story.assert_reads(order, "$19.99 has been given back.").await;
    story.end().await;
}

async fn a_dispute_is_shown_on_the_order(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let simulator = story.world.simulator.clone();
    for (outcome, told, shown) in
        [(DisputeOutcome::Lost, Disputed, DisputeStatus::Lost), (DisputeOutcome::Won, Captured, DisputeStatus::Won)]
    {
        let order = story.paid().await;
        let intent = story.intent(order).await.id;
        simulator.open_dispute(&intent).await.expect("disputes");
        story.until_told(order, (Complete, Disputed)).await;
        let dispute = || async { story.buyer.order(order).await.expect("is there").dispute };
        story.world.settle().await;
        assert_eq!(dispute().await, Some(DisputeStatus::Open));
        story.assert_reads(order, "<h1>Disputed by your bank</h1>").await;
        simulator.close_dispute(&intent, outcome).await.expect("decides");
        story.until_told(order, (Complete, told)).await;
        story.world.settle().await;
        assert_eq!(dispute().await, Some(shown));
    }
    story.end().await;
}

/// Stripe refunds nothing that the buyer's bank has (`charge_disputed`), and is not asked to where the dispute is heard of
/// before.
async fn a_dispute_about_an_order_that_has_ended_is_left_to_the_bank(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let (simulator, faults) = (story.world.simulator.clone(), story.world.simulator.faults());
    let order = taken_unheard(&story, "tok_createDispute").await;
    story.until_told(order, (Cancelled, Disputed)).await;
    story.world.settle().await;
    story.assert_reads(order, "Your bank disputes this payment of $19.99, and has not decided yet.").await;

    let asked = faults.calls(Call::Refund);
    story.world.advance(Duration::from_secs(60 * 60));
    let intent = story.intent(order).await;
    assert_eq!(intent.refunds, []);
    simulator.close_dispute(&intent.id, DisputeOutcome::Won).await.expect("decides");
    story.in_time_told(order, (Cancelled, Refunded)).await;
    assert_eq!(faults.calls(Call::Refund) - asked, 1, "it was asked for again only once the bank had decided");
    story.end().await;
}
