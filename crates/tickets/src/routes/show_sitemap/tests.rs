use std::time::Duration;

use common::id::TicketId;
use harness::Harness;
use serde_json::{Value, json};

use crate::testing::{added, draft, event_draft, listed, order_created, path_of, start};

async fn part(app: &Harness, number: usize) -> Value {
    let reply = app.get(&format!("/api/tickets/sitemap/{number}")).send().await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body
}

async fn an_hour_later(app: &Harness) {
    app.settle().await;
    app.clock.advance(Duration::from_secs(60 * 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn search_engines_are_told_of_the_events_ahead_and_of_what_is_for_sale() {
    let app = start().await;
    assert_eq!(app.get("/api/tickets/sitemap").send().await.body, json!({"parts": 1}));
    assert_eq!(part(&app, 1).await, json!({"events": [], "tickets": []}));
    an_hour_later(&app).await;
    let seller = app.user();
    let mut soon = event_draft("Matinee");
    soon["startsAt"] = json!("2026-11-22T16:00");
    let (gala, matinee) = (added(&app, &seller, event_draft("Gala")).await, added(&app, &seller, soon).await);
    let to = |event: &Value| {
        let mut body = draft("Two together", json!(20));
        body["eventId"] = event["id"].clone();
        body
    };
    let undated = listed(&app, &seller, draft("Any day", json!(20))).await;
    let (early, late) = (listed(&app, &seller, to(&matinee)).await, listed(&app, &seller, to(&gala)).await);
    for _ in 0..2 {
        let all =
            json!({"events": [matinee["slug"], gala["slug"]], "tickets": [early["id"], late["id"], undated["id"]]});
        assert_eq!(part(&app, 1).await, all);
        // It stays so for an hour.
        app.delete(&path_of(&undated)).by(&seller).send().await;
    }
    app.publish("orders", &order_created(&app, &late)).await;
    an_hour_later(&app).await;
    assert_eq!(part(&app, 1).await, json!({"events": [matinee["slug"], gala["slug"]], "tickets": [early["id"]]}));
    app.clock.advance(Duration::from_secs(2 * 60 * 60));
    assert_eq!(part(&app, 1).await, json!({"events": [gala["slug"]], "tickets": []}), "what has begun is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_are_not_there_are_not_found_and_tickets_still_are() {
    let app = start().await;
    for number in ["0", "2", "-1", "x", "18446744073709551615", "18446744073709551616", "%00"] {
        let reply = app.get(&format!("/api/tickets/sitemap/{number}")).send().await;
        assert_eq!(reply.status, 404, "{number}");
    }
    let ticket = listed(&app, &app.user(), draft("Concert", json!(20))).await;
    assert!(ticket["id"].as_str().is_some_and(|id| id.parse::<TicketId>().is_ok()));
    assert_eq!(app.get(&path_of(&ticket)).send().await.status, 200);
}
