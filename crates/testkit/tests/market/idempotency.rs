//! A POST that is repeated under its `Idempotency-Key` acts once, on both engines.

use client::Client;
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(a_listing_that_is_sent_twice_is_one, an_order_that_is_sent_ten_times_at_once_is_one);

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

async fn an_order_that_is_sent_ten_times_at_once_is_one(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = world.listed(&seller).await;
    world.settle().await;
    let wanted = json!({"ticketId": ticket.id});
    let replies = join_all((0..10).map(|_| post(&world, &buyer, "/api/orders", "k", &wanted))).await;
    let (_, _, order) = &replies[0];
    for (status, _, body) in &replies {
        assert_eq!((status, body), (&201, order));
    }
    assert_eq!(replies.iter().filter(|(_, is_replay, _)| !is_replay).count(), 1);
    assert_eq!(buyer.orders().await.expect("lists").items.len(), 1);
    world.end().await;
}
