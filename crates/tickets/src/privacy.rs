//! By which order somebody has what they sell on is theirs to know: it tells who has bought which ticket before.

use axum::body::Body;
use common::delivery::{DeliveryPromise, SealMode};
use common::events::{TicketCreated, TicketUpdated};
use harness::within;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::testing::{added, draft, event_draft, given, listed, path_of, start};

const ORDER: &str = "5f1f77bcf86cd799439011c1";

/// What the stream says until an event of this name.
async fn read_until(stream: &mut Body, name: &str) -> String {
    let mut text = String::new();
    while !(text.contains(&format!("event: {name}\n")) && text.ends_with("\n\n")) {
        let frame = within(stream.frame()).await.expect("goes on").expect("a readable body");
        text += std::str::from_utf8(frame.data_ref().expect("no trailers")).expect("UTF-8");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_who_sells_on_is_shown_to_them_alone() {
    let app = start().await;
    let (seller, stranger) = (app.user(), app.user());
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut stream = within(app.get("/api/tickets/live").open()).await.into_body();
    let mut body = draft("Sold on", json!(20));
    (body["eventId"], body["seat"], body["currency"]) = (gala["id"].clone(), json!("12"), json!("eur"));
    body["delivery"] = json!({"mode": "ours", "boughtBy": ORDER});
    let ticket = listed(&app, &seller, body.clone()).await;
    let own =
        |shown: &Value| assert_eq!((&shown["delivery"]["boughtBy"], &shown["soldOn"]), (&json!(ORDER), &json!(true)));
    own(&ticket);
    own(&app.put(&path_of(&ticket)).by(&seller).json(body.clone()).await.body);
    app.publish("deliveries", &given(&ticket, SealMode::Ours, 1)).await;
    app.settle().await;
    own(&app.get(&path_of(&ticket)).by(&seller).send().await.body);
    for path in ["/api/tickets?seller=me", "/api/tickets?seller=me&state=for-sale"] {
        own(&app.get(path).by(&seller).send().await.body[0]);
    }
    assert_eq!(
        app.post("/api/tickets/check").by(&stranger).json(body).await.body["delivery"]["boughtBy"],
        json!(ORDER)
    );
    let event = format!("/api/tickets?eventId={}", gala["id"].as_str().expect("an id"));
    let (one, all) = (path_of(&ticket), "/api/tickets".to_owned());
    for path in [&one, &all, &event] {
        for reply in [app.get(path).send().await, app.get(path).by(&stranger).send().await] {
            let text = reply.body.to_string();
            assert!(!text.contains(ORDER) && !text.contains("boughtBy"), "{path}: {text}");
            let shown = reply.body.get(0).unwrap_or(&reply.body);
            assert_eq!(
                (&shown["delivery"], &shown["soldOn"]),
                (&json!({"mode": "ours", "seal": 1}), &json!(true)),
                "{path}"
            );
        }
    }
    // What everybody is shown is kept for all, its seller among them.
    assert!(!app.get(&all).by(&seller).send().await.body.to_string().contains(ORDER));
    let told = read_until(&mut stream, "created").await;
    assert!(told.contains(r#""soldOn":true"#) && !told.contains(ORDER), "{told}");
    // The other services have to know.
    let (created, updated) = (app.published::<TicketCreated>().await, app.published::<TicketUpdated>().await);
    let published = created.into_iter().map(|event| event.0).chain(updated.into_iter().map(|event| event.0));
    for ticket in published {
        let promise = ticket.details.delivery;
        assert!(matches!(promise, Some(DeliveryPromise::Ours { bought_by: Some(_), .. })), "{promise:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sells_what_they_have_not_bought_here_sells_nothing_on() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    for delivery in [json!({"mode": "ours"}), json!({"mode": "sealed"}), json!({"mode": "later"}), Value::Null] {
        let mut body = draft("First sold", json!(20));
        (body["eventId"], body["currency"], body["delivery"]) = (gala["id"].clone(), json!("eur"), delivery);
        assert_eq!(listed(&app, &seller, body).await["soldOn"], Value::Null);
    }
}
