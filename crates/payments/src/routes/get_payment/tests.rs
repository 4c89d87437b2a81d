use common::id::OrderId;
use serde_json::json;

use crate::Settings;
use crate::testing::stripe::{asking_intent, intent};
use crate::testing::{FakeStripe, Scripted, World, brisk};

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_reads_of_their_charge_and_nobody_else_does() {
    let stripe = FakeStripe::default();
    let world = World::scripted(&stripe).await;
    let (ada, eve) = (world.app.user(), world.app.user());
    let order = world.order(&ada).await;
    assert_eq!(world.money(&ada, order).await.status, 404, "nobody has tried to pay");
    let mut authorized = intent("requires_capture");
    authorized["latest_charge"] =
        json!({"id": "ch_1", "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}}});
    stripe.answers("POST /v1/payment_intents", [(200, authorized)]);
    stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
    let paid = world.pay(&ada, order, "tok_visa").await;
    assert_eq!(paid.status, 201);
    let reply = world.money(&ada, order).await;
    let told = json!({"id": paid.body["id"], "orderId": order, "status": "captured", "amount": 20.5,
        "currency": "usd", "stripeId": "pi_1", "card": {"brand": "visa", "last4": "4242"}});
    assert_eq!((reply.status, reply.body), (200, told));
    assert!(stripe.asked("POST /v1/payment_intents")[0].body.contains("latest_charge"), "the card is asked for");

    assert_eq!(world.money(&eve, order).await.status, 401);
    assert_eq!(world.app.get(&format!("/api/payments/{order}")).send().await.status, 401);
    let unknown: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    assert_eq!(world.money(&ada, unknown).await.status, 404);
    assert_eq!(world.app.get("/api/payments/nonsense").by(&ada).send().await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_nothing_is_charged_and_what_is_to_be_done_is_told() {
    let Scripted { world, stripe, ada, order } = Scripted::start().await;
    let declined = json!({"error": {"type": "card_error", "code": "expired_card", "message": "for developers"}});
    stripe.answers("POST /v1/payment_intents", [(402, declined)]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 402);
    let told = world.money(&ada, order).await.body;
    assert_eq!((&told["status"], &told["reason"]), (&json!("not_charged"), &json!("Your card has expired.")));

    stripe.answers("POST /v1/payment_intents", [(200, asking_intent())]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 202);
    let told = world.money(&ada, order).await.body;
    assert_eq!(told["status"], "action_required");
    assert_eq!(told["action"], json!({"type": "redirect", "url": "https://bank.example/1"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_was_not_charged() {
    let world = World::with(Settings { attempts: 1, ..brisk() }).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    world.cancel(order, 1).await;
    assert_eq!(world.money(&ada, order).await.body["status"], "not_charged");
}
