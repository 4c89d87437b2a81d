//! The operator's highest price, through everything that sets one.

use common::events::TicketUpdated;
use harness::{Harness, Reply, TestUser};
use serde_json::{Value, json};

use crate::Settings;
use crate::testing::{added, draft, event_draft, listed, path_of, shown, start, start_with};

/// The service where tickets may cost ten per cent more than their face value, a seller, and an event with a tier of
/// which that is known.
async fn capped() -> (Harness, TestUser, Value) {
    let (app, _) = start_with(Settings { price_cap: Some(10), ..Settings::default() }).await;
    let seller = app.user();
    let mut gala = event_draft("Gala");
    gala["tiers"] = json!([{"name": "Stalls", "faceValue": 99.99}, {"name": "Standing"}]);
    let gala = added(&app, &seller, gala).await;
    (app, seller, gala)
}

fn to(event: &Value, tier: Option<&str>, price: f64) -> Value {
    let mut body = draft("Two together", json!(price));
    body["eventId"] = event["id"].clone();
    if let Some(tier) = tier {
        body["tier"] = json!(tier);
    }
    body
}

/// 99.99 and ten per cent are 109.989.
fn assert_refused(reply: &Reply) {
    let message = "Price must be at most 109.98 EUR for tickets of this tier";
    let expected = json!({"errors": [{"code": "price_above_cap", "message": message, "field": "price"}]});
    assert_eq!((reply.status, &reply.body), (400, &expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_listed_for_no_more_than_its_face_value_allows() {
    let (app, seller, gala) = capped().await;
    for path in ["/api/tickets/check", "/api/tickets"] {
        assert_refused(&app.post(path).by(&seller).json(to(&gala, Some("stalls"), 109.99)).await);
        let allowed = app.post(path).by(&seller).json(to(&gala, Some("stalls"), 109.98)).await;
        assert!(matches!(allowed.status, 200 | 201), "{:?}", allowed.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_has_no_face_value_costs_what_its_seller_says() {
    let (app, seller, gala) = capped().await;
    listed(&app, &seller, to(&gala, None, 5000.0)).await;
    listed(&app, &seller, to(&gala, Some("Standing"), 5000.0)).await;
    listed(&app, &seller, draft("Without an event", json!(5000))).await;
    let unknown = added(&app, &seller, event_draft("Opera")).await;
    listed(&app, &seller, to(&unknown, Some("Stalls"), 5000.0)).await;
    // Unless somebody says otherwise, it is so everywhere.
    let free = start().await;
    let mut gala = event_draft("Gala");
    gala["tiers"] = json!([{"name": "Stalls", "faceValue": 99.99}]);
    let gala = added(&free, &free.user(), gala).await;
    listed(&free, &free.user(), to(&gala, Some("Stalls"), 5000.0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_may_ask_for_no_more_than_a_listing() {
    let (app, seller, gala) = capped().await;
    let ticket = listed(&app, &seller, to(&gala, Some("Stalls"), 100.0)).await;
    let edit = async |body: Value| app.put(&path_of(&ticket)).by(&seller).json(body).await;
    // Neither the event nor the tier is mentioned, or both are.
    assert_refused(&edit(draft("Two together", json!(110))).await);
    assert_refused(&edit(to(&gala, Some("Stalls"), 110.0)).await);
    assert_refused(&edit(json!({"title": "Two", "price": 110, "tier": "STALLS"})).await);
    assert_eq!(shown(&app, &ticket).await, ticket);
    let dearer = edit(draft("Two together", json!(109.98))).await;
    assert_eq!((dearer.status, &dearer.body["tier"], &dearer.body["eventId"]), (200, &json!("Stalls"), &gala["id"]));
    // In a tier without a face value it may, and not come back at that price.
    assert_eq!(edit(json!({"title": "Two", "price": 110, "tier": "Standing"})).await.status, 200);
    assert_refused(&edit(json!({"title": "Two", "price": 110, "tier": "Stalls"})).await);
    app.settle().await;
    assert_eq!(app.published::<TicketUpdated>().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_ticket_may_cost_is_told_with_its_event() {
    let (app, seller, gala) = capped().await;
    let expected = json!([{"name": "Stalls", "faceValue": 99.99, "highestPrice": 109.98}, {"name": "Standing"}]);
    assert_eq!(gala["tiers"], expected);
    let mut again = event_draft("Gala");
    again["tiers"] = json!([]);
    let before = app.post("/api/events").by(&seller).json(again).await;
    assert_eq!((before.status, &before.body["tiers"]), (200, &expected));
    let slug = gala["slug"].as_str().expect("a slug");
    assert_eq!(app.get(&format!("/api/events/{slug}")).send().await.body["tiers"], expected);
    assert_eq!(app.get("/api/events?q=gala").send().await.body[0]["tiers"], expected);
    let free = start().await;
    let mut gala = event_draft("Gala");
    gala["tiers"] = json!([{"name": "Stalls", "faceValue": 99.99}]);
    let gala = added(&free, &free.user(), gala).await;
    assert_eq!(gala["tiers"], json!([{"name": "Stalls", "faceValue": 99.99}]));
}
