//! How the money of a cancelled order goes back, and what is said meanwhile.

use common::events::{PaymentRefunded, RefundStatus};
use harness::Errors;
use serde_json::json;

use crate::domain::PaymentState;
use crate::testing::stripe::{dispute, error, list, refund};
use crate::testing::{Counts, Scripted, World};

/// What was published of refunds.
async fn published(world: &World) -> Vec<(String, RefundStatus)> {
    world.app.settle().await;
    let events = world.app.published::<PaymentRefunded>().await;
    events.into_iter().map(|event| (event.stripe_refund_id, event.status)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_waits_is_told_as_waiting_until_stripe_says_more() {
    for (end, status, word) in [
        ("succeeded", RefundStatus::Succeeded, "refunded"),
        ("failed", RefundStatus::Failed, "refund_failed"),
        ("canceled", RefundStatus::Failed, "refund_failed"),
    ] {
        for by_webhook in [false, true] {
            let Scripted { world, stripe, ada, order } = Scripted::paid().await;
            stripe.answers("POST /v1/refunds", [(200, refund("re_1", 2050, "pending"))]);
            world.cancel(order, 1).await;
            assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Pending)]);
            assert_eq!(world.told(&ada, order).await, "refund_pending");
            let ended = refund("re_1", 2050, end);
            stripe.answers("GET /v1/refunds", [(200, list(std::slice::from_ref(&ended)))]);
            stripe.answers("GET /v1/refunds/re_1", [(200, ended.clone())]);
            if by_webhook {
                // It is not believed, but asked about.
                assert_eq!(world.webhook("evt_1", &refund("re_1", 2050, "pending")).await.status, 200);
            } else {
                world.check(order).await;
            }
            assert_eq!(published(&world).await[1..], [("re_1".into(), status)], "{end} {by_webhook}");
            assert_eq!(world.told(&ada, order).await, word);
            assert_eq!(stripe.asked("POST /v1/refunds").len(), 1);
        }
    }
}

#[tokio::test]
async fn a_refund_that_fails_calls_for_help_once_however_many_webhooks_tell() {
    let (counts, errors) = (Counts::default(), Errors::begin());
    let _guard = counts.record();
    let Scripted { world, stripe, ada, order } = Scripted::paid().await;
    stripe.answers("POST /v1/refunds", [(200, refund("re_1", 2050, "succeeded"))]);
    world.cancel(order, 1).await;
    assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Succeeded)]);
    let failed = refund("re_1", 2050, "failed");
    stripe.answers("GET /v1/refunds", [(200, list(std::slice::from_ref(&failed)))]);
    // refund.failed, refund.updated and charge.refund.updated.
    for event in ["evt_1", "evt_2", "evt_3"] {
        assert_eq!(world.webhook(event, &failed).await.status, 200);
    }
    assert_eq!(published(&world).await[1..], [("re_1".into(), RefundStatus::Failed)]);
    assert_eq!(counts.of("refunds_failed_total"), 1);
    assert_eq!(errors.messages(), ["a refund has failed: the buyer has not got their money"]);
    assert_eq!(world.told(&ada, order).await, "refund_failed");

    // Somebody finds another way in the dashboard.
    stripe.answers("GET /v1/refunds", [(200, list(&[refund("re_2", 2050, "succeeded"), failed]))]);
    assert_eq!(world.webhook("evt_4", &refund("re_2", 2050, "succeeded")).await.status, 200);
    assert_eq!(published(&world).await[2..], [("re_2".into(), RefundStatus::Succeeded)]);
    assert_eq!(world.told(&ada, order).await, "refunded");
}

