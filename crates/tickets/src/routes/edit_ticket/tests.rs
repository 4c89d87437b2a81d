use common::events::TicketUpdated;
use serde_json::{Value, json};

use crate::testing::{cancelled, draft, event_draft, listed, order_completed, order_created, path_of, shown, start};

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_changes_the_ticket_and_is_published() {
    let app = start().await;
    let seller = app.user();
    let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
    let reply = app.put(&path_of(&ticket)).by(&seller).json(draft("Opera", json!("99.90"))).await;
    let mut expected = ticket.clone();
    (expected["title"], expected["price"], expected["version"]) = (json!("Opera"), json!(99.9), json!(1));
    assert_eq!((reply.status, &reply.body), (200, &expected));
    assert_eq!(shown(&app, &ticket).await, expected);
    app.settle().await;
    let published = app.published::<TicketUpdated>().await;
    let published: Vec<_> = published.iter().map(|event| (event.0.title.as_str(), event.0.version.0)).collect();
    assert_eq!(published, [("Opera", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn details_stay_unless_they_are_mentioned() {
    let app = start().await;
    let seller = app.user();
    let body = json!({
        "title": "Concert", "price": 20, "currency": "eur", "event": "Gala", "venue": "Hall",
        "startsAt": "2027-01-01T20:00:00Z", "section": "A", "row": "1", "seat": "2",
    });
    let ticket = listed(&app, &seller, body).await;
    let same = app.put(&path_of(&ticket)).by(&seller).json(draft("Concert", json!(20))).await.body;
    let mut expected = ticket.clone();
    expected["version"] = json!(1);
    assert_eq!(same, expected);
    let edit = json!({
        "title": "Concert", "price": 20, "currency": null, "event": null, "venue": "", "startsAt": null, "row": "3",
    });
    let cleared = app.put(&path_of(&ticket)).by(&seller).json(edit).await.body;
    let fields = ["currency", "event", "venue", "startsAt", "section", "row", "seat"];
    let left = fields.map(|field| cleared.get(field).and_then(|value| value.as_str()));
    assert_eq!(left, [Some("eur"), None, None, None, Some("A"), Some("3"), Some("2")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_ticket_cannot_be_edited_until_it_is_free_again() {
    let app = start().await;
    let seller = app.user();
    let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
    let edit = || app.put(&path_of(&ticket)).by(&seller).json(draft("Opera", json!(1)));
    let refused = json!({"errors": [{"code": "ticket_reserved", "message": "Cannot edit a reserved ticket"}]});

    let first = order_created(&app, &ticket);
    app.publish("orders", &first).await;
    app.settle().await;
    let reply = edit().await;
    assert_eq!((reply.status, reply.body), (400, refused.clone()));
    assert_eq!(shown(&app, &ticket).await["title"], json!("Concert"));

    app.publish("orders", &cancelled(&first)).await;
    app.settle().await;
    assert_eq!(edit().await.status, 200);

    let second = order_created(&app, &ticket);
    app.publish("orders", &second).await;
    app.publish("orders", &order_completed(&second)).await;
    app.settle().await;
    let reply = edit().await;
    assert_eq!((reply.status, reply.body), (400, refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_seller_can_edit() {
    let app = start().await;
    let ticket = listed(&app, &app.user(), draft("Concert", json!(20))).await;
    let refused = json!({"errors": [{"code": "not_authorized", "message": "Not authorized"}]});
    let stranger = app.put(&path_of(&ticket)).by(&app.user()).json(draft("Mine", json!(1))).await;
    assert_eq!((stranger.status, stranger.body), (401, refused.clone()));
    let nobody = app.put(&path_of(&ticket)).json(draft("Mine", json!(1))).await;
    assert_eq!((nobody.status, nobody.body), (401, refused));
    assert_eq!(shown(&app, &ticket).await, ticket);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_ticket_is_not_found() {
    let app = start().await;
    for id in ["5f1f77bcf86cd799439011aa", "nonsense"] {
        let path = format!("/api/tickets/{id}");
        let reply = app.put(&path).by(&app.user()).json(draft("Concert", json!(20))).await;
        assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]), "{id}");
        assert_eq!(app.put(&path).json(draft("Concert", json!(20))).await.status, 401, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_edit_changes_nothing() {
    let app = start().await;
    let seller = app.user();
    let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
    for (body, message) in [
        (json!({"title": "", "price": 10}), "Title is required"),
        (json!({"title": "Opera"}), "Price must be greater than 0"),
        (json!({"title": "Opera", "price": -10}), "Price must be greater than 0"),
        (json!({"title": {"$ne": null}, "price": 10}), "Title must be text"),
        (json!({"title": "Opera", "price": 10, "seat": 4}), "Seat must be text"),
    ] {
        let reply = app.put(&path_of(&ticket)).by(&seller).json(body.clone()).await;
        assert_eq!((reply.status, reply.messages()), (400, vec![message]), "{body}");
    }
    assert_eq!(shown(&app, &ticket).await, ticket);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tier_is_one_of_the_event_that_the_ticket_is_to() {
    let app = start().await;
    let seller = app.user();
    let mut gala = event_draft("Gala");
    gala["tiers"] = json!([{"name": "Stalls"}, {"name": "Circle"}]);
    let event = app.post("/api/events").by(&seller).json(gala).await.body;
    let mut body = draft("Concert", json!(20));
    (body["eventId"], body["tier"]) = (event["id"].clone(), json!("Stalls"));
    let ticket = app.post("/api/tickets").by(&seller).json(body).await.body;
    let edit = |ticket: &Value, tier| {
        let body = json!({"title": "Concert", "price": 20, "tier": tier});
        app.put(&path_of(ticket)).by(&seller).json(body)
    };
    let edited = edit(&ticket, "CIRCLE").await.body;
    assert_eq!((&edited["tier"], &edited["eventId"]), (&json!("Circle"), &event["id"]));
    let unknown = edit(&ticket, "Roof").await;
    assert_eq!((unknown.status, unknown.messages()), (400, vec!["Tier must be one of Stalls, Circle"]));
    let without = app.post("/api/tickets").by(&seller).json(draft("Another", json!(20))).await.body;
    let none = edit(&without, "Circle").await;
    assert_eq!((none.status, none.messages()), (400, vec!["Tier needs an event: eventId is required"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_does_not_become_one_in_the_currency_of_an_event_without_a_word() {
    let app = start().await;
    let seller = app.user();
    let event = app.post("/api/events").by(&seller).json(event_draft("Gala")).await.body;
    let ticket = app.post("/api/tickets").by(&seller).json(draft("In dollars", json!(10))).await.body;
    let mut body = json!({"title": "In dollars", "price": 10, "eventId": event["id"]});
    let refused = app.put(&path_of(&ticket)).by(&seller).json(body.clone()).await;
    let message = "Currency must be EUR, as of all tickets to this event";
    assert_eq!((refused.status, refused.messages()), (400, vec![message]));
    body["currency"] = json!("eur");
    assert_eq!(app.put(&path_of(&ticket)).by(&seller).json(body).await.body["currency"], "eur");
}
