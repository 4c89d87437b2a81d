mod calls;

use std::time::Duration;

use common::events::{PaymentCreated, PaymentRefunded};
use harness::Reply;
use serde_json::json;
use stripe_sim::{Call, Failure, Moment};
use stripe_webhook::Webhook;

use crate::Settings;
use crate::testing::{A_WHILE, World, code, impatient};

/// No reconciler: what is finished, webhooks have finished.
fn webhooks_only() -> Settings {
    Settings { reconcile_every: Duration::from_secs(3600), ..impatient() }
}

async fn send(world: &World, payload: &str, header: &str) -> Reply {
    let request = world.app.post("/api/webhooks/stripe").header("stripe-signature", header);
    request.raw(payload.to_owned()).await
}

fn sign(world: &World, payload: &str, secret: &str, age: i64) -> String {
    Webhook::generate_test_header(payload, secret, Some(world.app.clock.now().as_secs() - age))
}

async fn all_delivered(world: &World) {
    world.until(async || world.sim.pending_webhooks().await.expect("counts") == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_finishes_what_was_never_answered() {
    for (call, moment) in [(Call::CreateIntent, Moment::After), (Call::Capture, Moment::After)] {
        let world = World::with(webhooks_only()).await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        world.sim.faults().hold_webhooks(true);
        world.sim.faults().plan(call, moment, Failure::Disconnect);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
        world.app.clock.advance(A_WHILE);
        world.sim.faults().hold_webhooks(false);
        world.finished().await;
        all_delivered(&world).await;
        assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1, "{call:?}");
        world.assert_money(2050, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_and_a_wrong_order_change_nothing() {
    let world = World::start().await;
    let ada = world.app.user();
    let (paid, refunded) = (world.order(&ada).await, world.order(&ada).await);
    let faults = world.sim.faults();
    faults.hold_webhooks(true);
    faults.duplicate_webhooks(true);
    faults.reverse_webhooks(true);
    assert_eq!(world.pay(&ada, paid, "tok_visa").await.status, 201);
    assert_eq!(world.pay(&ada, refunded, "tok_visa").await.status, 201);
    world.cancel(refunded, 1).await;
    world.finished().await;
    assert_eq!(world.sim.pending_webhooks().await.expect("counts"), 3 + 5);
    world.app.clock.advance(A_WHILE);
    let fetched = faults.calls(Call::RetrieveIntent);
    faults.hold_webhooks(false);
    all_delivered(&world).await;
    assert_eq!(
        faults.calls(Call::RetrieveIntent) - fetched,
        5,
        "only those of the refunded one say anything, and once"
    );
    world.finished().await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 2);
    assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 1);
    world.assert_money(4100, 2050).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_stripe_signed_is_taken() {
    let world = World::start().await;
    let payload = json!({"id": "evt_1", "type": "payment_intent.succeeded",
        "data": {"object": {"object": "payment_intent", "id": "pi_1"}}})
    .to_string();
    for (header, status) in [
        (sign(&world, &payload, "whsec_simulated", 0), 200),
        (sign(&world, &payload, "whsec_other", 0), 400),
        (sign(&world, &payload, "whsec_simulated", 301), 400),
        (sign(&world, "{}", "whsec_simulated", 0), 400),
        ("t=1,v1=".into(), 400),
        ("nonsense".into(), 400),
    ] {
        assert_eq!(send(&world, &payload, &header).await.status, status, "{header}");
    }
    let unsigned = world.app.post("/api/webhooks/stripe").raw(payload).await;
    assert_eq!((unsigned.status, code(&unsigned)), (400, "invalid_signature"));
    assert_eq!(unsigned.messages(), ["The signature is not valid"]);
    let huge = world.app.post("/api/webhooks/stripe").raw("x".repeat(512 * 1024 + 1)).await;
    assert_eq!((huge.status, huge.messages().len()), (413, 1));
    let large = json!({"id": "evt_large", "data": {"object": {"metadata": "x".repeat(500 * 1024)}}}).to_string();
    assert_eq!(send(&world, &large, &sign(&world, &large, "whsec_simulated", 0)).await.status, 200);
    let unreadable = send(&world, "{}", &sign(&world, "{}", "whsec_simulated", 0)).await;
    assert_eq!((unreadable.status, code(&unreadable)), (400, "unreadable_event"));
    let not_text =
        world.app.post("/api/webhooks/stripe").header("stripe-signature", "t=1,v1=00").raw(vec![0xff, 0xfe]).await;
    assert_eq!(not_text.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_claims_is_not_believed() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    let intent = world.ledger().await.intents[0].id.clone();
    world.app.clock.advance(A_WHILE);
    let claims = [
        json!({"id": "evt_a", "type": "payment_intent.canceled",
            "data": {"object": {"object": "payment_intent", "id": intent, "status": "canceled"}}}),
        json!({"id": "evt_b", "type": "charge.refunded",
            "data": {"object": {"object": "charge", "payment_intent": intent, "refunded": true}}}),
        json!({"id": "evt_c", "type": "payment_intent.succeeded",
            "data": {"object": {"object": "payment_intent", "id": "pi_unknown"}}}),
        json!({"id": "evt_d", "type": "an.event.of.the.future", "data": {"object": {"object": "novelty"}}}),
    ];
    for claim in claims {
        let payload = claim.to_string();
        let reply = send(&world, &payload, &sign(&world, &payload, "whsec_simulated", 0)).await;
        assert_eq!((reply.status, reply.body), (200, json!({"received": true})), "{claim}");
    }
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
    assert_eq!(world.app.published::<PaymentRefunded>().await.len(), 0);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_cannot_be_followed_up_comes_again() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    world.sim.faults().plan(Call::RetrieveIntent, Moment::Before, Failure::ServerError);
    let intent = world.ledger().await.intents[0].id.clone();
    world.sim.refund_in_dashboard(&intent).await.expect("refunds");
    all_delivered(&world).await;
    assert_eq!(world.sim.faults().calls(Call::RetrieveIntent), 2 + 1);
    world.assert_money(2050, 2050).await;
}

#[tokio::test]
async fn a_signature_that_is_not_stripes_is_written_down() {
    let world = World::start().await;
    let audited = harness::Audited::begin();
    send(&world, "{}", &sign(&world, "{}", "another secret", 0)).await;
    assert_eq!(audited.events(), ["bad_webhook_signature"]);
}

#[tokio::test]
async fn where_a_webhook_comes_from_does_not_matter() {
    let world = World::start().await;
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let webhook = world.app.post("/api/webhooks/stripe").header(name, value);
        let reply =
            webhook.header("stripe-signature", &sign(&world, "{}", "another secret", 0)).raw("{}".to_owned()).await;
        assert_eq!((reply.status, code(&reply)), (400, "invalid_signature"), "{name}");
        assert_eq!(
            world.app.post("/api/payments").header(name, value).raw("{}".to_owned()).await.status,
            403,
            "{name}"
        );
    }
}
