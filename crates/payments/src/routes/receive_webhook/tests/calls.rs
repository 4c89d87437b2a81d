//! Which webhooks Stripe is asked about.

use common::events::{PaymentDisputed, PaymentRefunded};
use serde_json::{Value, json};
use stripe_sim::Call;

use super::all_delivered;
use crate::testing::stripe::{dispute, list, of, refund};
use crate::testing::{FakeStripe, Scripted, World};

const ALL: [Call; 6] =
    [Call::CreateIntent, Call::RetrieveIntent, Call::Capture, Call::Cancel, Call::Refund, Call::ListRefunds];

async fn remembered(world: &World) -> usize {
    let events = world.state().received_events.clone();
    events.find(&ports::store::Query::default()).await.expect("reads").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_takes_two_calls() {
    for held in [false, true] {
        let world = World::start().await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        let faults = world.sim.faults();
        faults.duplicate_webhooks(true);
        faults.reverse_webhooks(held);
        faults.hold_webhooks(held);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
        faults.hold_webhooks(false);
        all_delivered(&world).await;
        let calls = ALL.map(|call| faults.calls(call));
        assert_eq!(calls, [1, 0, 1, 0, 0, 0], "held: {held}");
        assert_eq!(remembered(&world).await, 0, "what was known is not remembered again");
        world.assert_money(2050, 0).await;
    }
}

/// The intent of a paid order as Stripe's webhooks show it.
async fn captured(scripted: &Scripted) -> Value {
    let payment = scripted.world.payment(scripted.order).await.expect("a payment");
    let intent = json!({"id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount": 2050,
        "amount_received": 2050, "currency": "usd"});
    of(&payment, intent)
}

/// The charge of a paid order as Stripe's webhooks show it.
async fn charge(scripted: &Scripted) -> Value {
    let mut charge = captured(scripted).await;
    let more = json!({"object": "charge", "id": "ch_1", "payment_intent": "pi_1", "captured": true,
        "amount_captured": 2050, "amount_refunded": 0, "disputed": false});
    charge.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    charge
}

fn with(mut object: Value, field: &str, value: impl Into<Value>) -> Value {
    object[field] = value.into();
    object
}

fn retrievals(stripe: &FakeStripe) -> usize {
    stripe.asked("GET /v1/payment_intents").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_record_says_is_not_asked_about() {
    let scripted = Scripted::paid().await;
    let (intent, charge) = (captured(&scripted).await, charge(&scripted).await);
    let early = with(with(intent.clone(), "status", "requires_capture"), "amount_capturable", 2050);
    let uncaptured = with(with(charge.clone(), "captured", false), "amount_captured", 0);
    let first = with(intent.clone(), "status", "requires_payment_method");
    for (number, known) in [intent, charge, early, uncaptured, first].iter().enumerate() {
        assert_eq!(scripted.world.webhook(&format!("evt_{number}"), known).await.status, 200);
        assert_eq!(retrievals(&scripted.stripe), 0, "{known}");
    }
    assert_eq!(remembered(&scripted.world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_record_does_not_say_is_asked_about_once() {
    let scripted = Scripted::paid().await;
    let (intent, charge) = (captured(&scripted).await, charge(&scripted).await);
    let news = [
        with(intent.clone(), "status", "canceled"),
        with(intent.clone(), "status", "a_status_of_the_future"),
        with(intent.clone(), "amount", 2051),
        with(intent.clone(), "amount_received", 2049),
        with(intent.clone(), "currency", "eur"),
        with(intent.clone(), "metadata", Value::Null),
        with(intent.clone(), "id", "pi_2"),
        with(
            intent,
            "metadata",
            json!({"order_id": "5f1f77bcf86cd799439011aa", "payment_id": "5f1f77bcf86cd799439011ab"}),
        ),
        with(charge.clone(), "amount_captured", 2049),
        with(charge.clone(), "disputed", true),
        with(charge, "status", "failed"),
    ];
    for (number, new) in news.iter().enumerate() {
        for _ in 0..2 {
            assert_eq!(scripted.world.webhook(&format!("evt_{number}"), new).await.status, 200);
        }
        assert_eq!(retrievals(&scripted.stripe), number + 1, "{new}");
    }
    assert_eq!(remembered(&scripted.world).await, news.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_and_disputes_are_asked_about_and_heard() {
    let scripted = Scripted::paid().await;
    let Scripted { world, stripe, .. } = &scripted;
    assert_eq!(world.webhook("evt_1", &dispute("needs_response")).await.status, 200);
    stripe.answers("GET /v1/refunds", [(200, list(&[refund("re_1", 2050, "succeeded")]))]);
    let refunded = with(charge(&scripted).await, "amount_refunded", 2050);
    assert_eq!(world.webhook("evt_2", &refunded).await.status, 200);
    assert_eq!((retrievals(stripe), stripe.asked("GET /v1/refunds").len()), (2, 1));
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentDisputed>().await.len(), 1);
    assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_cancelled_order_everything_is_asked_about() {
    let scripted = Scripted::paid().await;
    let intent = captured(&scripted).await;
    scripted.world.cancel(scripted.order, 1).await;
    assert_eq!(scripted.world.webhook("evt_1", &intent).await.status, 200);
    assert_eq!(retrievals(&scripted.stripe), 1);
}
