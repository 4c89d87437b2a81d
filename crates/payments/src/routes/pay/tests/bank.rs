//! Cards whose bank wants the buyer to confirm (3-D Secure).

use std::time::Duration;

use common::events::{PaymentCreated, PaymentFailed, PaymentPaused};
use common::gate::PaymentBeginning;
use common::id::OrderId;
use serde_json::{Value, json};

use crate::Settings;
use crate::domain::PaymentState;
use crate::testing::stripe::{asking_intent, intent, of};
use crate::testing::{FakeStripe, Scripted, WINDOW, World, code, impatient};

/// The bank has decided, and Stripe tells, or is asked.
async fn decided(world: &World, stripe: &FakeStripe, order: OrderId, intent: Value, by_webhook: bool) {
    let payment = world.payment(order).await.expect("a payment");
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, intent.clone()))]);
    if by_webhook {
        assert_eq!(world.webhook("evt_1", &intent).await.status, 200);
        world.app.settle().await;
    } else {
        world.check(order).await;
    }
}

fn refused() -> Value {
    let mut intent = intent("requires_payment_method");
    intent["last_payment_error"] = json!({"type": "invalid_request_error", "code": "payment_intent_authentication_failure", "message": "for developers"});
    intent
}

fn declined() -> Value {
    let mut intent = intent("requires_payment_method");
    intent["last_payment_error"] =
        json!({"type": "card_error", "code": "card_declined", "decline_code": "do_not_honor"});
    intent
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bank_wants_confirmed_is_captured_once_it_is() {
    for by_webhook in [true, false] {
        let Scripted { world, stripe, ada, order } = Scripted::at_the_bank().await;
        let asked = &stripe.asked("POST /v1/payment_intents")[0].body;
        assert!(asked.contains("capture_method=manual") && !asked.contains("error_on_requires_action"), "{asked}");
        assert!(asked.contains(&format!("return_url=http://localhost:3000/orders/{order}&")), "the way back: {asked}");
        decided(&world, &stripe, order, asking_intent(), by_webhook).await;
        let payment = world.payment(order).await.expect("a payment");
        assert!(matches!(payment.state, PaymentState::AwaitingBuyer { .. }), "{payment:?}");
        if by_webhook {
            let payment = world.payment(order).await.expect("a payment");
            stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, intent("requires_capture")))]);
            assert_eq!(world.webhook("evt_2", &intent("requires_capture")).await.status, 200);
        } else {
            decided(&world, &stripe, order, intent("requires_capture"), false).await;
        }
        world.app.settle().await;
        assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1, "{by_webhook}");
        assert_eq!(world.money(&ada, order).await.body["status"], "captured");
        assert_eq!(world.orders.asked(), [1, 1], "again before the money is taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_is_refused_ends_the_attempt_and_is_no_decline() {
    for by_webhook in [true, false] {
        let Scripted { world, stripe, ada, order } = Scripted::at_the_bank().await;
        decided(&world, &stripe, order, refused(), by_webhook).await;
        let payment = world.payment(order).await.expect("a payment");
        assert_eq!((payment.declines, matches!(payment.state, PaymentState::Open { .. })), (0, true), "{payment:?}");
        assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), 1);
        world.app.settle().await;
        assert_eq!(world.app.published::<PaymentPaused>().await, [PaymentPaused { order_id: order, attempt: 1 }]);
        let told = world.money(&ada, order).await.body;
        assert_eq!(told["status"], "not_charged");
        assert!(
            told["reason"].as_str().is_some_and(|reason| reason.contains("not confirmed with your bank")),
            "{told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_declined_after_the_confirmation_counts_as_declined() {
    let Scripted { world, stripe, order, .. } = Scripted::at_the_bank().await;
    decided(&world, &stripe, order, declined(), true).await;
    assert_eq!(world.payment(order).await.expect("a payment").declines, 1);
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentPaused>().await.len(), 1);

    let stripe = FakeStripe::default();
    let stripe_api_base = Some(stripe.listen().await.parse().expect("a URL"));
    let world = World::by_hand(Settings { attempts: 1, stripe_api_base, ..impatient() }).await;
    let bank = Scripted::order_in(world, stripe).await;
    let Scripted { world, stripe, order, .. } = bank.goes_to_the_bank().await;
    decided(&world, &stripe, order, declined(), true).await;
    world.app.settle().await;
    let failed = world.app.published::<PaymentFailed>().await;
    assert_eq!(failed[0].reason, "Your bank declined the payment. Please contact your bank, or use another card.");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_card_takes_the_place_of_one_whose_bank_waits_and_the_same_one_goes_on() {
    let Scripted { world, stripe, ada, order } = Scripted::at_the_bank().await;
    let again = world.pay(&ada, order, "tok_threeDSecure2Required").await;
    assert_eq!((again.status, &again.body["action"]["url"]), (202, &json!("https://bank.example/1")));
    assert_eq!(stripe.asked("POST").len(), 1, "nothing new was asked of Stripe");

    let mut second = intent("requires_capture");
    second["id"] = "pi_2".into();
    stripe.answers("POST /v1/payment_intents", [(200, second)]);
    stripe.answers("POST /v1/payment_intents/pi_1/cancel", [(200, intent("canceled"))]);
    stripe.answers("POST /v1/payment_intents/pi_2/capture", [(200, json!({"id": "pi_2", "status": "succeeded"}))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), 1);
    assert_eq!(world.payment(order).await.expect("a payment").declines, 0);
    assert_eq!(world.money(&ada, order).await.body["stripeId"], "pi_2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_confirmed_too_late_is_given_up() {
    for by_webhook in [true, false] {
        let Scripted { world, stripe, ada, order } = Scripted::at_the_bank().await;
        world.app.clock.advance(WINDOW);
        decided(&world, &stripe, order, intent("requires_capture"), by_webhook).await;
        assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/capture").len(), 0);
        assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), 1);
        assert_eq!(world.money(&ada, order).await.body["status"], "not_charged");
        world.app.settle().await;
        assert_eq!(world.app.published::<PaymentFailed>().await[0].reason, "Order has expired");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_orders_has_ended_is_given_up_although_the_bank_agreed() {
    let Scripted { world, stripe, order, .. } = Scripted::at_the_bank().await;
    // The event about it has not come.
    world.orders.answers(Some(PaymentBeginning::Expired));
    decided(&world, &stripe, order, intent("requires_capture"), true).await;
    assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/capture").len(), 0);
    assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_asks_nobody_to_confirm() {
    let Scripted { world, stripe, ada, order } = Scripted::at_the_bank().await;
    world.cancel(order, 1).await;
    world.finished().await;
    assert_eq!(stripe.asked("POST /v1/payment_intents/pi_1/cancel").len(), 1);
    assert_eq!(world.payment(order).await.expect("a payment").state, PaymentState::Voided);
    assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "order_cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_who_leaves_the_bank_is_not_waited_for_forever() {
    let Scripted { world, stripe, ada, order } = Scripted::at_the_bank().await;
    let payment = world.payment(order).await.expect("a payment");
    stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, asking_intent()))]);
    world.app.clock.advance(Duration::from_secs(10 * 60 + 1));
    world.check(order).await;
    let payment = world.payment(order).await.expect("a payment");
    assert!(matches!(payment.state, PaymentState::Open { .. }) && payment.declines == 0, "{payment:?}");
    stripe.answers("POST /v1/payment_intents", [(200, intent("requires_capture"))]);
    stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_for_stripes_script_goes_only_where_that_is_used() {
    let stripe = FakeStripe::default();
    let (stripe_api_base, publishable_key) =
        (Some(stripe.listen().await.parse().expect("a URL")), Some("pk_test_1".parse().expect("a key")));
    let world = World::with(Settings { stripe_api_base, publishable_key, ..impatient() }).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    stripe.answers("POST /v1/payment_intents", [(200, asking_intent())]);
    let reply = world.pay(&ada, order, "tok_threeDSecure2Required").await;
    assert_eq!(reply.body["action"]["clientSecret"], "pi_1_secret_2");
}
