use common::events::TicketCreated;
use common::time::Timestamp;
use serde_json::{Value, json};

use crate::testing::{added, cancelled, draft, event_draft, listed, order_created, path_of, start};

fn to(event: &Value, price: f64) -> Value {
    let mut body = draft("Two together", json!(price));
    body["eventId"] = event["id"].clone();
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_tells_how_many_tickets_there_are_from_which_price() {
    let app = start().await;
    let seller = app.user();
    let (gala, opera) =
        (added(&app, &seller, event_draft("Gala")).await, added(&app, &seller, event_draft("Opera")).await);
    let cheapest = listed(&app, &seller, to(&gala, 75.0)).await;
    let mut stalls = to(&gala, 94.5);
    stalls["tier"] = json!("Stalls");
    listed(&app, &seller, stalls).await;
    listed(&app, &seller, to(&opera, 10.0)).await;
    let told = async || {
        let path = format!("/api/events/{}", gala["slug"].as_str().expect("a slug"));
        let shown = app.get(&path).send().await.body;
        (shown["ticketCount"].clone(), shown["fromPrice"].clone())
    };
    assert_eq!(told().await, (json!(2), json!(75)));
    let order = order_created(&app, &cheapest);
    app.publish("orders", &order).await;
    app.settle().await;
    assert_eq!(told().await, (json!(1), json!(94.5)), "what somebody is buying is not for sale");
    app.publish("orders", &cancelled(&order)).await;
    app.settle().await;
    assert_eq!(told().await, (json!(2), json!(75)));
    let path = format!("/api/tickets?eventId={}&sort=price", gala["id"].as_str().expect("an id"));
    let prices = app.get(&path).send().await.body;
    let prices: Vec<_> = prices.as_array().expect("a list").iter().map(|ticket| ticket["price"].clone()).collect();
    assert_eq!(prices, [json!(75), json!(94.5)]);
    let of_tier = async |tier: &str| {
        let stalls = app.get(&format!("{path}&tier={tier}")).send().await.body;
        stalls.as_array().expect("a list").len()
    };
    assert_eq!((of_tier("Stalls").await, of_tier("Standing").await), (1, 0));
    app.clock.advance(Timestamp::parse("2027-06-12T17:30:00Z").expect("a moment").since(app.clock.now()));
    assert_eq!(told().await, (json!(0), json!(null)), "it has begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_to_an_event_is_listed_shown_and_published_with_it() {
    let app = start().await;
    let seller = app.user();
    let mut gala = event_draft("Gala");
    gala["tiers"] = json!([{"name": "Stalls"}]);
    let gala = added(&app, &seller, gala).await;
    let mut body = to(&gala, 75.0);
    (body["tier"], body["seat"]) = (json!("stalls"), json!("12"));
    // What it says of the event itself is what the event says.
    (body["event"], body["startsAt"]) = (json!("Something else"), json!("2020-01-01T00:00:00Z"));
    let ticket = listed(&app, &seller, body.clone()).await;
    let expected = json!({
        "id": ticket["id"], "title": "Two together", "price": 75, "currency": "eur", "userId": seller.id, "version": 0,
        "event": "Gala", "venue": "Große Halle, Berlin", "startsAt": "2027-06-12T17:30:00.000Z", "seat": "12",
        "timeZone": "Europe/Berlin", "eventId": gala["id"], "tier": "Stalls",
        "delivery": {"mode": "later", "until": "2027-06-11T17:30:00.000Z"},
    });
    assert_eq!(ticket, expected);
    app.settle().await;
    let published = app.published::<TicketCreated>().await;
    assert_eq!(published[0].0.details.event_id.map(|id| json!(id)), Some(gala["id"].clone()));
    let again = app.post("/api/tickets").by(&seller).json(body).await;
    assert_eq!(again.codes(), ["seat_listed"]);
    // An edit that knows nothing of events leaves it as it is.
    let edited = app.put(&path_of(&ticket)).by(&seller).json(draft("One alone", json!(70))).await.body;
    assert_eq!((&edited["title"], &edited["price"]), (&json!("One alone"), &json!(70)));
    for field in ["event", "venue", "startsAt", "timeZone", "eventId", "tier", "currency", "seat"] {
        assert_eq!(edited[field], expected[field], "{field}");
    }
    let mut without = draft("One alone", json!(70));
    without["eventId"] = json!(null);
    let without = app.put(&path_of(&ticket)).by(&seller).json(without).await.body;
    assert_eq!((&without["event"], without.get("eventId"), without.get("tier")), (&json!("Gala"), None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_its_event_does_not_have_is_refused() {
    let app = start().await;
    let seller = app.user();
    let mut gala = event_draft("Gala");
    gala["tiers"] = json!([{"name": "Stalls"}, {"name": "Standing"}]);
    let gala = added(&app, &seller, gala).await;
    for (field, value, at, message) in [
        ("eventId", json!("5f1f77bcf86cd799439011aa"), "eventId", "There is no such event"),
        ("eventId", json!("gala"), "eventId", "Event must be the id of an event"),
        ("eventId", json!(7), "eventId", "Event must be the id of an event"),
        ("eventId", json!(null), "tier", "Tier needs an event: eventId is required"),
        ("tier", json!("Roof"), "tier", "Tier must be one of Stalls, Standing"),
        ("currency", json!("usd"), "currency", "Currency must be EUR, as of all tickets to this event"),
    ] {
        let mut body = to(&gala, 75.0);
        body["tier"] = json!("Stalls");
        body[field] = value;
        let reply = app.post("/api/tickets").by(&seller).json(body).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": at}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{field}");
    }
    app.clock.advance(Timestamp::parse("2027-06-12T17:30:00Z").expect("a moment").since(app.clock.now()));
    let late = app.post("/api/tickets").by(&app.user()).json(to(&gala, 75.0)).await;
    assert_eq!((late.status, late.messages()), (400, vec!["Start must be in the future"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_event_is_not_found() {
    let app = start().await;
    for name in ["gala", "5f1f77bcf86cd799439011aa", "%00", "%FF", "a%2Fb"] {
        let reply = app.get(&format!("/api/events/{name}")).send().await;
        assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]), "{name}");
    }
}
