use std::time::Duration;

use common::event_change::CHANGE_EVENT;
use common::events::TicketUpdated;
use common::version::Version;
use harness::{Harness, within};
use serde_json::{Value, json};

use crate::testing::*;

fn to(event: &Value, title: &str, seat: &str) -> Value {
    let mut body = draft(title, json!(75));
    (body["eventId"], body["seat"]) = (event["id"].clone(), json!(seat));
    body
}

async fn change(app: &Harness, event: &Value, change: Value) {
    let reply = app.ask(CHANGE_EVENT).json(json!({"event": event["id"], "change": change})).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    look_again(app);
}

/// The task is due.
fn look_again(app: &Harness) {
    app.clock.advance(Duration::from_secs(3));
}

async fn until(app: &Harness, ticket: &Value, field: &str, value: &Value) {
    within(async {
        while shown(app, ticket).await[field] != *value {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

const MOVED: &str = "2027-06-13T18:00:00.000Z";

fn to_the_next_day() -> Value {
    json!({"move": {"startsAt": "2027-06-13T20:00", "venue": "Kleine Halle"}})
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_for_sale_are_to_what_their_event_is_now() {
    let app = start().await;
    let (seller, rival) = (app.user(), app.user());
    let (gala, opera) =
        (added(&app, &seller, event_draft("Gala")).await, added(&app, &seller, event_draft("Opera")).await);
    let ticket = listed(&app, &seller, to(&gala, "Two together", "12")).await;
    let other = listed(&app, &rival, to(&gala, "At the back", "99")).await;
    let unmoved = listed(&app, &seller, to(&opera, "Elsewhere", "12")).await;
    change(&app, &gala, to_the_next_day()).await;
    for (ticket, seat) in [(&ticket, "12"), (&other, "99")] {
        until(&app, ticket, "startsAt", &json!(MOVED)).await;
        let now = shown(&app, ticket).await;
        assert_eq!((&now["venue"], &now["seat"]), (&json!("Kleine Halle, Berlin"), &json!(seat)));
        assert_eq!((&now["title"], &now["price"]), (&ticket["title"], &ticket["price"]));
    }
    app.settle().await;
    let published = app.published::<TicketUpdated>().await;
    assert_eq!(published.len(), 2, "once each: {published:?}");
    assert!(published.iter().all(|TicketUpdated(ticket)| json!(ticket.details.starts_at) == json!(MOVED)));
    // Whoever hears of it can tell that it was not their sellers who changed them.
    assert!(published.iter().all(|TicketUpdated(ticket)| ticket.follows_event == Some(Version(1))), "{published:?}");
    assert_eq!(shown(&app, &unmoved).await, unmoved);
    // It is the same seat of the same event.
    let again = app.post("/api/tickets").by(&seller).json(to(&gala, "Once more", "12")).await;
    assert_eq!(again.codes(), ["seat_listed"]);
    let found = app.get("/api/tickets?fromDay=2027-06-13&toDay=2027-06-13").send().await.body;
    assert_eq!(found.as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_is_not_for_sale() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let ticket = listed(&app, &seller, to(&gala, "Two together", "12")).await;
    change(&app, &gala, json!("cancel")).await;
    until(&app, &ticket, "withdrawn", &json!(true)).await;
    assert_eq!(app.get("/api/tickets").send().await.body, json!([]));
    let shown = app.get(&format!("/api/events/{}", gala["id"].as_str().expect("an id"))).send().await.body;
    assert_eq!((&shown["ticketCount"], &shown["status"]), (&json!(0), &json!("cancelled")));
    app.settle().await;
    let published = app.published::<TicketUpdated>().await;
    assert!(matches!(&published[..], [TicketUpdated(ticket)] if ticket.follows_event == Some(Version(1))));
    // What its seller takes back follows nothing.
    let own = listed(&app, &seller, draft("Elsewhere", json!(75))).await;
    assert_eq!(app.delete(&path_of(&own)).by(&seller).send().await.status, 204);
    app.settle().await;
    let published = app.published::<TicketUpdated>().await;
    assert!(matches!(&published[..], [_, TicketUpdated(ticket)] if ticket.follows_event.is_none()), "{published:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_is_buying_follows_once_it_is_for_sale_again() {
    let (app, orders) = start_with_orders().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let held = listed(&app, &seller, to(&gala, "Two together", "12")).await;
    let ordered = listed(&app, &seller, to(&gala, "At the back", "99")).await;
    let order = order_created(&app, &held);
    app.publish("orders", &order).await;
    app.settle().await;
    // Of the other's order, word has not come yet.
    orders.reserve([ordered["id"].as_str().expect("an id").parse().expect("an id")].into());
    let free = listed(&app, &seller, to(&gala, "In between", "50")).await;
    change(&app, &gala, to_the_next_day()).await;
    until(&app, &free, "startsAt", &json!(MOVED)).await;
    assert_eq!(listed(&app, &seller, to(&gala, "Too late", "51")).await["startsAt"], json!(MOVED));
    for ticket in [&held, &ordered] {
        assert_eq!(shown(&app, ticket).await["startsAt"], ticket["startsAt"], "it is what is being bought");
    }
    orders.end_all();
    app.publish("orders", &cancelled(&order)).await;
    app.settle().await;
    look_again(&app);
    for ticket in [&held, &ordered] {
        until(&app, ticket, "startsAt", &json!(MOVED)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_follows_its_event_although_its_seller_has_described_the_same_seat() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let described = |starts_at: &str| {
        let mut body = draft("In my own words", json!(75));
        (body["event"], body["startsAt"], body["seat"]) = (json!("Gala"), json!(starts_at), json!("12"));
        body
    };
    let ticket = listed(&app, &seller, to(&gala, "Two together", "12")).await;
    let free = listed(&app, &seller, to(&gala, "At the back", "13")).await;
    listed(&app, &seller, described(MOVED)).await;
    change(&app, &gala, to_the_next_day()).await;
    for ticket in [&ticket, &free] {
        until(&app, ticket, "startsAt", &json!(MOVED)).await;
    }
    // From now on it is the seat of that day.
    let mut again = described(MOVED);
    again["seat"] = json!("13");
    assert_eq!(app.post("/api/tickets").by(&seller).json(again).await.codes(), ["seat_listed"]);
    listed(&app, &seller, described(ticket["startsAt"].as_str().expect("a time"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sealed_yet_follows_too() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut sealed = to(&gala, "Two together", "12");
    sealed["delivery"] = json!({"mode": "sealed"});
    let (unsealed, later) =
        (listed(&app, &seller, sealed).await, listed(&app, &seller, to(&gala, "At the back", "99")).await);
    assert_eq!(later["delivery"]["until"], json!("2027-06-11T17:30:00.000Z"));
    change(&app, &gala, to_the_next_day()).await;
    until(&app, &unsealed, "startsAt", &json!(MOVED)).await;
    assert_eq!(shown(&app, &unsealed).await["delivery"], unsealed["delivery"]);
    until(&app, &later, "startsAt", &json!(MOVED)).await;
    assert_eq!(shown(&app, &later).await["delivery"]["until"], json!("2027-06-12T18:00:00.000Z"));
    change(&app, &gala, json!("cancel")).await;
    until(&app, &unsealed, "withdrawn", &json!(true)).await;
}
