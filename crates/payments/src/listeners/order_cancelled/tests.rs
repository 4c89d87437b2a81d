use std::time::Duration;

use common::events::{CancelReason, OrderCompleted, PaymentCreated, PaymentFailed, PaymentRefunded, TicketRef};
use common::gate::PaymentBeginning;
use common::version::Version;
use stripe_sim::{Call, Failure, Moment};

use crate::domain::PaymentState;
use crate::testing::{WINDOW, World, brisk, code, impatient};

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_cannot_be_paid() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    world.cancel(order, 1).await;
    let reply = world.pay(&ada, order, "tok_visa").await;
    assert_eq!((reply.status, code(&reply)), (400, "order_cancelled"));
    assert_eq!(reply.messages(), ["Cannot pay for a cancelled order"]);
    assert_eq!(world.sim.faults().calls(Call::CreateIntent), 0);
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_during_authorisation_takes_no_money() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    let held = world.sim.faults().hold(Call::CreateIntent, Moment::After);
    let (reply, ()) = tokio::join!(world.pay(&ada, order, "tok_visa"), async {
        held.reached().await;
        world.cancel_meanwhile(order).await;
        held.release();
    });
    assert_eq!(reply.status, 400, "{:?}", reply.body);
    world.finished().await;
    assert_eq!(world.sim.faults().calls(Call::Capture), 0);
    assert_eq!(world.app.published::<PaymentFailed>().await.len(), 0);
    assert_eq!(world.ledger().await.intents[0].status, "canceled");
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_told_before_the_answer_came_is_not_taken_once_the_order_has_ended() {
    for by_cancellation in [true, false] {
        let world = World::by_hand(brisk()).await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        let faults = world.sim.faults();
        let answer = faults.hold(Call::CreateIntent, Moment::After);
        // The webhook asks what has happened, and once more before it takes the money.
        faults.plan(Call::RetrieveIntent, Moment::Before, Failure::Delay(Duration::ZERO));
        let question = faults.hold(Call::RetrieveIntent, Moment::Before);
        let (reply, ()) = tokio::join!(world.pay(&ada, order, "tok_visa"), async {
            question.reached().await;
            let payment = world.payment(order).await.expect("a payment");
            assert!(matches!(payment.state, PaymentState::Capturing { .. }), "{payment:?}");
            if by_cancellation {
                world.cancel_meanwhile(order).await;
                world.orders.answers(Some(PaymentBeginning::Cancelled));
            } else {
                world.app.clock.advance(WINDOW);
                world.orders.answers(Some(PaymentBeginning::Expired));
            }
            answer.release();
            question.release();
        });
        assert_eq!(reply.status, 400, "{:?}", reply.body);
        assert_eq!(world.sim.faults().calls(Call::Capture), 0, "{by_cancellation}");
        assert_eq!(world.ledger().await.intents[0].status, "canceled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_during_the_capture_is_refunded_once() {
    for moment in [Moment::Before, Moment::After] {
        let world = World::start().await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        // Only the answer to the call tells that it is captured.
        world.sim.faults().hold_webhooks(true);
        let held = world.sim.faults().hold(Call::Capture, moment);
        let (reply, ()) = tokio::join!(world.pay(&ada, order, "tok_visa"), async {
            held.reached().await;
            world.cancel_meanwhile(order).await;
            held.release();
        });
        assert_eq!(reply.status, 400, "{:?}", reply.body);
        world.finished().await;
        assert_eq!(world.app.published::<PaymentCreated>().await.len(), 0);
        assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 1);
        assert_eq!(world.ledger().await.refunds(), 1);
        world.assert_money(2050, 2050).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_after_the_capture_is_refunded_once_however_often_it_is_published() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    for version in [1, 1, 2] {
        world.cancel(order, version).await;
    }
    world.finished().await;
    let published = world.app.published::<PaymentRefunded>().await;
    assert_eq!(published.len(), 1);
    let ledger = world.ledger().await;
    assert_eq!(ledger.intents[0].refunds[0].id, published[0].stripe_refund_id);
    assert_eq!(world.sim.faults().calls(Call::Refund), 1);
    world.assert_money(2050, 2050).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_was_never_answered_is_not_made_twice() {
    let world = World::with(impatient()).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    // A webhook would tell of the refund.
    world.sim.faults().hold_webhooks(true);
    world.sim.faults().plan(Call::Refund, Moment::After, Failure::Disconnect);
    world.sim.faults().plan(Call::Refund, Moment::Before, Failure::ServerError);
    world.sim.faults().plan(Call::Refund, Moment::After, Failure::Hang);
    world.cancel(order, 1).await;
    world.reconcile().await;
    assert!(world.sim.faults().calls(Call::Refund) >= 4);
    assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 1);
    assert_eq!(world.ledger().await.refunds(), 1);
    world.assert_money(2050, 2050).await;
}

/// In either sequence, and however often each is published.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_for_a_ticket_that_never_came_is_refunded_once() {
    for comes_first in ["completion", "cancellation"] {
        let world = World::start().await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
        let ticket = TicketRef { id: world.app.deps.platform.ids.next(world.app.clock.now()) };
        let completed = OrderCompleted { id: order, version: Version(1), ticket };
        if comes_first == "completion" {
            world.app.publish("orders", &completed).await;
            world.app.settle().await;
        }
        for _ in 0..2 {
            world.publish_cancelled(order, 2, CancelReason::NotDelivered).await;
            world.app.publish("orders", &completed).await;
        }
        world.app.settle().await;
        world.finished().await;
        assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 1, "{comes_first}");
        assert_eq!((world.sim.faults().calls(Call::Refund), world.ledger().await.refunds()), (1, 1));
        assert_eq!(world.told(&ada, order).await, "refunded");
        world.assert_money(2050, 2050).await;
        assert_eq!(world.app.dead_letters().await, Vec::<String>::new());
    }
}
