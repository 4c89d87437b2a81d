//! What Stripe tells by itself is applied, whoever is working on the payment.

use common::events::{DisputeStatus, PaymentCreated, PaymentDisputed, PaymentPaused, PaymentRefunded};
use serde_json::json;

use crate::domain::PaymentState;
use crate::testing::stripe::{dispute, error, intent, list, of, page, refund};
use crate::testing::{Counts, Scripted, WINDOW, code};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_in_the_first_seconds_is_not_thrown_away() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    // It was done, but Stripe says 500, and says so again for a day.
    stripe.answers("POST /v1/payment_intents", [(500, error("api_error", "oops"))]);
    assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
    let payment = world.payment(order).await.expect("a payment");
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, intent("requires_capture")))]);
    assert_eq!(world.webhook("evt_1", &intent("requires_capture")).await.status, 200);
    let heard = world.payment(order).await.expect("a payment");
    assert!(matches!(heard.state, PaymentState::Capturing { .. }), "{heard:?}");
    stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
    world.check(order).await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_between_two_checks_is_not_thrown_away() {
    for is_cancelled in [false, true] {
        let Scripted { world, stripe, ada, order } = Scripted::start().await;
        // Something in front of Stripe fails, and no answer is one of Stripe's own.
        stripe.answers("POST /v1/payment_intents", [(503, json!("cut off"))]);
        assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
        world.check(order).await;
        let payment = world.payment(order).await.expect("a payment");
        assert!(!payment.is_due(world.app.clock.now()), "the reconciler has it: {payment:?}");
        if is_cancelled {
            world.cancel(order, 1).await;
        }
        stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, intent("requires_capture")))]);
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        stripe.answers("POST /v1/payment_intents/pi_1/cancel", [(200, intent("canceled"))]);
        assert_eq!(world.webhook("evt_1", &intent("requires_capture")).await.status, 200);
        world.app.settle().await;
        let (captures, cancels) = if is_cancelled { (0, 1) } else { (1, 0) };
        assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/capture").len(), captures);
        assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), cancels);
        assert_eq!(world.told(&ada, order).await, if is_cancelled { "not_charged" } else { "captured" });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_at_is_asked_for_again() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    stripe.answers("POST /v1/payment_intents", [(500, error("api_error", "oops"))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    stripe.answers("GET /v1/payment_intents/pi_1", [(500, error("api_error", "oops"))]);
    assert_eq!(world.webhook("evt_1", &intent("requires_capture")).await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intent_of_an_ended_order_is_cancelled_whenever_it_is_learnt_of() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    stripe.answers("POST /v1/payment_intents", [(500, error("api_error", "oops"))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    world.cancel(order, 1).await;
    let payment = world.payment(order).await.expect("a payment");
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, intent("requires_capture")))]);
    stripe.answers("POST /v1/payment_intents/pi_1/cancel", [(200, intent("canceled"))]);
    assert_eq!(world.webhook("evt_1", &intent("requires_capture")).await.status, 200);
    assert_eq!(world.payment(order).await.expect("a payment").state, PaymentState::Voided);
    // A day later, as Stripe delivers for three days.
    stripe.answers(
        "POST /v1/payment_intents/pi_1/cancel",
        [(500, error("api_error", "oops")), (200, intent("canceled"))],
    );
    world.app.clock.advance(WINDOW);
    assert_eq!(world.webhook("evt_2", &intent("requires_capture")).await.status, 503, "it could not be cancelled");
    world.app.clock.advance(WINDOW);
    assert_eq!(world.webhook("evt_2", &intent("requires_capture")).await.status, 200);
    let cancels = stripe.asked("POST /v1/payment_intents/pi_1/cancel");
    assert_eq!(cancels.len(), 3);
    assert_ne!(cancels[1].key, cancels[2].key, "Stripe would repeat its failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_whose_failure_stripe_repeats_ends_and_its_intent_is_given_up_when_it_is_named() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    stripe.answers("POST /v1/payment_intents", [(500, error("api_error", "oops"))]);
    assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
    let first = world.payment(order).await.expect("a payment");
    stripe.answers("GET /v1/payment_intents?", [(200, page(&[], false))]);
    world.check(order).await;
    assert_eq!(world.money(&ada, order).await.body["status"], "not_charged");
    assert_eq!(world.app.published::<PaymentPaused>().await.len(), 1);

    let mut second = intent("requires_capture");
    second["id"] = "pi_2".into();
    stripe.answers("POST /v1/payment_intents", [(200, second)]);
    stripe.answers("POST /v1/payment_intents/pi_2/capture", [(200, json!({"id": "pi_2", "status": "succeeded"}))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&first, intent("requires_capture")))]);
    stripe.answers("POST /v1/payment_intents/pi_1/cancel", [(200, intent("canceled"))]);
    assert_eq!(world.webhook("evt_1", &intent("requires_capture")).await.status, 200);
    assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), 1);
    assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/capture").len(), 0);
    assert_eq!(world.money(&ada, order).await.body["stripeId"], "pi_2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intent_that_is_still_processed_is_fetched_and_not_created_again() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    stripe.answers("POST /v1/payment_intents", [(200, intent("processing"))]);
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, intent("processing"))]);
    assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, intent("requires_capture"))]);
    stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
    world.check(order).await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
    let creates = stripe.asked("POST /v1/payment_intents").into_iter().filter(|asked| !asked.request.contains("pi_1"));
    assert_eq!(creates.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_whose_failure_stripe_repeats_is_tried_under_another_key() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    stripe.answers("POST /v1/payment_intents", [(200, intent("requires_capture"))]);
    stripe.answers("POST /v1/payment_intents/pi_1/capture", [(500, error("api_error", "oops"))]);
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, intent("requires_capture"))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    world.check(order).await;
    let captures = stripe.asked("POST /v1/payment_intents/pi_1/capture");
    assert_ne!(captures[0].key, captures[1].key);
}

#[tokio::test]
async fn what_is_done_in_the_dashboard_is_recorded_and_published() {
    let counts = Counts::default();
    let _guard = counts.record();
    let Scripted { world, stripe, ada, order } = Scripted::paid().await;
    for (event, status) in
        [("evt_1", "needs_response"), ("evt_2", "under_review"), ("evt_3", "won"), ("evt_4", "needs_response")]
    {
        assert_eq!(world.webhook(event, &dispute(status)).await.status, 200);
        let told = if event < "evt_3" { "disputed" } else { "captured" };
        assert_eq!(world.money(&ada, order).await.body["status"], told, "{event}");
    }
    world.app.settle().await;
    let disputed = world.app.published::<PaymentDisputed>().await;
    let statuses: Vec<_> = disputed.iter().map(|event| event.status).collect();
    assert_eq!(statuses, [DisputeStatus::Open, DisputeStatus::Won]);
    assert_eq!((disputed[0].order_id, disputed[0].stripe_dispute_id.as_str()), (order, "du_1"));

    stripe.answers("GET /v1/refunds", [(200, list(&[refund("re_1", 2050, "succeeded")]))]);
    let charge = json!({"object": "charge", "id": "ch_1", "amount_refunded": 2050, "payment_intent": "pi_1"});
    for event in ["evt_5", "evt_6"] {
        assert_eq!(world.webhook(event, &charge).await.status, 200);
    }
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 1);
    let told = world.money(&ada, order).await.body;
    assert_eq!((&told["status"], &told["stripeRefundId"]), (&json!("refunded"), &json!("re_1")));
    assert_eq!(counts.of("payments_disputed_total"), 1);
    assert_eq!(counts.of("payments_refunded_outside_total"), 1);
}