#[tokio::test]
async fn a_refund_that_has_failed_when_it_is_answered_calls_for_help_once() {
    for is_told_before in [false, true] {
        let (counts, errors) = (Counts::default(), Errors::begin());
        let _guard = counts.record();
        let Scripted { world, stripe, ada, order } = Scripted::paid().await;
        let failed = refund("re_1", 2050, "failed");
        stripe.answers("GET /v1/refunds", [(200, list(std::slice::from_ref(&failed)))]);
        if is_told_before {
            // Nobody knows yet whose it is.
            assert_eq!(world.webhook("evt_0", &failed).await.status, 200);
        }
        stripe.answers("POST /v1/refunds", [(200, failed.clone())]);
        world.cancel(order, 1).await;
        for event in ["evt_1", "evt_2", "evt_3"] {
            assert_eq!(world.webhook(event, &failed).await.status, 200);
        }
        assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Failed)], "{is_told_before}");
        assert_eq!(world.told(&ada, order).await, "refund_failed");
        assert_eq!(counts.of("refunds_failed_total"), 1, "{is_told_before}");
        assert_eq!(errors.messages(), ["a refund has failed: the buyer has not got their money"]);
        assert_eq!(stripe.asked("POST /v1/refunds").len(), 1, "somebody finds another way");
        assert!(!world.payment(order).await.expect("a payment").state.is_unfinished());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_is_refused_is_asked_for_again_under_another_key() {
    for refusal in [(400, error("invalid_request_error", "balance_insufficient")), (500, error("api_error", "oops"))] {
        let Scripted { world, stripe, ada, order } = Scripted::paid().await;
        stripe.answers("GET /v1/refunds", [(200, list(&[]))]);
        stripe.answers("POST /v1/refunds", [refusal.clone()]);
        world.cancel(order, 1).await;
        world.check(order).await;
        world.check(order).await;
        assert_eq!(world.told(&ada, order).await, "refund_pending", "nobody is told that it is done");
        stripe.answers("POST /v1/refunds", [(200, refund("re_1", 2050, "succeeded"))]);
        world.check(order).await;
        assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Succeeded)]);
        let keys: Vec<_> = stripe.asked("POST /v1/refunds").into_iter().map(|asked| asked.key).collect();
        assert_eq!(keys.len(), 4);
        if refusal.0 == 500 {
            assert_eq!(keys[0], keys[1], "a failure that is new leaves it open what happened");
        } else {
            assert_ne!(keys[0], keys[1]);
        }
        assert_ne!(keys[0], keys[2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_was_made_although_stripe_said_no_is_found() {
    for refusal in [(400, error("invalid_request_error", "charge_already_refunded")), (500, error("api_error", "oops"))]
    {
        let Scripted { world, stripe, ada, order } = Scripted::paid().await;
        stripe.answers("POST /v1/refunds", [refusal]);
        let failed = refund("re_0", 2050, "failed");
        stripe.answers("GET /v1/refunds", [(200, list(&[refund("re_1", 2050, "succeeded"), failed]))]);
        world.cancel(order, 1).await;
        // A failure counts as one that is stored only once Stripe repeats it.
        if world.told(&ada, order).await != "refunded" {
            world.check(order).await;
        }
        assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Succeeded)]);
        let keys: std::collections::HashSet<_> =
            stripe.asked("POST /v1/refunds").into_iter().map(|asked| asked.key).collect();
        assert_eq!(keys.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_whose_answer_was_lost_and_that_failed_then_is_told_as_failed() {
    let Scripted { world, stripe, ada, order } = Scripted::paid().await;
    stripe.answers("POST /v1/refunds", [(503, json!("cut off")), (200, refund("re_1", 2050, "succeeded"))]);
    world.cancel(order, 1).await;
    let failed = refund("re_1", 2050, "failed");
    stripe.answers("GET /v1/refunds", [(200, list(std::slice::from_ref(&failed)))]);
    assert_eq!(world.webhook("evt_1", &failed).await.status, 200);
    assert_eq!(world.told(&ada, order).await, "refund_pending");
    // Stripe repeats what it answered first.
    world.check(order).await;
    assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Failed)]);
    assert_eq!(world.told(&ada, order).await, "refund_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_gave_back_is_not_given_back_again() {
    let Scripted { world, stripe, ada, order } = Scripted::paid().await;
    let outside = refund("re_out", 550, "succeeded");
    stripe.answers("GET /v1/refunds", [(200, list(std::slice::from_ref(&outside)))]);
    assert_eq!(world.webhook("evt_1", &outside).await.status, 200);
    assert_eq!(world.told(&ada, order).await, "captured");
    stripe.answers("POST /v1/refunds", [(200, refund("re_1", 1500, "succeeded"))]);
    world.cancel(order, 1).await;
    assert_eq!(world.told(&ada, order).await, "refunded");
    assert!(stripe.asked("POST /v1/refunds")[0].body.contains("amount=1500"), "what is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_of_a_disputed_payment_waits_for_the_bank_and_not_forever() {
    let Scripted { world, stripe, ada, order } = Scripted::paid().await;
    assert_eq!(world.webhook("evt_1", &dispute("needs_response")).await.status, 200);
    stripe.answers("POST /v1/refunds", [(400, error("invalid_request_error", "charge_disputed"))]);
    world.cancel(order, 1).await;
    let payment = world.payment(order).await.expect("a payment");
    assert!(matches!(payment.state, PaymentState::RefundFailed { stripe_refund_id: None, .. }), "{payment:?}");
    assert!(!payment.state.is_unfinished());
    assert_eq!(world.told(&ada, order).await, "disputed");

    stripe.answers("POST /v1/refunds", [(200, refund("re_1", 2050, "succeeded"))]);
    assert_eq!(world.webhook("evt_2", &dispute("won")).await.status, 200);
    world.check(order).await;
    assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Succeeded)]);
    assert_eq!(world.told(&ada, order).await, "refunded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_that_is_won_while_stripe_refuses_a_refund_does_not_keep_the_money() {
    let Scripted { world, stripe, ada, order } = Scripted::paid().await;
    assert_eq!(world.webhook("evt_1", &dispute("won")).await.status, 200);
    // It was asked a moment before, and says so to each request with that key.
    stripe.answers("POST /v1/refunds", [(400, error("invalid_request_error", "charge_disputed"))]);
    world.cancel(order, 1).await;
    assert_eq!(world.told(&ada, order).await, "refund_pending");
    assert_eq!(stripe.asked("POST /v1/refunds").len(), 1, "it is asked again later");
    stripe.answers("POST /v1/refunds", [(200, refund("re_1", 2050, "succeeded"))]);
    world.check(order).await;
    assert_eq!(published(&world).await, [("re_1".into(), RefundStatus::Succeeded)]);
    let asked = stripe.asked("POST /v1/refunds");
    assert_ne!(asked[0].key, asked[1].key);
}
