//! No attempt begins without orders, and every one is published.

use common::events::{PaymentCreated, PaymentFailed, PaymentPaused, PaymentStarted};
use common::gate::PaymentBeginning;
use common::payment_status::PaymentStatus;
use harness::Errors;
use serde_json::json;
use stripe_sim::{Call, Failure, Moment};

use crate::domain::{Order, Payment, PaymentToken};
use crate::testing::stripe::{error, intent, of, page};
use crate::testing::{A_WHILE, Counts, FakeStripe, Scripted, World, code, impatient};

#[tokio::test(flavor = "multi_thread")]
async fn orders_is_asked_about_each_attempt_and_hears_of_it() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_chargeDeclined").await.status, 402);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    world.app.settle().await;
    assert_eq!(world.orders.asked(), [1, 2]);
    let started = world.app.published::<PaymentStarted>().await;
    assert_eq!(started, [1, 2].map(|attempt| PaymentStarted { order_id: order, attempt }));
    let paused = world.app.published::<PaymentPaused>().await;
    assert_eq!(paused, [PaymentPaused { order_id: order, attempt: 1 }], "the second one was no pause");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_orders_does_not_want_paid_costs_no_call() {
    for (answer, status, expected) in [
        (Some(PaymentBeginning::Cancelled), 400, "order_cancelled"),
        (Some(PaymentBeginning::Complete), 400, "already_paid"),
        (Some(PaymentBeginning::Expired), 400, "order_expired"),
        (None, 503, "payment_not_started"),
    ] {
        let world = World::start().await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        world.orders.answers(answer);
        let reply = world.pay(&ada, order, "tok_visa").await;
        assert_eq!((reply.status, code(&reply)), (status, expected));
        world.app.clock.advance(A_WHILE);
        world.finished().await;
        assert_eq!(world.sim.faults().calls(Call::CreateIntent), 0, "{expected}");
        let payment = world.payment(order).await.expect("a payment");
        assert_eq!(payment.status(world.app.clock.now()), PaymentStatus::NotCharged, "{expected}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_orders_did_not_answer_can_be_made_again() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    world.orders.answers(None);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    world.orders.answers(Some(PaymentBeginning::Begun));
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    world.app.settle().await;
    // It may have been heard by orders after all.
    assert_eq!(world.app.published::<PaymentPaused>().await, [PaymentPaused { order_id: order, attempt: 1 }]);
    assert_eq!(world.app.published::<PaymentFailed>().await.len(), 0);
    world.assert_money(2050, 0).await;
}

/// As a crash leaves it: recorded, and nobody asked.
async fn interrupted(world: &World) -> common::id::OrderId {
    let ada = world.app.user();
    let id = world.order(&ada).await;
    let order = world.app.deps.store::<Order>().get(id).await.expect("reads").expect("an order");
    let now = world.app.clock.now();
    let token = PaymentToken::parse(&json!("tok_visa")).expect("a token");
    let started = Payment::start(&order, world.app.deps.platform.ids.next(now), token, now);
    world.app.deps.store::<Payment>().insert(started, &()).await.expect("stores");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reconciler_asks_orders_again_before_it_asks_the_card() {
    let world = World::start().await;
    let order = interrupted(&world).await;
    world.orders.answers(None);
    world.app.clock.advance(A_WHILE);
    world.until(async || !world.orders.asked().is_empty()).await;
    assert_eq!(world.sim.faults().calls(Call::CreateIntent), 0);
    world.orders.answers(Some(PaymentBeginning::Begun));
    world.reconcile().await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1, "{order}");
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_orders_has_ended_meanwhile_is_never_captured() {
    for answer in [PaymentBeginning::Cancelled, PaymentBeginning::Expired] {
        for call in [Call::CreateIntent, Call::Capture] {
            let world = World::by_hand(impatient()).await;
            let ada = world.app.user();
            let order = world.order(&ada).await;
            world.sim.faults().hold_webhooks(true);
            let moment = if call == Call::Capture { Moment::Before } else { Moment::After };
            world.sim.faults().plan(call, moment, Failure::Disconnect);
            assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
            // The event about it has not come.
            world.orders.answers(Some(answer));
            world.check(order).await;
            assert_eq!(world.ledger().await.intents[0].status, "canceled", "{answer:?} {call:?}");
            world.assert_money(0, 0).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_stripe_says_failed_is_looked_for_among_all_it_made() {
    for is_made in [true, false] {
        let Scripted { world, stripe, ada, order } = Scripted::start().await;
        stripe.answers("POST /v1/payment_intents", [(500, error("api_error", "oops"))]);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
        let payment = world.payment(order).await.expect("a payment");
        let other = json!({"id": "pi_0", "status": "requires_capture", "metadata": {"attempt": "1"}});
        let ours = of(&payment, intent("requires_capture"));
        stripe.answers("GET /v1/payment_intents/pi_1", [(200, ours.clone())]);
        let last = if is_made { vec![other.clone(), ours] } else { vec![] };
        stripe.answers("GET /v1/payment_intents?", [(200, page(&[other], true)), (200, page(&last, false))]);
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        world.check(order).await;
        let asked = stripe.asked("GET /v1/payment_intents?");
        assert!(!asked[0].request.contains("starting_after"), "{asked:?}");
        assert!(asked[1].request.contains("starting_after=pi_0"), "{asked:?}");
        assert_eq!(world.told(&ada, order).await, if is_made { "captured" } else { "not_charged" });
        // It can be tried again only where nothing was made.
        stripe.answers("POST /v1/payment_intents", [(200, intent("requires_capture"))]);
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, if is_made { 400 } else { 201 });
    }
}

#[tokio::test]
async fn a_key_that_stripe_refuses_is_our_fault_and_no_mystery() {
    let counts = Counts::default();
    let _guard = counts.record();
    for status in [401, 403] {
        let Scripted { world, stripe, ada, order } = Scripted::start().await;
        stripe.answers("POST /v1/payment_intents", [(status, error("invalid_request_error", "no_key"))]);
        let reply = world.pay(&ada, order, "tok_visa").await;
        assert_eq!((reply.status, code(&reply)), (503, "payment_not_started"));
        assert!(reply.messages()[0].contains("You were not charged"), "{:?}", reply.body);
        assert_eq!(stripe.asked("POST").len(), 1);
        stripe.answers("POST /v1/payment_intents", [(200, intent("requires_capture"))]);
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    }
    assert_eq!(counts.of("stripe_key_refused_total"), 2);
}

/// Every buyer meets it, and one line is enough to wake somebody up.
#[tokio::test]
async fn a_key_that_stripe_refuses_is_an_error_once_until_it_is_mended() {
    let (stripe, errors) = (FakeStripe::default(), Errors::begin());
    let world = World::scripted(&stripe).await;
    let ada = world.app.user();
    for (status, logged) in [(401, 1), (403, 1), (200, 1), (401, 2), (403, 2)] {
        let order = world.order(&ada).await;
        let answer = if status == 200 { intent("requires_capture") } else { error("invalid_request_error", "no_key") };
        stripe.answers("POST /v1/payment_intents", [(status, answer)]);
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, if status == 200 { 201 } else { 503 });
        assert_eq!(errors.messages(), vec!["Stripe does not accept our key: nobody can pay"; logged]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_are_sent_again_in_a_moment() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    let limited = || (429, error("invalid_request_error", "rate_limit"));
    stripe.answers("POST /v1/payment_intents", [limited(), limited(), (200, intent("requires_capture"))]);
    stripe.answers("POST /v1/payment_intents/pi_1/capture", [limited(), (200, intent("succeeded"))]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    let asked = stripe.asked("POST /v1/payment_intents");
    assert_eq!(asked.len(), 5);
    assert_eq!(asked[0].key, asked[2].key);

    let order = world.order(&ada).await;
    stripe.answers("POST /v1/payment_intents", [limited()]);
    let reply = world.pay(&ada, order, "tok_visa").await;
    assert_eq!((reply.status, code(&reply)), (503, "payment_not_started"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_stripe_writes_for_developers_reaches_a_buyer() {
    let stripe = FakeStripe::default();
    let world = World::scripted(&stripe).await;
    let ada = world.app.user();
    for (status, kind, decline, words) in [
        (402, "card_error", "insufficient_funds", "Your card has insufficient funds."),
        (402, "card_error", "stolen_card", "Your card was declined. Please use another card."),
        (402, "card_error", "a_code_of_the_future", "Your card was declined. Please use another card."),
        (400, "invalid_request_error", "amount_too_small", "This card cannot be used here."),
    ] {
        let order = world.order(&ada).await;
        let mut said = error(kind, "card_declined");
        said["error"]["decline_code"] = decline.into();
        stripe.answers("POST /v1/payment_intents", [(status, said)]);
        let reply = world.pay(&ada, order, "tok_visa").await;
        assert!(reply.messages()[0].starts_with(words), "{decline}: {:?}", reply.body);
        assert_eq!(reply.status, status);
    }
}
