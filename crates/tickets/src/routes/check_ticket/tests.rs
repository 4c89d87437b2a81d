use common::events::TicketCreated;
use serde_json::{Value, json};

use crate::testing::{added, draft, event_draft, listed, start};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_ticket_would_be_is_told_and_nothing_is_listed() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut body = draft("  Two together ", json!("75.5"));
    (body["eventId"], body["seat"]) = (gala["id"].clone(), json!("12"));
    let check = async || app.post("/api/tickets/check").by(&seller).json(body.clone()).await;
    let expected = json!({
        "title": "Two together", "price": 75.5, "currency": "eur", "event": "Gala", "venue": "Große Halle, Berlin",
        "startsAt": "2027-06-12T17:30:00.000Z", "timeZone": "Europe/Berlin", "eventId": gala["id"], "seat": "12",
        "delivery": {"mode": "later", "until": "2027-06-11T17:30:00.000Z"},
    });
    for _ in 0..2 {
        let checked = check().await;
        assert_eq!((checked.status, checked.body), (200, expected.clone()));
    }
    app.settle().await;
    assert_eq!(app.published::<TicketCreated>().await, []);
    assert_eq!(app.get("/api/tickets?seller=me").by(&seller).send().await.body, json!([]));
    // What is listed is what was told.
    let listed = listed(&app, &seller, body.clone()).await;
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(&listed[field], value, "{field}");
    }
    let again = check().await;
    assert_eq!((again.status, again.codes()), (400, vec!["seat_listed"]));
    let of_another = app.post("/api/tickets/check").by(&app.user()).json(body.clone()).await;
    assert_eq!(of_another.status, 200, "somebody else may offer it, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_refuses_what_a_listing_refuses() {
    let app = start().await;
    let seller = app.user();
    let mut late = draft("Gala", json!(20));
    late["startsAt"] = json!("2020-01-01T00:00:00Z");
    let mut unheard = draft("Gala", json!(20));
    unheard["eventId"] = json!("5f1f77bcf86cd799439011aa");
    let bodies: [Value; 4] = [draft(" ", json!("twenty")), draft("Gala", json!(0.2)), late, unheard];
    for body in bodies {
        let checked = app.post("/api/tickets/check").by(&seller).json(body.clone()).await;
        let refused = app.post("/api/tickets").by(&seller).json(body.clone()).await;
        assert_eq!((checked.status, refused.status), (400, 400), "{body}");
        assert_eq!(checked.body, refused.body, "{body}");
    }
    let body = || draft("Gala", json!(20));
    assert_eq!(app.post("/api/tickets/check").json(body()).await.status, 401);
    let unconfirmed = app.post("/api/tickets/check").by(&app.unconfirmed_user()).json(body()).await;
    assert_eq!((unconfirmed.status, unconfirmed.codes()), (403, vec!["address_not_confirmed"]));
}
