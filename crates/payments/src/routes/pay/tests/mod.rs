mod bank;
mod limits;

use common::events::{PaymentCreated, PaymentFailed};
use common::id::OrderId;
use futures::future::join_all;
use serde_json::{Value, json};
use stripe_sim::{Call, Moment};

use crate::Settings;
use crate::testing::{WINDOW, World, brisk, code};

#[tokio::test(flavor = "multi_thread")]
async fn a_good_card_pays_for_the_order() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    for token in ["pm_card_mastercard", "tok_visa"] {
        let order = if token == "tok_visa" { order } else { world.order(&ada).await };
        let reply = world.pay(&ada, order, token).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        let payment = world.payment(order).await.expect("a payment");
        assert_eq!(reply.body, json!({"id": payment.payment_id}));
    }
    world.app.settle().await;
    let published = world.app.published::<PaymentCreated>().await;
    assert_eq!(published.len(), 2);
    assert_eq!((published[1].order_id, published[1].amount.minor_units()), (order, 2050));
    let ledger = world.ledger().await;
    assert!(ledger.intents.iter().any(|intent| intent.id == published[1].stripe_id && intent.currency == "usd"));
    world.assert_money(4100, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_fails_the_payment_once_with_the_reason() {
    let world = World::with(Settings { attempts: 1, ..brisk() }).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    let reply = world.pay(&ada, order, "tok_chargeDeclinedInsufficientFunds").await;
    assert_eq!((reply.status, code(&reply)), (402, "card_declined"));
    assert_eq!(reply.messages(), ["Your card has insufficient funds."]);
    let again = world.pay(&ada, order, "tok_visa").await;
    assert_eq!((again.status, code(&again)), (400, "payment_failed"));
    assert_eq!(again.messages(), ["The payment has failed: Your card has insufficient funds."]);
    world.app.settle().await;
    let published = world.app.published::<PaymentFailed>().await;
    assert_eq!(published.len(), 1);
    assert_eq!((published[0].order_id, published[0].reason.as_str()), (order, "Your card has insufficient funds."));
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_attempts_left_another_card_may_pay() {
    let world = World::with(Settings { attempts: 2, ..brisk() }).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    let declined = world.pay(&ada, order, "tok_chargeDeclined").await;
    assert_eq!(declined.messages(), ["Your card was declined. Please use another card."]);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentFailed>().await.len(), 0);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_cards_may_be_tried_by_default() {
    let world = World::start().await;
    assert_eq!(world.settings.attempts, Settings::default().attempts);
    let ada = world.app.user();
    let (lucky, unlucky) = (world.order(&ada).await, world.order(&ada).await);
    for _ in 0..2 {
        for order in [lucky, unlucky] {
            assert_eq!(code(&world.pay(&ada, order, "tok_chargeDeclined").await), "card_declined");
        }
    }
    assert_eq!(world.pay(&ada, lucky, "tok_visa").await.status, 201);
    assert_eq!(code(&world.pay(&ada, unlucky, "tok_chargeDeclined").await), "card_declined");
    assert_eq!(code(&world.pay(&ada, unlucky, "tok_visa").await), "payment_failed");
    world.app.settle().await;
    let failed = world.app.published::<PaymentFailed>().await;
    assert_eq!(failed.iter().map(|event| event.order_id).collect::<Vec<_>>(), [unlucky]);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_at_once_make_one_charge() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    let held = world.sim.faults().hold(Call::Capture, Moment::Before);
    let posts = join_all((0..5).map(|_| world.pay(&ada, order, "tok_visa")));
    let (replies, ()) = tokio::join!(posts, async {
        held.reached().await;
        held.release();
    });
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400, 400, 400, 400]);
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
    assert_eq!(world.ledger().await.intents.len(), 1);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_paid_once() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    let again = world.pay(&ada, order, "tok_visa").await;
    assert_eq!((again.status, code(&again)), (400, "already_paid"));
    assert_eq!(again.messages(), ["Order has already been paid"]);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_past_its_time_cannot_be_paid() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    world.app.clock.advance(WINDOW);
    let reply = world.pay(&ada, order, "tok_visa").await;
    assert_eq!((reply.status, code(&reply)), (400, "order_expired"));
    assert_eq!(reply.messages(), ["Order has expired"]);
    assert_eq!(world.sim.faults().calls(Call::CreateIntent), 0);
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_buyer_pays_for_an_order() {
    let world = World::start().await;
    let (ada, eve) = (world.app.user(), world.app.user());
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&eve, order, "tok_visa").await.status, 401);
    let body = json!({"token": "tok_visa", "orderId": order});
    assert_eq!(world.app.post("/api/payments").json(body).await.status, 401);
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_placed_a_moment_ago_is_waited_for() {
    let world = World::start().await;
    let ada = world.app.user();
    let event = world.placed(&ada, 2050);
    let (reply, ()) = tokio::join!(world.pay(&ada, event.id, "tok_visa"), async {
        world.somebody_waits().await;
        world.app.publish("orders", &event).await;
    });
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_does_not_exist_is_not_found() {
    let world = World::start().await;
    let ada = world.app.user();
    let old: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    assert_eq!(world.pay(&ada, old, "tok_visa").await.status, 404);
}

/// The bus may be away for longer than anybody waits.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_placed_a_moment_ago_that_is_not_heard_of_in_time_is_asked_for_again() {
    let world = World::start().await;
    let ada = world.app.user();
    let event = world.placed(&ada, 2050);
    let (reply, ()) = tokio::join!(world.pay(&ada, event.id, "tok_visa"), async {
        world.somebody_waits().await;
        world.app.clock.advance(world.settings.order_patience);
    });
    assert_eq!((reply.status, &reply.body["errors"][0]["code"]), (503, &serde_json::json!("not_heard_yet")));
    assert_eq!(reply.headers["retry-after"], "1");
    world.app.publish("orders", &event).await;
    world.app.settle().await;
    assert_eq!(world.pay(&ada, event.id, "tok_visa").await.status, 201);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stripe_does_not_know_costs_nothing() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    let reply = world.pay(&ada, order, "tok_unheard_of").await;
    assert_eq!((reply.status, code(&reply)), (400, "payment_rejected"));
    assert!(reply.messages()[0].starts_with("This card cannot be used here."), "{:?}", reply.body);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentFailed>().await.len(), 0);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_below_what_cards_can_pay_is_refused() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order_priced(&ada, 10).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 400);
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_bodies_are_answered_in_the_error_format() {
    let world = World::start().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    for (body, messages) in [
        (json!({}), vec!["Token must be provided", "OrderId must be provided"]),
        (json!({"token": "", "orderId": order}), vec!["Token must be provided"]),
        (json!({"token": "tok_visa"}), vec!["OrderId must be provided"]),
        (
            json!({"token": 5, "orderId": []}),
            vec!["Token must be a token or a payment method of Stripe", "OrderId must be 24 hexadecimal digits"],
        ),
        (json!({"token": "tok_visa", "orderId": {"$ne": null}}), vec!["OrderId must be 24 hexadecimal digits"]),
        (
            json!({"token": "tok_visa&amount=1", "orderId": order}),
            vec!["Token must be a token or a payment method of Stripe"],
        ),
    ] {
        let reply = world.app.post("/api/payments").by(&ada).json(body.clone()).await;
        assert_eq!((reply.status, code(&reply), reply.messages()), (400, "invalid_field", messages), "{body}");
    }
    for body in [json!([]), json!("tok_visa"), Value::Null] {
        assert_eq!(world.app.post("/api/payments").by(&ada).json(body).await.status, 400);
    }
    let huge = json!({"token": "x".repeat(70_000), "orderId": order});
    assert_eq!(world.app.post("/api/payments").by(&ada).json(huge).await.status, 413);
    let form =
        world.app.post("/api/payments").by(&ada).header("content-type", "text/plain").raw("token=tok_visa").await;
    assert_eq!(form.status, 415);
    assert_eq!(world.sim.faults().calls(Call::CreateIntent), 0);
}
