//! The money of an order that ended before its payment was known goes back, sooner or later.

use std::time::Duration;

use client::OrderStatus::Cancelled;
use client::PaymentStatus::{RefundFailed, RefundPending, Refunded};
use client::{OrderId, RefundState};
use stripe_sim::{Call, Failure, Moment, RefundFate, RefundRefusal, RefundStatus};
use testkit::on_both_engines;
use testkit::world::{Engine, PRICE, World, within};

use super::{A_MOMENT, Story, WINDOW};

on_both_engines!(
    a_refund_that_waits_or_fails_is_told_as_such,
    a_refund_that_was_refused_once_is_given_all_the_same,
    a_refund_that_was_answered_500_is_given_once,
);

/// An order whose money was taken, of which nobody heard before it expired.
pub(super) async fn taken_unheard(story: &Story, card: &str) -> OrderId {
    let order = taken_in_silence(story, card).await;
    story.world.simulator.faults().hold_webhooks(false);
    order
}

/// The same, while no webhook comes: the first that does has payments try again what was refused.
async fn taken_in_silence(story: &Story, card: &str) -> OrderId {
    let (order, faults) = (story.order().await, story.world.simulator.faults());
    faults.hold_webhooks(true);
    faults.plan(Call::Capture, Moment::After, Failure::Disconnect);
    faults.plan(Call::RetrieveIntent, Moment::Before, Failure::ServerError);
    assert_eq!(story.refusal(order, card).await, "payment_unresolved");
    story.world.advance(WINDOW);
    story.until_cancelled(order).await;
    order
}

/// Returns when the order shows its refund like this, in time: if the reconciler was refused an answer first, nobody asks
/// for the refund before its next turn.
async fn until_shown(story: &Story, order: OrderId, state: RefundState) {
    within(async {
        while story.buyer.order(order).await.expect("is there").refund.map(|refund| refund.state) != Some(state) {
            story.world.advance(A_MOMENT);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

async fn a_refund_that_waits_or_fails_is_told_as_such(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    for (end, told, shown, words) in [
        (RefundStatus::Succeeded, Refunded, RefundState::Refunded, "$19.99 has been given back."),
        (RefundStatus::Failed, RefundFailed, RefundState::Failed, "$19.99 could not be given back to your card."),
    ] {
        story.world.simulator.faults().next_refund(RefundFate::Pends);
        let order = taken_unheard(&story, "tok_visa").await;
        story.until_told(order, (Cancelled, RefundPending)).await;
        until_shown(&story, order, RefundState::Pending).await;
        story.assert_reads(order, "$19.99 is on its way back to you.").await;
        let refund = &story.intent(order).await.refunds[0];
        story.world.simulator.settle_refund(&refund.id, end).await.expect("settles");
        story.until_told(order, (Cancelled, told)).await;
        until_shown(&story, order, shown).await;
        story.assert_reads(order, words).await;
    }
    // Or it has failed by the time that Stripe answers.
    story.world.simulator.faults().next_refund(RefundFate::Fails);
    let order = taken_unheard(&story, "tok_visa").await;
    story.in_time_told(order, (Cancelled, RefundFailed)).await;
    until_shown(&story, order, RefundState::Failed).await;
    story.assert_reads(order, "$19.99 could not be given back to your card.").await;
    let intent = story.intent(order).await;
    assert_eq!((intent.refunded(), intent.refunds.len()), (0, 1), "somebody finds another way");
    story.end().await;
}

async fn a_refund_that_was_refused_once_is_given_all_the_same(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    story.world.simulator.faults().next_refund(RefundFate::Refused(RefundRefusal::BalanceInsufficient));
    let order = taken_in_silence(&story, "tok_visa").await;
    story.until_told(order, (Cancelled, RefundPending)).await;
    assert_eq!(story.intent(order).await.refunds, [], "it was refused");
    story.assert_reads(order, "$19.99 is on its way back to you.").await;
    story.world.simulator.faults().hold_webhooks(false);
    story.in_time_told(order, (Cancelled, Refunded)).await;
    assert_eq!(story.intent(order).await.refunded(), PRICE);
    story.end().await;
}

async fn a_refund_that_was_answered_500_is_given_once(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    for moment in [Moment::Before, Moment::After] {
        story.world.simulator.faults().break_down(Call::Refund, moment);
        let order = taken_unheard(&story, "tok_visa").await;
        story.in_time_told(order, (Cancelled, Refunded)).await;
        let intent = story.intent(order).await;
        assert_eq!((intent.refunded(), intent.refunds.len()), (PRICE, 1), "{moment:?}");
        until_shown(&story, order, RefundState::Refunded).await;
    }
    story.end().await;
}
