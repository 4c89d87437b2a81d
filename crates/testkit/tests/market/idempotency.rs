//! A POST that is repeated under its `Idempotency-Key` acts once, on both engines.

use client::{Client, Price, Ticket, TicketForm};
use futures::future::{join, join_all};
use serde_json::{Value, json};
use testkit::on_both_engines;
use testkit::world::{Engine, PRICE, World};

on_both_engines!(
    a_listing_that_is_sent_twice_is_one,
    a_seat_is_listed_once_and_never_again_once_it_is_sold,
    an_order_and_its_payment_that_are_sent_ten_times_at_once_are_one_each,
    every_post_of_the_description_is_answered_once_under_a_key,
);

/// Sends a POST of `who` under a key; returns the status, whether it is a replay, and the body.
async fn post(world: &World, who: &Client, path: &str, key: &str, body: &Value) -> (u16, bool, Value) {
    let request = reqwest::Client::new().post(format!("http://{}{path}", world.address)).json(body);
    let cookie = format!("session={}", who.token().expect("is signed in"));
    let response = request.header("cookie", cookie).header("idempotency-key", key).send().await.expect("answers");
    let is_replay = response.headers().contains_key("idempotent-replayed");
    (response.status().as_u16(), is_replay, response.json().await.expect("JSON"))
}

async fn a_listing_that_is_sent_twice_is_one(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let form = json!({"title": "Row A", "price": 20});
    let (status, is_replay, listed) = post(&world, &seller, "/api/tickets", "k", &form).await;
    assert_eq!((status, is_replay), (201, false), "{listed}");
    assert_eq!(post(&world, &seller, "/api/tickets", "k", &form).await, (201, true, listed));
    let other = json!({"title": "Row B", "price": 20});
    let (status, _, refused) = post(&world, &seller, "/api/tickets", "k", &other).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("idempotency_key_reused")));
    world.end().await;
}

/// What its seat tells, a request needs no key for.
async fn a_seat_is_listed_once_and_never_again_once_it_is_sold(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let list = || list_seat(&seller);
    let (one, other) = join(list(), list()).await;
    let (ticket, second) = match (one, other) {
        (Ok(ticket), second) | (second, Ok(ticket)) => (ticket, second),
        (Err(error), Err(_)) => panic!("neither is listed: {error}"),
    };
    let assert_refused = |listed: Result<Ticket, client::Error>, why: &str| {
        assert_eq!(listed.expect_err(why).to_string(), "400 Bad Request: You are selling this seat already");
    };
    assert_refused(second, "it is for sale");
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    world.settle().await;
    assert_refused(list().await, "it is reserved");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    assert_refused(list().await, "it is sold");
    world.end().await;
}

async fn list_seat(seller: &Client) -> Result<Ticket, client::Error> {
    let price = Price::from_minor_units(PRICE).expect("a price");
    let seat = TicketForm {
        event: Some("Gala".into()),
        row: Some("F".into()),
        seat: Some("101".into()),
        ..TicketForm::new("Gala", price)
    };
    seller.create_ticket(&seat).await
}

async fn an_order_and_its_payment_that_are_sent_ten_times_at_once_are_one_each(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    world.settle().await;
    let order = act_once(&world, &buyer, "/api/orders", &json!({"ticketId": ticket.id})).await;
    assert_eq!(buyer.orders().await.expect("lists").items.len(), 1);
    act_once(&world, &buyer, "/api/payments", &json!({"orderId": order["id"], "token": "tok_visa"})).await;
    world.settle().await;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    assert_eq!((ledger.charges(), ledger.captured(), ledger.refunded()), (1, PRICE, 0));
    world.end().await;
}

/// Sends the same request ten times at once. Returns the one answer.
async fn act_once(world: &World, who: &Client, path: &str, body: &Value) -> Value {
    let replies = join_all((0..10).map(|_| post(world, who, path, "k", body))).await;
    let (_, _, made) = &replies[0];
    for (status, _, body) in &replies {
        assert_eq!((status, body), (&201, made));
    }
    assert_eq!(replies.iter().filter(|(_, is_replay, _)| !is_replay).count(), 1);
    made.clone()
}

/// A new one is covered by itself.
async fn every_post_of_the_description_is_answered_once_under_a_key(engine: Engine) {
    let world = World::start(engine).await;
    let (user, another) = (world.user("user").await, world.user("another").await);
    let document = reqwest::get(format!("http://{}/api/docs/openapi.json", world.address)).await.expect("answers");
    let document: Value = document.json().await.expect("JSON");
    let mut taking = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let Some(operation) = operations.get("post") else { continue };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let takes_keys = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
        // What is answered there is a session, or nobody's.
        let is_exempt = path.starts_with("/api/users/") || path.starts_with("/api/webhooks/");
        assert_eq!(takes_keys, !is_exempt, "{path}");
        if takes_keys {
            taking.push(path.as_str());
        }
    }
    assert!(taking.len() > 2, "{taking:?}");
    for path in taking.iter().map(|path| path.replace("{id}", "5f1f77bcf86cd799439011e1")) {
        let path = path.as_str();
        // That nothing is said of what is wanted is an answer as any other.
        let (status, is_replay, refused) = post(&world, &user, path, path, &json!({})).await;
        assert_eq!((status, is_replay), (400, false), "{path}: {refused}");
        assert_eq!(post(&world, &user, path, path, &json!({})).await, (400, true, refused), "{path}");
        let (status, _, reused) = post(&world, &user, path, path, &json!({"title": "Row B"})).await;
        assert_eq!((status, &reused["errors"][0]["code"]), (422, &json!("idempotency_key_reused")), "{path}");
        let (status, is_replay, _) = post(&world, &another, path, path, &json!({})).await;
        assert_eq!((status, is_replay), (400, false), "{path}: a key is its user's own");
    }
    world.end().await;
}
